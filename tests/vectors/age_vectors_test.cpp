// SPDX-License-Identifier: BSL-1.0
// The age test vectors of C2SP/CCTV: each file has one property or one defect, and is named for it.
#include "catch.hpp"
#include "format/age/age_identity.hpp"
#include "format/age/age_stream.hpp"

#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace reinstate;

namespace {

constexpr unsigned max_work_factor = 22;  // as the age tool has it

struct vector_file {
  std::multimap<std::string, std::string> fields;
  std::vector<std::byte> age;

  std::string field(const std::string& key) const {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
  }
};

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Lines "key: value", an empty line, and the age file.
vector_file parse_vector(const std::string& text) {
  vector_file out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    REQUIRE(colon != std::string::npos);
    out.fields.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  const auto bytes = std::as_bytes(std::span(text)).subspan(at);
  out.age.assign(bytes.begin(), bytes.end());
  return out;
}

std::set<std::string> all_names() {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(REINSTATE_AGE_VECTORS))
    out.insert(entry.path().filename().string());
  return out;
}

// Name and reason.
std::map<std::string, std::string> left_out() {
  std::map<std::string, std::string> out;
  std::ifstream in(REINSTATE_LEFT_OUT);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t colon = line.find(": ");
    REQUIRE(colon != std::string::npos);
    out.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  return out;
}

// Opens nothing: a file for which there is no key at all still has its header read.
class nobody final : public age::identity {
 public:
  age::result<secret_bytes> unwrap(const std::vector<age::stanza>&) const override { return age::failure::no_match; }
};

std::vector<std::unique_ptr<age::identity>> identities_of(const vector_file& file) {
  std::vector<std::unique_ptr<age::identity>> out;
  for (const auto& [key, value] : file.fields) {
    // hybrid_x25519_arg gives one of these beside the X25519 identity it is about.
    if (key == "identity" && !value.starts_with("AGE-SECRET-KEY-PQ-1")) {
      auto private_key = age::parse_identity(value);
      REQUIRE(private_key.has_value());
      out.push_back(std::make_unique<age::x25519_identity>(std::move(*private_key)));
    } else if (key == "passphrase") {
      out.push_back(std::make_unique<age::scrypt_identity>(secret_bytes::locked_copy_of(value), max_work_factor));
    }
  }
  out.push_back(std::make_unique<nobody>());
  return out;
}

age::result<age::opened_file> open(const vector_file& file) {
  for (const auto& who : identities_of(file)) {
    auto opened = age::open_file(file.age, *who);
    if (opened || opened.error() != age::failure::no_match) return opened;
  }
  return age::failure::no_match;
}

// The vectors count what ends before the first chunk among the headers.
std::string expectation(age::failure why) {
  switch (why) {
    case age::failure::no_match: return "no match";
    case age::failure::header_not_authentic: return "HMAC failure";
    case age::failure::header_malformed:
    case age::failure::work_factor_too_high:
    case age::failure::payload_truncated: return "header failure";
    default: return "no such expectation";
  }
}

struct outcome {
  std::string what;
  std::vector<std::byte> released;
};

outcome read_payload(const vector_file& file, const age::opened_file& opened) {
  outcome out{"success", {}};
  std::uint64_t index = 0;
  std::span<const std::byte> rest = std::span(file.age).subspan(opened.payload_at);
  do {
    const auto sealed = rest.first(std::min(rest.size(), age::sealed_chunk_size));
    rest = rest.subspan(sealed.size());
    std::vector<std::byte> plaintext(age::chunk_size);
    const auto chunk = age::open_chunk(opened.key, index++, sealed, rest.empty(), plaintext);
    out.released.insert(out.released.end(), plaintext.begin(),
                        plaintext.begin() + static_cast<std::ptrdiff_t>(chunk.plaintext_size));
    if (chunk.failed) {
      out.what = "payload failure";
      break;
    }
  } while (!rest.empty());
  return out;
}

outcome decrypt(const vector_file& file) {
  const auto opened = open(file);
  if (!opened) return {expectation(opened.error()), {}};
  return read_payload(file, *opened);
}

std::string sha256_hex(const std::vector<std::byte>& bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  char text[2 * sizeof digest + 1];
  return sodium_bin2hex(text, sizeof text, digest, sizeof digest);
}

}  // namespace

TEST_CASE("the age test vectors end as they must and give out what they must", "[vectors]") {
  static const auto names = all_names();
  static const auto excluded = left_out();
  for (const std::string& name : names) {
    if (excluded.contains(name)) continue;
    DYNAMIC_SECTION(name) {
      const vector_file file = parse_vector(read_text(std::filesystem::path(REINSTATE_AGE_VECTORS) / name));
      INFO(name << ": " << file.field("comment"));
      const outcome got = decrypt(file);
      CHECK(got.what == file.field("expect"));
      if (file.fields.contains("payload")) CHECK(sha256_hex(got.released) == file.field("payload"));
    }
  }
}

TEST_CASE("the age test vectors are understood by whoever runs them", "[vectors]") {
  const std::set<std::string> known{"comment", "expect", "file key", "identity", "passphrase", "payload"};
  const auto excluded = left_out();
  for (const std::string& name : all_names()) {
    if (excluded.contains(name)) continue;
    INFO(name);
    const vector_file file = parse_vector(read_text(std::filesystem::path(REINSTATE_AGE_VECTORS) / name));
    for (const auto& [key, value] : file.fields) CHECK(known.contains(key));
    const bool releases = file.field("expect") == "success" || file.field("expect") == "payload failure";
    CHECK((!releases || file.fields.contains("payload")));
  }
}

TEST_CASE("the age test vectors that are left out exist and are named", "[vectors]") {
  const auto names = all_names();
  const auto excluded = left_out();
  CHECK(names.size() > excluded.size());
  for (const auto& [name, reason] : excluded) {
    std::cout << "left out: " << name << " (" << reason << ")\n";
    INFO(name);
    CHECK(names.contains(name));
  }
  std::cout << names.size() - excluded.size() << " vectors are run, " << excluded.size() << " left out\n";
}
