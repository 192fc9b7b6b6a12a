# SPDX-License-Identifier: BSL-1.0
"""release.py URL NAME CERTIFICATE: releases a machine on the page of a service, as a user does with a browser."""
import html.parser
import ssl
import sys
import urllib.parse
import urllib.request


class Forms(html.parser.HTMLParser):
    """Collects the forms of a page: the action and hidden fields of each, and the text before and in it."""

    def __init__(self):
        super().__init__()
        self.all = []
        self.text = ""
        self.is_open = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.all.append({"action": attrs["action"], "fields": {}, "text": self.text})
            self.text = ""
            self.is_open = True
        elif tag == "input" and self.is_open:
            self.all[-1]["fields"][attrs["name"]] = attrs["value"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_open = False

    def handle_data(self, data):
        self.text += data


def forms_in(page):
    parser = Forms()
    parser.feed(page)
    return parser.all


def main(url, name, certificate):
    trusted = ssl.create_default_context(cafile=certificate)

    def load(target, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with urllib.request.urlopen(urllib.parse.urljoin(url, target), data, context=trusted) as answer:
            return answer.read().decode()

    row = next(form for form in forms_in(load(url)) if name in form["text"])
    confirmation = forms_in(load(row["action"], row["fields"]))[0]
    done = load(confirmation["action"], confirmation["fields"])
    if "The machine was released." not in done:
        sys.exit("The page does not say that the machine was released.")


main(*sys.argv[1:])
