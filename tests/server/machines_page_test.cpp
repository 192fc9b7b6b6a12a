// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "server_fixture.hpp"
#include "service/server/form.hpp"
#include "service/server/page.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using service::percent_encoded;
using service::text_of;

machine_id machine(int number) {
  machine_id out{};
  out[31] = static_cast<std::byte>(number);
  return out;
}

// A server that knows an owner with two machines, one of which has a name to be careful with.
class page_fixture {
 public:
  page_fixture() {
    owner[0] = std::byte{7};
    claim(machine(1), "<script>alert(1)</script> \"Б & 測試\"");
    claim(machine(2), "");
    ticket = server.desk->make_ticket(owner);
  }

  void claim(const machine_id& by, const std::string& name) {
    slot_claim one;
    one.license.bytes[0] = std::byte{1};
    one.machine = by;
    one.machine_name = name;
    one.origin = machine(1);
    one.owner = owner;
    REQUIRE(server.book->claim({&one, 1}, server.now()).has_value());
  }

  std::string link() const { return "/machines?ticket=" + percent_encoded(ticket); }
  std::string form(const machine_id& about) const {
    return "ticket=" + percent_encoded(ticket) + "&machine=" + text_of(about);
  }
  std::string show() { return client().ask(get(link())).body(); }
  raw_client client() const { return raw_client(server); }

  // The value of a hidden field of a form.
  static std::string hidden(const std::string& page, const std::string& name) {
    const std::string before = "name=\"" + name + "\" value=\"";
    const std::size_t at = page.find(before) + before.size();
    return page.substr(at, page.find('"', at) - at);
  }

  live_server server;
  x25519_public_key owner{};
  std::string ticket;
};

bool has(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("the page shows the machines of a ticket and their names are text", "[server]") {
  page_fixture all;
  const std::string page = all.show();
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt; &quot;Б &amp; 測試&quot;"));
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "Unnamed machine"));
  CHECK(has(page, "may be on 4 machines"));
  CHECK(has(page, "They are on 2 machines now"));
  CHECK(has(page, text_of(machine(1)).substr(0, 8)));
  CHECK(has(page, "A &lt;b&gt;studio&lt;/b&gt;"));
  CHECK(has(page, "<time datetime=\"2027-01-15T08:00Z\">15 January 2027</time>"));
}

TEST_CASE("the page permits browsers nothing but its own style and its own forms", "[server]") {
  page_fixture all;
  const auto answer = all.client().ask(get(all.link()));
  const std::string policy(answer["Content-Security-Policy"]);
  for (const char* part :
       {"default-src 'none'", "style-src 'sha256-", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"})
    CHECK(has(policy, part));
  CHECK_FALSE(has(policy, "unsafe"));
  CHECK(answer["Cache-Control"] == "no-store");
  CHECK(answer["Referrer-Policy"] == "no-referrer");
  CHECK(answer["X-Content-Type-Options"] == "nosniff");
  CHECK(answer["Cross-Origin-Opener-Policy"] == "same-origin");
  CHECK(answer["Cross-Origin-Resource-Policy"] == "same-origin");
  CHECK(answer["Strict-Transport-Security"].empty());  // of plain HTTP
  for (const char* foreign : {"src=", "href=\"http", "@import", "url(", " style=", "onclick"})
    CHECK_FALSE(has(answer.body(), foreign));
}

TEST_CASE("a machine is released after a question and the page tells so", "[server]") {
  page_fixture all;
  auto client = all.client();
  const std::string question = client.ask(post_form(all.form(machine(2)))).body();
  CHECK(has(question, "Release Unnamed machine?"));
  CHECK(has(question, "7 days"));
  CHECK(has(all.show(), "They are on 2 machines now"));

  const std::string order = page_fixture::hidden(question, "order");
  const auto done = client.ask(post_form(all.form(machine(2)) + "&confirmed=yes&order=" + order));
  CHECK(done.result_int() == 303);
  CHECK(done["Location"] == all.link() + "&done=released");
  const std::string after = client.ask(get(std::string(done["Location"]))).body();
  CHECK(has(after, "The machine was released."));
  CHECK(has(after, "They are on 1 machine now"));

  // The same form once more, from an impatient finger.
  CHECK(client.ask(post_form(all.form(machine(2)) + "&confirmed=yes&order=" + order))["Location"] ==
        all.link() + "&done=released");
}

TEST_CASE("the page says from when on the next machine can be released", "[server]") {
  page_fixture all;
  auto client = all.client();
  const std::string order = page_fixture::hidden(client.ask(post_form(all.form(machine(2)))).body(), "order");
  const std::string first = page_fixture::hidden(client.ask(post_form(all.form(machine(1)))).body(), "order");
  client.ask(post_form(all.form(machine(2)) + "&confirmed=yes&order=" + order));

  const std::string page = all.show();
  CHECK(has(page, "Can be released from <time datetime=\"2027-01-22T08:00Z\">22 January 2027, 08:00 UTC</time>"));
  CHECK_FALSE(has(page, "<button"));
  CHECK(has(client.ask(post_form(all.form(machine(1)))).body(), "Nothing was released: another machine was released"));
  CHECK(client.ask(post_form(all.form(machine(1)) + "&confirmed=yes&order=" + first))["Location"] ==
        all.link() + "&done=too-soon");
  CHECK(has(all.show(), "They are on 1 machine now"));
}

TEST_CASE("a machine that is not there is not released", "[server]") {
  page_fixture all;
  auto client = all.client();
  CHECK(has(client.ask(post_form(all.form(machine(9)))).body(), "none of your licenses is on that machine"));
  CHECK(client.ask(post_form(all.form(machine(9)) + "&confirmed=yes&order=" + std::string(22, 'A')))["Location"] ==
        all.link() + "&done=not-found");
}

TEST_CASE("without a ticket that counts nothing is shown and nothing released", "[server]") {
  page_fixture all;
  auto client = all.client();
  CHECK(client.ask(get("/machines")).result_int() == 403);
  const std::string forged = all.ticket.substr(0, all.ticket.size() - 2) + "AA";
  const auto refused = client.ask(get("/machines?ticket=" + forged));
  CHECK(refused.result_int() == 403);
  CHECK(has(refused.body(), "Start the restore again"));
  CHECK_FALSE(has(refused.body(), "Unnamed"));
  CHECK(client.ask(post_form("ticket=" + forged + "&machine=" + text_of(machine(2)))).result_int() == 403);
  CHECK(client.ask(post_form("machine=" + text_of(machine(2)))).result_int() == 403);

  all.server.pass(std::chrono::minutes(16));
  CHECK(client.ask(get(all.link())).result_int() == 403);
  CHECK(has(client.ask(post_form(all.form(machine(2)) + "&confirmed=yes&order=" + std::string(22, 'A'))).body(),
            "This link has expired"));
  all.ticket = all.server.desk->make_ticket(all.owner);
  CHECK(has(all.show(), "They are on 2 machines now"));
}

TEST_CASE("a form that is none releases nothing", "[server]") {
  page_fixture all;
  auto client = all.client();
  const std::string form = all.form(machine(2));
  for (const std::string& body :
       {form + "&machine=" + text_of(machine(1)), form + "&confirmed=yes", form + "&confirmed=yes&order=AAAA",
        form.substr(0, form.size() - 1), form + "&x=%FF"}) {
    CAPTURE(body);
    CHECK(client.ask(post_form(body)).result_int() == 400);
  }
  std::string json = post_form(form);
  json.replace(json.find("application/x-www-form-urlencoded"), 33, "application/json");
  CHECK(client.ask(json).result_int() == 400);
  CHECK(client.ask(get("/machines?ticket=%")).result_int() == 400);
  CHECK(has(all.show(), "They are on 2 machines now"));
}

TEST_CASE("the type of a problem is the path of a page that says what to do", "[server]") {
  const live_server to;
  const auto nothing = raw_client(to).ask(get("/nothing"));
  const std::string type = nlohmann::json::parse(nothing.body()).at("type");
  const auto help = raw_client(to).ask(get(type));
  CHECK(help.result_int() == 200);
  CHECK(help["Content-Type"] == "text/html; charset=utf-8");
  CHECK(help.body().find("<h2>What to do</h2>") != std::string::npos);
  CHECK(raw_client(to).ask(get("/problems/%3Cb%3E")).result_int() == 404);
}

TEST_CASE("HEAD gives the fields of GET and no body", "[server]") {
  page_fixture all;
  auto client = all.client();
  const auto whole = client.ask(get(all.link()));
  client.send("HEAD " + all.link() + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.receive(true);
  CHECK(head.result_int() == 200);
  CHECK(head.body().empty());
  CHECK(head["Content-Length"] == whole["Content-Length"]);
  CHECK(client.ask(get("/")).result_int() == 200);
}

TEST_CASE("the first page says what this is", "[server]") {
  page_fixture all;
  const auto answer = all.client().ask(get("/"));
  CHECK(answer["Content-Type"] == "text/html; charset=utf-8");
  CHECK(has(answer.body(), "License Management Service"));
}
