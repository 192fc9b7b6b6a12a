// SPDX-License-Identifier: BSL-1.0
// Every way in which a Keygen file can be no license, each refused by its own name.
#include "keygen_files.hpp"

#include <string>
#include <string_view>

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::tests::keygen_files;

TEST_CASE("What is no time makes a file malformed", "[keygen]") {
  const std::string text = GENERATE(
      as<std::string>(), "", "soon", "2025", "2025-01-02", "2025-01-02T03:04:05", "2025-01-02 03:04:05Z",
      "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-01-00T00:00:00Z",
      "2025-01-02T24:00:00Z", "2025-01-02T03:60:05Z", "2025-01-02T03:04:61Z", "2025-1-2T03:04:05Z",
      "2025-01-02T03:04:05.Z", "2025-01-02T03:04:05z", "2025-01-02T03:04:05Z ", "2025-01-02T03:04:05+24:00",
      "2025-01-02T03:04:05+00:60", "2025-01-02T03:04:05+0000", "+025-01-02T03:04:05Z", "2025-01-02T03:04:05Zjunk");
  CAPTURE(text);
  CHECK(error_of(license_file(with(license_document(), "2025-01-02T03:04:05.678Z", text))) == errc::import_malformed);
}

TEST_CASE("What is not framed as a license or machine file is malformed", "[keygen]") {
  const std::string file = license_file(license_document());
  // Blanks behind the certificate, so many that one character of padding follows them.
  const std::string enc = base64(bytes_of(license_document()));
  std::string blanks = certificate(enc, signature("license/", enc), plain) + " ";
  while (blanks.size() % 3 != 2) blanks += ' ';
  const std::string padded = framed("LICENSE", blanks);
  CHECK(error_of(padded) == error_code());
  struct row {
    const char* defect;
    std::string file;
  };
  const auto [defect, text] = GENERATE_REF(values<row>({
      {"nothing at all", ""},
      {"white space", " \n"},
      {"JSON", license_document()},
      {"only the beginning", "-----BEGIN LICENSE FILE-----\n"},
      {"only the end", "-----END LICENSE FILE-----\n"},
      {"beginning and end in one", "-----BEGIN LICENSE FILE-----END LICENSE FILE-----"},
      {"an empty frame", "-----BEGIN LICENSE FILE-----\n-----END LICENSE FILE-----\n"},
      {"another kind", with(with(file, "BEGIN LICENSE", "BEGIN LICENCE"), "END LICENSE", "END LICENCE")},
      {"two kinds", with(file, "END LICENSE", "END MACHINE")},
      {"something before it", "x" + file},
      {"something after it", file + "x"},
      {"two files", file + file},
      {"a space inside", with(file, "\n", "\n ")},
      {"a zero byte inside", with(file, "\n", std::string_view("\n\0", 2))},
      {"the other alphabet", with(file, "-----\n", "-----\n____")},
      {"padding too early", with(file, "-----\n", "-----\nAA==")},
      {"a character too many", with(file, "-----\n", "-----\nA")},
      {"too much padding", with(padded, "=\n", "=====\n")},
      {"no padding", with(padded, "=\n", "\n")},
      {"trailing bits", with(padded, "A=\n", "B=\n")},
  }));
  CAPTURE(defect);
  CHECK(error_of(text) == errc::import_malformed);
}

TEST_CASE("What is not a signed certificate is malformed", "[keygen]") {
  const std::string enc = base64(bytes_of(license_document()));
  const std::string good = certificate(enc, signature("license/", enc), plain);
  struct row {
    const char* defect;
    std::string certificate;
  };
  const auto [defect, text] = GENERATE_REF(values<row>({
      {"not JSON", "license"},
      {"a list", "[" + good + "]"},
      {"a text", R"("enc")"},
      {"an empty object", "{}"},
      {"no enc", with(good, "\"enc\"", "\"x\"")},
      {"no sig", with(good, "\"sig\"", "\"x\"")},
      {"no alg", with(good, "\"alg\"", "\"x\"")},
      {"an empty enc", certificate("", signature("license/", ""), plain)},
      {"a sig that is null", with(good, '"' + signature("license/", enc) + '"', "null")},
      {"an alg that is a list", with(good, "\"base64+ed25519\"", "[]")},
      {"enc twice", with(good, "{", R"({"enc":"AAAA",)")},
      {"sig twice", with(good, "{", R"({"sig":"AAAA",)")},
      {"alg twice", with(good, "{", R"({"alg":"base64+ed25519",)")},
      {"a sig that is not Base64", certificate(enc, "signature", plain)},
      {"a sig without padding", with(good, "==\"", "\"")},
      {"a sig that is too short", certificate(enc, base64(repeated(1, 63)), plain)},
      {"a sig that is too long", certificate(enc, base64(repeated(1, 65)), plain)},
      {"something after the end", good + "{}"},
      {"a zero byte and something after it", good + std::string(1, '\0') + "{"},
      {"text that is not UTF-8", with(good, "{", "{\"x\":\"\xff\",")},
  }));
  CAPTURE(defect);
  CHECK(error_of(framed("LICENSE", text)) == errc::import_malformed);
  CHECK(error_of(framed("LICENSE", with(good, "{", R"({"x":{"enc":["a",{}]},)"))) == error_code());
}

TEST_CASE("Every beginning of a license file is malformed", "[keygen]") {
  const std::string file = license_file(R"({"data":{"id":"1","type":"licenses"}})");
  CHECK(error_of(file) == error_code());
  for (std::size_t size = 0; size != file.size() - 1; ++size) {
    CAPTURE(size);
    CHECK(error_of(std::string_view(file).substr(0, size)) == errc::import_malformed);
  }
}

TEST_CASE("Ways to sign and encrypt that are not known are named", "[keygen]") {
  const std::string alg =
      GENERATE(as<std::string>(), "base64+rsa-pss-sha256", "aes-256-gcm+rsa-sha256", "base64+ecdsa-secp256r1",
               "aes-128-gcm+ed25519", "ed25519", "none", "BASE64+ED25519", "base64+ed25519 ", "base64+ed25519\\u0000");
  CAPTURE(alg);
  CHECK(error_of(signed_license(base64(bytes_of(license_document())), alg)) == errc::import_algorithm_unknown);
}

TEST_CASE("Nothing that is signed can be changed", "[keygen]") {
  const std::string enc = base64(bytes_of(license_document()));
  const std::string good = signature("license/", enc);

  SECTION("the data") {
    const std::string other = base64(bytes_of(with(license_document(), "\"maxUses\": 10", "\"maxUses\": 99")));
    CHECK(error_of(framed("LICENSE", certificate(other, good, plain))) == errc::import_signature_invalid);
  }
  SECTION("any bit of the signature") {
    const auto signed_by = crypto::ed25519_sign(seed(1), bytes_of("license/" + enc));
    for (std::size_t bit = 0; bit != 512; ++bit) {
      auto changed = signed_by;
      changed[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      CAPTURE(bit);
      REQUIRE(error_of(framed("LICENSE", certificate(enc, base64(changed), plain))) == errc::import_signature_invalid);
    }
  }
  SECTION("the kind of file") {
    CHECK(error_of(framed("MACHINE", certificate(enc, good, plain))) == errc::import_signature_invalid);
    CHECK(error_of(framed("LICENSE", certificate(enc, signature("machine/", enc), plain))) ==
          errc::import_signature_invalid);
    CHECK(error_of(framed("LICENSE", certificate(enc, signature("", enc), plain))) == errc::import_signature_invalid);
  }
  SECTION("the account") {
    CHECK(error_of(license_file(license_document()), options(2)) == errc::import_signature_invalid);
  }
}

TEST_CASE("A signature is checked before anything is decrypted", "[keygen]") {
  const std::string enc = sealed(license_document(), std::string(license_key));
  const std::string forged = framed("LICENSE", certificate(enc, signature("license/", enc, 2), encrypted));
  CHECK(error_of(forged) == errc::import_signature_invalid);
  CHECK(error_of(forged, options_with(license_key)) == errc::import_signature_invalid);
}

TEST_CASE("Without the account's public key nothing is imported", "[keygen]") {
  CHECK(error_of(license_file(license_document()), {}) == errc::invalid_argument);
}

TEST_CASE("A wrong or missing key opens no encrypted file", "[keygen]") {
  if (is_aes_missing()) return;
  CHECK(error_of(encrypted_license()) == errc::import_key_wrong);
  CHECK(error_of(encrypted_license(), options_with("0F3A-77B1-92CE-KEZ")) == errc::import_key_wrong);
  CHECK(error_of(encrypted_license(), options_with("0F3A-77B1-92CE-KEY\n")) == errc::import_key_wrong);
  CHECK(error_of(encrypted_machine(), options_with(license_key)) == errc::import_key_wrong);
  CHECK(error_of(encrypted_machine(), options_with(license_key, "5e:ed:00:00:00:02")) == errc::import_key_wrong);
  CHECK(error_of(encrypted_machine(), options_with("another", fingerprint)) == errc::import_key_wrong);
}

TEST_CASE("A processor without AES says that it does not know the algorithm", "[keygen]") {
  crypto::sodium_ready();
  const bool is_available = crypto_aead_aes256gcm_is_available() == 1;
  const error_code expected = is_available ? error_code() : error_code(errc::import_algorithm_unknown);
  CHECK(error_of(encrypted_license(), options_with(license_key)) == expected);
}

TEST_CASE("Encrypted data that is not three parts is malformed", "[keygen]") {
  const std::string nonce = base64(counting(1, 12)), tag = base64(counting(1, 16));
  struct row {
    const char* defect;
    std::string enc;
  };
  const auto [defect, enc] = GENERATE_REF(values<row>({
      {"not encrypted", base64(bytes_of(license_document()))},
      {"no tag", "AAAA." + nonce},
      {"four parts", "AAAA." + nonce + '.' + tag + ".AAAA"},
      {"only dots", ".."},
      {"a ciphertext that is not Base64", "A*AA." + nonce + '.' + tag},
      {"a nonce that is too short", "AAAA." + base64(counting(1, 11)) + '.' + tag},
      {"a nonce that is too long", "AAAA." + base64(counting(1, 13)) + '.' + tag},
      {"a tag that is too short", "AAAA." + nonce + '.' + base64(counting(1, 12))},
      {"a tag that is not Base64", "AAAA." + nonce + ".tag"},
  }));
  CAPTURE(defect);
  CHECK(error_of(signed_license(enc, encrypted), options_with(license_key)) == errc::import_malformed);
}

TEST_CASE("Encoded data that is encrypted is malformed", "[keygen]") {
  const std::string enc = sealed(license_document(), std::string(license_key));
  CHECK(error_of(signed_license(enc, plain), options_with(license_key)) == errc::import_malformed);
}

TEST_CASE("A signed document that is no license is malformed", "[keygen]") {
  const std::string good = license_document();
  struct row {
    const char* defect;
    std::string document;
  };
  const auto [defect, text] = GENERATE_REF(values<row>({
      {"nothing at all", ""},
      {"not JSON", "license"},
      {"a list", "[" + good + "]"},
      {"null", "null"},
      {"an empty object", "{}"},
      {"data that is null", R"({"data":null})"},
      {"data that is a list", R"({"data":[{"id":"1","type":"licenses"}]})"},
      {"data that is a text", R"({"data":"licenses"})"},
      {"data twice", R"({"data":{"id":"1","type":"licenses"},"data":{"id":"2","type":"licenses"}})"},
      {"no id", with(good, "\"id\": \"9c1b5d4e", "\"x\": \"9c1b5d4e")},
      {"an empty id", with(good, "9c1b5d4e-0000-4000-8000-000000000001", "")},
      {"an id that is a number", with(good, "\"9c1b5d4e-0000-4000-8000-000000000001\"", "1")},
      {"an id that is an object", with(good, "\"9c1b5d4e-0000-4000-8000-000000000001\"", "{}")},
      {"an id twice", with(good, "\"type\": \"licenses\"", R"("id": "2", "type": "licenses")")},
      {"no type", with(good, "\"type\": \"licenses\"", "\"x\": \"licenses\"")},
      {"a user", with(good, "\"type\": \"licenses\"", "\"type\": \"users\"")},
      {"a machine", machine_document()},
      {"attributes that are a list", R"({"data":{"id":"1","type":"licenses","attributes":[]}})"},
      {"attributes that are a text", R"({"data":{"id":"1","type":"licenses","attributes":"x"}})"},
      {"attributes twice", R"({"data":{"id":"1","type":"licenses","attributes":{},"attributes":{}}})"},
      {"relationships that are a list", R"({"data":{"id":"1","type":"licenses","relationships":[]}})"},
      {"a key that is an object", with(good, "\"0F3A-77B1-92CE-KEY\"", "{}")},
      {"a name that is a number", with(good, "\"Film editor\"", "1")},
      {"a name twice", with(good, "\"suspended\"", R"("name": "x", "suspended")")},
      {"uses that are negative", with(good, "\"uses\": 3", "\"uses\": -3")},
      {"uses that are a fraction", with(good, "\"uses\": 3", "\"uses\": 3.0")},
      {"uses that are a text", with(good, "\"uses\": 3", "\"uses\": \"3\"")},
      {"uses twice", with(good, "\"uses\": 3", "\"uses\": 3, \"uses\": 3")},
      {"maxUses out of range", with(good, "\"maxUses\": 10", "\"maxUses\": 18446744073709551616")},
      {"maxUses that are a list", with(good, "\"maxUses\": 10", "\"maxUses\": []")},
      {"an expiry that is a number", with(good, "\"2031-01-01T00:00:00.000Z\"", "1924992000")},
      {"an expiry twice", with(good, "\"suspended\"", R"("expiry": "2030-01-01T00:00:00Z", "suspended")")},
      {"included that is an object", with(good, "\"meta\"", R"("included": {}, "meta")")},
      {"an included text", with(good, "\"meta\"", R"("included": ["licenses"], "meta")")},
      {"an included list", with(good, "\"meta\"", R"("included": [[]], "meta")")},
      {"meta that is a list", with(good, std::string("\"meta\":").append(times), "\"meta\":[]")},
      {"issued that is an object", with(good, "\"2025-01-02T03:04:05.678Z\"", "{}")},
      {"cut short", good.substr(0, good.size() - 1)},
      {"something after the end", good + "{}"},
      {"a zero byte and something after it", good + std::string(1, '\0') + "{"},
      {"text that is not UTF-8", with(good, "Film", "\xff")},
      {"a number out of range", with(good, "2.50", "1e999")},
  }));
  CAPTURE(defect);
  CHECK(error_of(license_file(text)) == errc::import_malformed);
}

TEST_CASE("A signed document that is no machine is malformed", "[keygen]") {
  const std::string text = GENERATE(license_document(), with(machine_document(), "\"license\": {", "\"x\": {"),
                                    with(machine_document(), "\"id\": \"machine-1\"", "\"id\": null"));
  CHECK(error_of(machine_file(text)) == errc::import_malformed);
}

TEST_CASE("Nesting beyond 32 levels in a license file is refused before it costs anything", "[keygen]") {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[').append(levels, ']'); };
  const auto in_certificate = [&](std::size_t levels) {
    const std::string enc = base64(bytes_of(license_document()));
    return framed("LICENSE", with(certificate(enc, signature("license/", enc), plain), "{",
                                  std::string(R"({"x":)").append(nested(levels - 1)).append(",")));
  };
  const auto in_document = [&](std::size_t levels) {
    return license_file(with(license_document(), "\"metadata\"",
                             std::string("\"x\": ").append(nested(levels - 3)).append(", \"metadata\"")));
  };
  check_license(imported(in_certificate(32)));
  CHECK(error_of(in_certificate(33)) == errc::import_nested_too_deep);
  CHECK(error_of(in_certificate(100'000)) == errc::import_nested_too_deep);
  check_license(imported(in_document(32)));
  CHECK(error_of(in_document(33)) == errc::import_nested_too_deep);
  CHECK(error_of(in_document(100'000)) == errc::import_nested_too_deep);
}

TEST_CASE("A license file larger than permitted is refused unread", "[keygen]") {
  const std::string file = license_file(license_document());
  keygen_import_options how = options();
  how.max_bytes = file.size();
  CHECK(error_of(file, how) == error_code());
  how.max_bytes -= 1;
  CHECK(error_of(file, how) == errc::import_too_large);
  CHECK(error_of(std::string(2 * 1024 * 1024, ' ')) == errc::import_too_large);
}
