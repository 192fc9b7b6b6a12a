#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Plays page.html in Chromium, and prints the SHA-256 of a screenshot of every frame: browser.py PROFILE

Reads the page's address from standard input, since every user can see command lines. Chromium does not let a page copy
the frames of a video that has a content decryption module into a canvas, hence the screenshots. Exits with 1, and the
reason, if the clip does not play.
"""

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys

VIDEO = {"x": 0, "y": 0, "width": 320, "height": 180, "scale": 1}
OPTIONS = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",  # not available to root
    "--disable-gpu",
    "--disable-dev-shm-usage",  # in containers, shared memory may be small
    "--no-first-run",
    "--force-color-profile=srgb",
]


class Browser:
    """Chromium, controlled through a pair of pipes that no other program can open."""

    def __init__(self, profile):
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()

        def take_pipes():  # Chromium reads from 3 and writes to 4
            low = [os.dup(commands), os.dup(answers)]
            os.dup2(low[0], 3)
            os.dup2(low[1], 4)

        self.process = subprocess.Popen(
            ["chromium", *OPTIONS, f"--user-data-dir={profile}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=take_pipes,
            start_new_session=True,
        )
        os.close(commands)
        os.close(answers)
        self.rest = b""
        self.number = 0
        self.session = None
        self.events = []  # received while waiting for an answer

    def receive(self):
        while b"\0" not in self.rest:
            some = os.read(self.answers, 1 << 16)
            if not some:
                raise RuntimeError("the browser has ended")
            self.rest += some
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **arguments):
        self.number += 1
        command = {"id": self.number, "method": method, "params": arguments}
        if self.session:
            command["sessionId"] = self.session
        os.write(self.commands, json.dumps(command).encode() + b"\0")
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def open(self, address):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)
        loader = self.call("Page.navigate", url=address)["loaderId"]
        while not self.has_loaded(loader):
            self.events.append(self.receive())

    def has_loaded(self, loader):
        about = [event["params"] for event in self.events if event.get("method") == "Page.lifecycleEvent"]
        return any(what["name"] == "load" and what["loaderId"] == loader for what in about)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"]["exception"]["description"].splitlines()[0])
        return result["result"].get("value")

    def picture(self):
        shot = self.call("Page.captureScreenshot", format="png", clip=VIDEO)
        return hashlib.sha256(base64.b64decode(shot["data"])).hexdigest()

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def play(browser):
    blank = browser.picture()
    try:
        frames = browser.evaluate("load()")
    except RuntimeError as error:
        is_blank = "yes" if browser.picture() == blank else "no"
        return f"{error}; frames decoded: {browser.evaluate('framesDecoded()')}; blank: {is_blank}"
    before = blank
    for frame in range(frames):
        browser.evaluate(f"show({frame})")
        # A screenshot may be taken just before the frame is shown; no two frames of the clip are alike.
        while (now := browser.picture()) == before:
            pass
        print(now)
        before = now
    return None


def main():
    address = sys.stdin.readline().strip()
    browser = Browser(sys.argv[1])
    try:
        browser.open(address)
        failure = play(browser)
    finally:
        browser.close()
    if failure:
        sys.exit(failure)


if __name__ == "__main__":
    main()
