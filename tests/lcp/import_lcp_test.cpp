// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "lcp/text_base64.hpp"
#include "provider.hpp"

#include <reinstate/import/lcp.hpp>

#include <algorithm>

using reinstate::backup_right;
using reinstate::errc;
using reinstate::import_lcp;
using reinstate::lcp_import_options;
using reinstate::license;
using reinstate::lcp::base64_decode;
using reinstate::lcp_test::base64_encode;
using reinstate::lcp_test::make_ec_key;
using reinstate::lcp_test::make_rsa_key;
using reinstate::lcp_test::provider;
using namespace std::chrono_literals;

namespace {

// A document as a person would write it, without its signature, and its canonical form, which no code of ours made.
constexpr std::string_view members = R"({
  "provider": "https://books.example",
  "id": "license-1",
  "issued": "2024-05-06T07:08:09.123456789+02:00",
  "updated": "2025-01-02T03:04:05Z",
  "encryption": {
    "profile": "http://readium.org/lcp/basic-profile",
    "content_key": {
      "encrypted_value": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      "algorithm": "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    },
    "user_key": {
      "text_hint": "Your caf\u00e9's \"name\"",
      "algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
      "key_check": "Hx4dHBsaGRgXFhUUExIREA=="
    }
  },
  "links": [
    { "rel": ["hint", "about"], "href": "https:\/\/books.example\/hint" },
    { "type": "application/epub+zip", "title": "A book", "rel": "publication", "href": "https://books.example/1.epub",
      "length": 264929, "hash": "8b752f93" }
  ],
  "rights": { "start": "2024-05-06T00:00:00Z", "print": 10, "end": "2026-05-06T00:00:00Z",
    "https://books.example/x": 1.50 },
  "user": { "id": "reader", "encrypted": [] }
})";
constexpr std::string_view canonical_rights =
    R"({"end":"2026-05-06T00:00:00Z","https://books.example/x":1.5E0,"print":10,"start":"2024-05-06T00:00:00Z"})";
const std::string canonical =
    R"({"encryption":{"content_key":{"algorithm":"http://www.w3.org/2001/04/xmlenc#aes256-cbc",)"
    R"("encrypted_value":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},)"
    R"("profile":"http://readium.org/lcp/basic-profile",)"
    R"("user_key":{"algorithm":"http://www.w3.org/2001/04/xmlenc#sha256","key_check":"Hx4dHBsaGRgXFhUUExIREA==",)"
    "\"text_hint\":\"Your caf\xc3\xa9's \\\"name\\\"\"}},"
    R"("id":"license-1","issued":"2024-05-06T07:08:09.123456789+02:00","links":[{"href":"https://books.example/hint",)"
    R"("rel":["hint","about"]},{"hash":"8b752f93","href":"https://books.example/1.epub","length":264929,)"
    R"("rel":"publication","title":"A book","type":"application/epub+zip"}],)"
    R"("provider":"https://books.example","rights":)" +
    std::string(canonical_rights) + R"(,"updated":"2025-01-02T03:04:05Z","user":{"encrypted":[],"id":"reader"}})";

const provider& authority() {
  static const provider made("License authority", make_ec_key(), {});
  return made;
}

const provider& bookshop() {
  static const provider made("Bookshop", make_rsa_key(), {}, authority());
  return made;
}

// The text with the first `from` replaced, which must be there.
std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  REQUIRE(at != out.npos);
  return out.replace(at, from.size(), to);
}

std::string attach(std::string_view text, std::string_view signature) {
  return std::string(text.substr(0, text.rfind('}'))).append(R"(,"signature":)").append(signature).append("}");
}

const std::string& document() {
  static const std::string made = attach(members, bookshop().signature_of(canonical));
  return made;
}

license imported(std::string_view text, const lcp_import_options& options = {}) {
  auto item = import_lcp(text, options);
  CAPTURE(text);
  REQUIRE(item.has_value());
  return std::move(*item);
}

// What importing a text fails with.
reinstate::error_code error_of(std::string_view text, const lcp_import_options& options = {}) {
  const auto item = import_lcp(text, options);
  REQUIRE(item.has_error());
  return item.error();
}

lcp_import_options trusting(std::vector<std::string> roots, std::optional<std::chrono::sys_seconds> at = {}) {
  lcp_import_options out;
  out.trusted_roots = std::move(roots);
  out.valid_at = at;
  return out;
}

std::string payload_of(const license& item) {
  const auto bytes = item.payload.expose();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::chrono::sys_seconds day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)};
}

}  // namespace

TEST_CASE("A document signed over its canonical form becomes a license", "[lcp]") {
  const license item = imported(document());
  CHECK(item.format == "lcp");
  CHECK(item.issuer == "https://books.example");
  CHECK(item.title == "A book");
  CHECK(item.revision == 1735787045);  // 2025-01-02T03:04:05Z
  CHECK(item.rights.not_before == day(2024, 5, 6));
  CHECK(item.rights.not_after == day(2026, 5, 6));
  CHECK(item.rights.document == canonical_rights);
  CHECK_FALSE(item.state.uses_left.has_value());
  CHECK_FALSE(item.state.first_use.has_value());
  CHECK(payload_of(item) == document());
}

TEST_CASE("The backup right of a document is denied unless the caller grants it", "[lcp]") {
  CHECK(imported(document()).rights.backup == backup_right::denied);
  lcp_import_options options;
  options.backup = backup_right::granted;
  CHECK(imported(document(), options).rights.backup == backup_right::granted);
}

TEST_CASE("The title is the caller's, else the publication's, else the license id", "[lcp]") {
  lcp_import_options options;
  options.title = "My book";
  CHECK(imported(document(), options).title == "My book");
  CHECK(imported(bookshop().sign(with(members, R"("title": "A book",)", ""))).title == "license-1");
}

TEST_CASE("An updated document is the same license in a newer revision", "[lcp]") {
  const license old = imported(document());
  const license updated = imported(bookshop().sign(with(members, "2025-01-02T03:04:05Z", "2025-01-02T03:04:06Z")));
  CHECK(updated.id == old.id);
  CHECK(updated.key == old.key);
  CHECK(updated.revision == old.revision + 1);

  const license never = imported(bookshop().sign(with(members, R"("updated": "2025-01-02T03:04:05Z",)", "")));
  CHECK(never.id == old.id);
  CHECK(never.revision == 1714972089);  // 2024-05-06T07:08:09+02:00, when it was issued
}

TEST_CASE("Ids are of one provider's one license", "[lcp]") {
  const license item = imported(document());
  const license another_id = imported(bookshop().sign(with(members, "license-1", "license-2")));
  const license another_provider = imported(bookshop().sign(with(members, "//books.example\"", "//loans.example\"")));
  // The same characters, divided otherwise.
  const std::string moved = with(with(members, "//books.example\"", "//books.examplel\""), "license-1", "icense-1");
  CHECK(imported(bookshop().sign(moved)).id != item.id);
  CHECK(another_id.id != item.id);
  CHECK(another_id.key != item.key);
  CHECK(another_provider.id != item.id);
  CHECK(another_provider.key != item.key);
  CHECK(item.id.bytes != item.key.bytes);
}

TEST_CASE("Ids stay what they are from version to version", "[lcp]") {
  const license item = imported(document());
  // Computed with Python's hashlib.
  CHECK(to_string(item.id) == "d3adf5348be78d2c48264f97996ce3b7");
  CHECK(to_string(item.key) == "8d02cc48048e24576cb82d34ccbb3734");
}

TEST_CASE("A document without rights has no limits", "[lcp]") {
  const std::size_t from = members.find(R"("rights")"), to = members.find(R"("user": {)");
  const license item = imported(bookshop().sign(with(members, members.substr(from, to - from), "")));
  CHECK_FALSE(item.rights.not_before.has_value());
  CHECK_FALSE(item.rights.not_after.has_value());
  CHECK(item.rights.document.empty());
}

TEST_CASE("Members of a document that nobody knows are ignored, but signed", "[lcp]") {
  const std::string extended = with(members, R"("user":)", R"("new": {"deep": [[{"x": null}]]}, "user":)");
  CHECK(imported(bookshop().sign(extended)).id == imported(document()).id);
  CHECK(error_of(attach(extended, bookshop().signature_of(canonical))) == errc::import_signature_invalid);
}

TEST_CASE("What section 3 does not permit is malformed", "[lcp]") {
  struct row {
    const char* defect;
    std::string from;
    std::string to;
  };
  const auto [defect, from, to] = GENERATE(values<row>({
      {"no provider", R"("provider":)", R"("prowider":)"},
      {"an empty provider", R"("https://books.example")", R"("")"},
      {"a provider that is a number", R"("https://books.example")", "5"},
      {"no id", R"("id": "license-1",)", ""},
      {"an empty id", "license-1", ""},
      {"an id that is null", R"("license-1")", "null"},
      {"a provider twice", R"("id":)", R"("provider": "https://books.example", "id":)"},
      {"not issued", R"("issued")", R"("issved")"},
      {"issued on no date", "2024-05-06T07", "2024-15-06T07"},
      {"issued at a number", R"("2024-05-06T07:08:09.123456789+02:00")", "1714972089"},
      {"updated on no date", "2025-01-02T03:04:05Z", "lately"},
      {"updated at null", R"("2025-01-02T03:04:05Z")", "null"},
      {"updated before 1970", "2025-01-02T03:04:05Z", "1969-12-31T23:59:59Z"},
      {"no encryption", R"("encryption":)", R"("x":)"},
      {"encryption that is a list", R"("encryption": {)", R"("encryption": [], "x": {)"},
      {"no profile", R"("profile")", R"("prophile")"},
      {"no content key", R"("content_key")", R"("content")"},
      {"a content key that is a string", R"("content_key": {)", R"("content_key": "x", "y": {)"},
      {"no encrypted value", R"("encrypted_value")", R"("value")"},
      {"an empty encrypted value", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""},
      {"an encrypted value not in base 64", "AAECAw", "AA-_Aw"},
      {"an encrypted value without padding", "Hh8=", "Hh8"},
      {"an encrypted value with white space", "AAECAw", "AAE Aw"},
      {"no algorithm of the content key", R"("algorithm": "http://www.w3.org/2001/04/xmlenc#aes256-cbc")", R"("x": 1)"},
      {"no user key", R"("user_key")", R"("user")"},
      {"no hint", R"("text_hint")", R"("hint")"},
      {"a hint that is an object", R"("text_hint": )", R"("text_hint": {}, "x": )"},
      {"no algorithm of the user key", R"("algorithm": "http://www.w3.org/2001/04/xmlenc#sha256")", R"("x": 1)"},
      {"no key check", R"("key_check")", R"("check")"},
      {"a key check not in base 64", "Hx4dHBsaGRgXFhUUExIREA==", "?"},
      {"no links", R"("links")", R"("lynx")"},
      {"links that are an object", R"("links": [)", R"("links": {}, "x": [)"},
      {"a link that is a string", R"("links": [)", R"("links": ["hint",)"},
      {"a link to nowhere", R"("links": [)", R"("links": [{"rel": "self"},)"},
      {"a link without a relation", R"("links": [)", R"("links": [{"href": "https://books.example"},)"},
      {"no link to a hint", R"("hint", )", ""},
      {"no link to the publication", R"("publication")", R"("public")"},
      {"a relation that is a number", R"("rel": "publication")", R"("rel": 1)"},
      {"rights that are a list", R"("rights": {)", R"("rights": [], "x": {)"},
      {"rights that start on no date", "2024-05-06T00", "2024-05-32T00"},
      {"rights that end at a number", R"("2026-05-06T00:00:00Z")", "2026"},
      {"no signature", R"("signature")", R"("signed")"},
      {"a signature that is a string", R"("signature":{)", R"("signature":"x","y":{)"},
      {"no algorithm of the signature", R"(,"signature":{"algorithm")", R"(,"signature":{"x")"},
      {"no certificate", R"("certificate")", R"("x")"},
      {"a certificate not in base 64", R"("certificate":")", R"("certificate":"-)"},
      {"an empty certificate", R"("certificate":")", R"("certificate":"","x":")"},
      {"no value", R"("value":)", R"("x":)"},
      {"a value that is a number", R"("value":)", R"("value":1,"x":)"},
      {"two signatures", R"("signature":{)", R"("signature":{},"signature":{)"},
      {"a list", "{\n", "[\n"},
  }));
  CAPTURE(defect);
  CHECK(error_of(with(document(), from, to)) == errc::import_malformed);
}

TEST_CASE("Every beginning of a document is malformed, and so is more than one", "[lcp]") {
  CHECK(error_of(document() + "{}") == errc::import_malformed);
  for (std::size_t size = 0; size < document().size(); size += 7) {
    CAPTURE(size);
    CHECK(error_of(document().substr(0, size)) == errc::import_malformed);
  }
}

TEST_CASE("A document that is nested too deep is refused", "[lcp]") {
  const auto nested = [](std::size_t levels) {
    const std::string inside = std::string(levels, '[') + std::string(levels, ']');
    return with(members, R"("user":)", R"("x": )" + inside + R"(, "user":)");
  };
  CHECK(import_lcp(bookshop().sign(nested(31)), {}).has_value());
  CHECK(error_of(attach(nested(32), bookshop().signature_of(canonical))) == errc::import_nested_too_deep);
}

TEST_CASE("A document larger than permitted is refused unread", "[lcp]") {
  lcp_import_options options;
  options.max_bytes = document().size();
  CHECK(import_lcp(document(), options).has_value());
  options.max_bytes -= 1;
  CHECK(error_of(document(), options) == errc::import_too_large);
  CHECK(error_of(std::string(1024 * 1024, ' ')) == errc::import_too_large);
}

TEST_CASE("A document that was changed after it was signed is refused", "[lcp]") {
  struct row {
    std::string from;
    std::string to;
  };
  const auto [from, to] = GENERATE(values<row>({
      {"\"print\": 10", "\"print\": 11"},
      {"2026-05-06", "2036-05-06"},
      {"license-1", "license-2"},
      {"A book", "A Book"},
      {"\"encrypted\": []", "\"encrypted\": [\"id\"]"},
      {"[\"hint\", \"about\"]", "[\"about\", \"hint\"]"},
      {"Your caf", "Your  caf"},
      {"264929", "264929.5"},
  }));
  CAPTURE(from);
  CHECK(error_of(with(document(), from, to)) == errc::import_signature_invalid);
}

TEST_CASE("White space, order and escapes are not what is signed", "[lcp]") {
  CHECK(imported(attach(canonical, bookshop().signature_of(canonical))).id == imported(document()).id);
  CHECK(imported(with(document(), "A book", "\\u0041 book")).id == imported(document()).id);
  CHECK(imported(with(document(), "1.50", "15e-1")).id == imported(document()).id);
}

TEST_CASE("A signature of something else is refused", "[lcp]") {
  const std::string other =
      GENERATE(as<std::string>(), bookshop().value_of(members), "AAAA", "AAAA" + bookshop().value_of(canonical),
               base64_encode(std::string(256, '\xff')), provider("Forger", make_rsa_key(), {}).value_of(canonical));
  const std::string signature = bookshop().signature_object("rsa-sha256", other);
  CHECK(error_of(attach(members, signature)) == errc::import_signature_invalid);
}

TEST_CASE("ECDSA with SHA-256 signs as well as RSA does", "[lcp]") {
  static const provider signer("Library", make_ec_key(), {}, authority());
  const std::string good = attach(members, signer.signature_of(canonical));
  CHECK(imported(good, trusting({authority().pem()})).id == imported(document()).id);
  CHECK(error_of(with(good, "A book", "A Book")) == errc::import_signature_invalid);

  const std::string value =
      GENERATE(as<std::string>(), "AAAA", base64_encode(std::string(64, '\0')), base64_encode(std::string(65, '\1')),
               base64_encode(std::string(64, '\xff')), base64_encode(*base64_decode(signer.value_of(canonical)) + "x"));
  CHECK(error_of(attach(members, signer.signature_object("ecdsa-sha256", value))) == errc::import_signature_invalid);
}

TEST_CASE("An algorithm of signature that nobody knows is refused by name", "[lcp]") {
  const std::string name = GENERATE(as<std::string>(), "rsa-sha1", "rsa-sha512", "RSA-SHA256", "rsa-sha256 ", "");
  const std::string signature = bookshop().signature_object(name, bookshop().value_of(canonical));
  CHECK(error_of(attach(members, signature)) == errc::import_algorithm_unknown);
}

TEST_CASE("A certificate that is none, or of another kind of key, is refused", "[lcp]") {
  const std::string good = base64_encode(bookshop().der());
  const std::string longer = base64_encode(bookshop().der() + "x");
  const std::string shorter = base64_encode(bookshop().der().substr(1));
  const std::string in_pem = base64_encode(bookshop().pem());
  for (const std::string& bad : {longer, shorter, in_pem, base64_encode("certificate")})
    CHECK(error_of(with(document(), good, bad)) == errc::import_certificate_invalid);
  CHECK(error_of(with(document(), "#rsa-", "#ecdsa-")) == errc::import_certificate_invalid);
}

TEST_CASE("A certificate from a trusted root is accepted", "[lcp]") {
  const provider stranger("Stranger", make_ec_key(), {});
  CHECK(import_lcp(document(), trusting({authority().pem()})).has_value());
  CHECK(import_lcp(document(), trusting({authority().der()})).has_value());
  CHECK(import_lcp(document(), trusting({stranger.pem(), authority().der()})).has_value());
  CHECK(import_lcp(document(), trusting({stranger.pem() + "\n" + authority().pem()})).has_value());
  CHECK(import_lcp(document(), trusting({bookshop().pem()})).has_value());  // a provider may be trusted by itself
}

TEST_CASE("A certificate from nobody who is trusted is refused", "[lcp]") {
  const provider of_the_same_name("License authority", make_ec_key(), {});
  CHECK(error_of(document(), trusting({of_the_same_name.pem()})) == errc::import_certificate_invalid);

  const provider self_made("Bookshop", make_rsa_key(), {});
  const std::string forged = attach(members, self_made.signature_of(canonical));
  CHECK(import_lcp(forged, {}).has_value());  // the caller named no root
  CHECK(error_of(forged, trusting({authority().pem()})) == errc::import_certificate_invalid);

  // Whom an authority made a provider is no authority.
  const provider made_by_provider("Reseller", make_ec_key(), {}, bookshop());
  const std::string resold = attach(members, made_by_provider.signature_of(canonical));
  CHECK(error_of(resold, trusting({authority().pem()})) == errc::import_certificate_invalid);
}

TEST_CASE("A certificate is valid from its first instant to its last", "[lcp]") {
  const provider::validity year = {std::chrono::year{2024} / 1 / 1, std::chrono::year{2025} / 1 / 1};
  const provider signer("Bookshop", make_ec_key(), year, authority());
  const std::string text = attach(members, signer.signature_of(canonical));
  const auto at = [&](std::chrono::sys_seconds when) { return trusting({authority().pem()}, when); };
  CHECK(error_of(text, at(day(2024, 1, 1) - 1s)) == errc::import_certificate_invalid);
  CHECK(import_lcp(text, at(day(2024, 1, 1))).has_value());
  CHECK(import_lcp(text, at(day(2025, 1, 1) - 1s)).has_value());
  CHECK(error_of(text, at(day(2025, 1, 1) + 1s)) == errc::import_certificate_invalid);
  CHECK(import_lcp(text, {}).has_value());  // without roots no certificate is judged
}

TEST_CASE("The instant of the last change is the one that counts unless another is given", "[lcp]") {
  const lcp_import_options options = trusting({authority().pem()});
  const auto signed_in = [](int year) {
    const provider::validity when = {std::chrono::year{year} / 1 / 1, std::chrono::year{year + 1} / 1 / 1};
    return attach(members, provider("Bookshop", make_ec_key(), when, authority()).signature_of(canonical));
  };
  CHECK(import_lcp(signed_in(2025), options).has_value());
  CHECK(error_of(signed_in(2024), options) == errc::import_certificate_invalid);
  CHECK(error_of(signed_in(2026), options) == errc::import_certificate_invalid);
}

TEST_CASE("A key too short to be safe is not trusted", "[lcp]") {
  const provider weak("Bookshop", make_rsa_key(512), {}, authority());
  const std::string text = attach(members, weak.signature_of(canonical));
  CHECK(error_of(text, trusting({authority().pem()})) == errc::import_certificate_invalid);
}

TEST_CASE("A trusted root that is no certificate is the caller's mistake", "[lcp]") {
  const std::string pem = authority().pem();
  const std::string root =
      GENERATE_COPY(as<std::string>(), "", "certificate", authority().der() + "x", authority().der().substr(1),
                    pem.substr(0, pem.size() / 2), pem + pem.substr(0, pem.size() / 2), with(pem, "\nMII", "\nMIJ"));
  CAPTURE(root);
  CHECK(error_of(document(), trusting({authority().pem(), root})) == errc::invalid_argument);
}

TEST_CASE("Errors of OpenSSL that somebody else has not read yet stay where they are", "[lcp]") {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  CHECK(error_of(document(), trusting({"certificate"})) == errc::invalid_argument);
  CHECK(import_lcp(document(), trusting({authority().pem()})).has_value());
  CHECK(ERR_GET_REASON(ERR_get_error()) == 42);
  CHECK(ERR_get_error() == 0);
}
