// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/http_signature.hpp"
#include "catch.hpp"
#include "crypto/base64.hpp"
#include "crypto/ed25519.hpp"
#include "service/protocol/signature_base.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace {

using namespace reinstate;
using namespace reinstate::service;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr signed_request asked{"POST", "localhost:8443", "/v1/restores", R"({"id":"x"})"};
constexpr sys_seconds noon{seconds(1'800'000'000)};

std::unique_ptr<machine_identity> machine() {
  auto made = make_memory_machine_identity();
  made->individualize().value();
  return made;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

template <std::size_t N>
std::array<std::byte, N> decoded(std::string_view text, crypto::base64_alphabet alphabet) {
  std::array<std::byte, N> out{};
  std::ranges::copy(crypto::base64_decode(text, alphabet).value(), out.begin());
  return out;
}

}  // namespace

TEST_CASE("The base of a signature is that of RFC 9421 B.2.6", "[server]") {
  const std::array<covered_component, 6> covered{{{R"("date")", "Tue, 20 Apr 2021 02:07:55 GMT"},
                                                  {R"("@method")", "POST"},
                                                  {R"("@path")", "/foo"},
                                                  {R"("@authority")", "example.com"},
                                                  {R"("content-type")", "application/json"},
                                                  {R"("content-length")", "18"}}};
  const std::string base = signature_base(covered, R"(;created=1618884473;keyid="test-key-ed25519")");
  const auto key = decoded<32>("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs", crypto::base64_alphabet::url);
  const auto signature =
      decoded<64>("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw",
                  crypto::base64_alphabet::standard);
  CHECK(crypto::ed25519_verify(key, crypto::bytes_of(base), signature));
  CHECK_FALSE(crypto::ed25519_verify(key, crypto::bytes_of(base + "\n"), signature));
}

TEST_CASE("A signed request tells the machine and the time and a nonce of its own", "[server]") {
  const auto self = machine();
  const auto first = sign_request(*self, asked, noon).value(), second = sign_request(*self, asked, noon).value();
  CHECK(first.signature_input.starts_with(
      R"(machine=("@method" "@authority" "@path" "content-digest");created=1800000000;nonce=")"));
  CHECK(first.signature_input.ends_with(R"(";alg="ed25519";tag="reinstate")"));
  CHECK(first.content_digest == "sha-256=:XiuSzFfOYY37tUhEoxd15Llcb7VS7mv1oGgTPBLSrZA=:");
  const auto checked = check_request(asked, first).value();
  CHECK(checked.machine == self->public_identity().value().signing);
  CHECK(checked.created == noon);
  CHECK(checked.nonce.size() == 22);
  CHECK(checked.nonce != check_request(asked, second).value().nonce);
}

TEST_CASE("A machine without keys signs nothing", "[server]") {
  const auto bare = make_memory_machine_identity();
  CHECK(sign_request(*bare, asked, noon).error() == errc::needs_individualization);
}

TEST_CASE("A request that was changed after signing is not authentic", "[server]") {
  const auto fields = sign_request(*machine(), asked, noon).value();
  signed_request other = asked;
  SECTION("method") {
    other.method = "PUT";
  }
  SECTION("authority") {
    other.authority = "localhost:8444";
  }
  SECTION("path") {
    other.path = "/v1/reports";
  }
  SECTION("body") {
    other.body = R"({"id":"y"})";
  }
  SECTION("end of the body") {
    other.body.remove_suffix(1);
  }
  CHECK(check_request(other, fields).error() == errc::request_not_authentic);
}

TEST_CASE("What is signed has no space and no line end in it", "[server]") {
  const auto self = machine();
  for (const char* const path : {"", "/a b", "/a\n\"@method\": GET", "/\x7f", "/\xc3\xa9"}) {
    signed_request request = asked;
    request.path = path;
    CHECK(sign_request(*self, request, noon).error() == errc::invalid_argument);
  }
}

TEST_CASE("Signature fields have one form and no other", "[server]") {
  const auto self = machine();
  const auto good = sign_request(*self, asked, noon).value();
  auto fields = good;
  const auto input = [&](std::string_view from, std::string_view to) {
    fields.signature_input = replaced(good.signature_input, from, to);
  };
  SECTION("absent digest") {
    fields.content_digest.clear();
  }
  SECTION("digest of another kind") {
    fields.content_digest = replaced(good.content_digest, "256", "512");
  }
  SECTION("a second digest") {
    fields.content_digest += ", sha-512=:AAAA:";
  }
  SECTION("absent input") {
    fields.signature_input.clear();
  }
  SECTION("another label") {
    input("machine=", "sig1=");
  }
  SECTION("a component less") {
    input(" \"@path\"", "");
  }
  SECTION("components in another order") {
    input(R"("@method" "@authority")", R"("@authority" "@method")");
  }
  SECTION("a space more") {
    input("\" \"@path", "\"  \"@path");
  }
  SECTION("another time") {
    input("1800000000", "1800000001");
  }
  SECTION("a time with a zero before it") {
    input("=18000", "=018000");
  }
  SECTION("a time with a sign") {
    input("=18000", "=+18000");
  }
  SECTION("a time that is none") {
    input("1800000000", "now");
  }
  SECTION("a time out of range") {
    input("1800000000", "9223372036854775808");
  }
  SECTION("no time") {
    input("created=1800000000;", "");
  }
  SECTION("a short nonce") {
    input("nonce=\"", "nonce=\"A");
  }
  SECTION("an empty nonce") {
    const auto from = good.signature_input.find("nonce=") + 7;
    fields.signature_input.erase(from, 22);
  }
  SECTION("another algorithm") {
    input("ed25519", "hmac-sha256");
  }
  SECTION("another tag") {
    input("reinstate", "other");
  }
  SECTION("a parameter more") {
    fields.signature_input += ";expires=1900000000";
  }
  SECTION("a second signature") {
    fields.signature_input += ", b=()";
  }
  SECTION("cut off") {
    fields.signature_input.pop_back();
  }
  SECTION("the key of another") {
    const auto other = sign_request(*machine(), asked, noon).value();
    const auto key_of = [](const std::string& text) { return text.substr(text.find("keyid=\"") + 7, 43); };
    input(key_of(good.signature_input), key_of(other.signature_input));
  }
  SECTION("absent signature") {
    fields.signature.clear();
  }
  SECTION("signature without padding") {
    fields.signature = replaced(good.signature, "==:", ":");
  }
  SECTION("signature of another message") {
    fields.signature = sign_request(*self, asked, noon).value().signature;
  }
  SECTION("signature with something after it") {
    fields.signature += ";a=1";
  }
  SECTION("signature under another label") {
    fields.signature = replaced(good.signature, "machine=", "service=");
  }
  CHECK(check_request(asked, fields).error() == errc::request_not_authentic);
}

TEST_CASE("An answer is tied to its request and to its service", "[server]") {
  const auto keys = service_keys::generate();
  const auto request = sign_request(*machine(), asked, noon).value().signature;
  const auto key = keys.public_key().signing;
  const auto good = sign_answer(keys, 200, "{}", request, noon);
  CHECK(good.signature_input.starts_with(
      R"(service=("@status" "content-digest" "signature";req;key="machine");created=1800000000;keyid=")"));
  CHECK(check_answer(key, 200, "{}", request, good));

  auto fields = good;
  auto status = 200u;
  std::string body = "{}", to = request;
  auto from = key;
  SECTION("another status") {
    status = 201;
  }
  SECTION("another body") {
    body = "[]";
  }
  SECTION("another request") {
    to = sign_request(*machine(), asked, noon).value().signature;
  }
  SECTION("no request") {
    to.clear();
  }
  SECTION("another service") {
    from = service_keys::generate().public_key().signing;
  }
  SECTION("a service that names the right key and has another") {
    const auto other = service_keys::generate();
    const auto key_of = [](const std::string& text) { return text.substr(text.find("keyid=\"") + 7, 43); };
    fields = sign_answer(other, 200, "{}", request, noon);
    fields.signature_input =
        replaced(fields.signature_input, key_of(fields.signature_input), key_of(good.signature_input));
  }
  SECTION("no signature") {
    fields.signature.clear();
  }
  SECTION("no input") {
    fields.signature_input.clear();
  }
  SECTION("no digest") {
    fields.content_digest.clear();
  }
  SECTION("another time") {
    fields.signature_input = replaced(good.signature_input, "1800000000", "1800000001");
  }
  SECTION("the fields of the request") {
    fields = sign_request(*machine(), asked, noon).value();
  }
  CHECK(check_answer(from, status, body, to, fields).error() == errc::service_not_authentic);
}
