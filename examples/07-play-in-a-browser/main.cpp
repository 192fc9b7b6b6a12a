// SPDX-License-Identifier: BSL-1.0
// Serves a page that plays an encrypted clip, and answers the license requests of the browser's ClearKey system from
// the licenses of this machine:
//
//     07-play-in-a-browser HOME CLIP PAGE
//
// HOME is the folder of the machine's licenses, CLIP a fragmented MP4, PAGE page.html. Prints the address to open in a
// browser on this machine, and runs until Ctrl-C.
#include "../support/loopback_server.hpp"
#include "../support/machine.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

using namespace reinstate;
using support::answer;

namespace {

constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t digits_of_16_bytes = 22;

// Writes 16 bytes as base64url to `at`, and returns the end of the text.
char* write_base64url(std::span<const std::byte> bytes, char* at) {
  unsigned bits = 0, count = 0;
  const auto put = [&](unsigned value) { *at++ = base64url_digits[value & 63]; };
  for (const std::byte b : bytes) {
    bits = bits << 8 | std::to_integer<unsigned>(b);
    for (count += 8; count >= 6; count -= 6) put(bits >> (count - 6));
  }
  put(bits << (6 - count));
  return at;
}

std::optional<key_id> key_id_from(std::string_view text) {
  if (text.size() != digits_of_16_bytes) return std::nullopt;
  key_id id;
  auto at = id.bytes.begin();
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const auto value = base64url_digits.find(c);
    if (value == base64url_digits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    if ((count += 6) < 8) continue;
    *at++ = static_cast<std::byte>(bits >> (count -= 8) & 255);
  }
  return id;
}

// [license]
// The license of one key: a JSON Web Key Set. [Encrypted Media Extensions, 9.1.4]
secret_bytes license_text(const key_id& id, const secret_bytes& key) {
  constexpr std::string_view before_kid = R"({"keys":[{"kty":"oct","kid":")", before_k = R"(","k":")", end = R"("}]})";
  secret_bytes text(before_kid.size() + before_k.size() + end.size() + 2 * digits_of_16_bytes);
  char* at = reinterpret_cast<char*>(text.expose_writable().data());
  at = write_base64url(id.bytes, std::ranges::copy(before_kid, at).out);
  at = write_base64url(key.expose(), std::ranges::copy(before_k, at).out);
  std::ranges::copy(end, at);
  return text;
}

// Answers {"kids":["LwVHf8JLtPrv2GUXFW2v_A"],"type":"temporary"}. [Encrypted Media Extensions, 9.1.3]
answer give_license(license_store& store, std::string_view request) {
  const auto json = nlohmann::json::parse(request, nullptr, false);
  if (!json.is_object() || !json.contains("kids") || json["kids"].size() != 1 || !json["kids"][0].is_string())
    return {support::http::status::bad_request, "text/plain", {}};
  const auto id = key_id_from(json["kids"][0].get_ref<const std::string&>());
  if (!id) return {support::http::status::bad_request, "text/plain", {}};
  const auto key = content_key(store, *id);
  if (key) return support::found("application/json", license_text(*id, *key));
  std::cerr << key.error().message() << std::endl;
  return support::refused();
}
// [/license]

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: 07-play-in-a-browser HOME CLIP PAGE\n";
    return 2;
  }
  try {
    const auto store = support::open_machine(argv[1]);
    support::loopback_server server([&](const support::loopback_server::request& request) -> answer {
      using support::http::verb;
      if (request.method == verb::get && request.path.empty()) return support::file(argv[3], "text/html");
      if (request.method == verb::get && request.path == "clip.mp4") return support::file(argv[2], "video/mp4");
      if (request.method == verb::post && request.path == "license") return give_license(*store, request.body);
      return {};
    });
    std::cout << server.address() << std::endl;
    server.run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
