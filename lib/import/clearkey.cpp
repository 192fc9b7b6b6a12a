// SPDX-License-Identifier: BSL-1.0
#include <reinstate/import/clearkey.hpp>

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"
#include "import/wiped_input.hpp"

#include <sodium.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace reinstate {
namespace {

using crypto::byte_span;

// The depth of the specification is 3; unknown members may be nested deeper.
constexpr std::size_t max_depth = 32;
constexpr std::size_t key_bytes = 16;
constexpr std::string_view license_id_domain = "reinstate clearkey license id 1";

// Content keys by key id.
using key_set = std::map<key_id, secret_bytes>;

void wipe(std::string& text) noexcept {
  sodium_memzero(text.data(), text.size());
}

// Returns the 16 bytes that a member encodes.
result<secret_bytes> decode_member(std::string_view text) {
  auto bytes = crypto::base64_decode(text, crypto::base64_alphabet::url);
  if (!bytes) return errc::import_malformed;
  secret_bytes out = secret_bytes::copy_of(*bytes);
  sodium_memzero(bytes->data(), bytes->size());
  if (out.size() != key_bytes) return errc::import_key_not_16_bytes;
  return out;
}

// Reads a JSON Web Key Set event by event. Builds nothing that a hostile text could make large, and the parser keeps
// one bit per level, so neither size nor depth takes memory before the limits end the parsing.
//
//     {                           depth 1, the set
//       "keys": [                 depth 2
//         { "kty": "oct", ... }   depth 3, one key
//       ]
//     }
class key_set_reader final : public nlohmann::json::json_sax_t {
 public:
  result<key_set> read(std::string_view text) {
    // nlohmann takes a zero byte for the end of its input, and would ignore the rest.
    if (text.find('\0') != text.npos) return errc::import_malformed;
    nlohmann::json::sax_parse(wiped_input{text.data()}, wiped_input{text.data() + text.size()}, this);
    if (error_) return error_;
    if (keys_.empty()) return errc::import_malformed;
    return std::move(keys_);
  }

  bool start_object(std::size_t) override { return enter(container::object); }
  bool start_array(std::size_t) override { return enter(container::array); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    if (!ignoring()) member_ = recognize(name);
    return true;
  }

  bool string(string_t& text) override {
    const bool is_accepted = take_string(text);
    wipe(text);  // the lexer's own buffer
    return is_accepted;
  }

  bool null() override { return take_other_value(); }
  bool boolean(bool) override { return take_other_value(); }
  bool number_integer(number_integer_t) override { return take_other_value(); }
  bool number_unsigned(number_unsigned_t) override { return take_other_value(); }
  bool number_float(number_float_t, const string_t&) override { return take_other_value(); }
  bool binary(binary_t&) override { return fail(errc::import_malformed); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return fail(errc::import_malformed);
  }

 private:
  using wiped_input = clearkey::wiped_input;
  enum class container { object, array };
  enum class member { unknown, keys, kty, k, kid };

  bool ignoring() const noexcept { return ignored_depth_ != 0; }

  bool fail(error_code ec) noexcept {
    if (!error_) error_ = ec;
    return false;
  }

  // Returns the member of this name at the current depth, or unknown.
  member recognize(std::string_view name) const noexcept {
    if (depth_ == 1) return name == "keys" ? member::keys : member::unknown;
    if (name == "kty") return member::kty;
    if (name == "k") return member::k;
    return name == "kid" ? member::kid : member::unknown;
  }

  bool enter(container type) {
    if (++depth_ > max_depth) {
      error_ = errc::import_nested_too_deep;  // more helpful than an earlier error
      return false;
    }
    if (ignoring() || is_expected(type)) return true;
    const bool is_member_value = depth_ == 2 || depth_ == 4;
    if (!is_member_value || member_ != member::unknown)
      malformed();  // parsing goes on, in case it is nested too deep as well
    ignored_depth_ = depth_;
    return true;
  }

  // Returns true if the container that has just begun is one of the three of the specification.
  bool is_expected(container type) noexcept {
    if (depth_ == 2) return member_ == member::keys && type == container::array && !std::exchange(seen_keys_, true);
    return depth_ != 4 && type == container::object;
  }

  bool leave() {
    const std::size_t left = depth_--;
    if (ignoring()) {
      if (left == ignored_depth_) ignored_depth_ = 0;
      return true;
    }
    return left == 3 ? finish_key() : true;
  }

  bool malformed() noexcept { return fail(errc::import_malformed); }

  bool take_string(std::string_view text) {
    if (ignoring()) return true;
    if (depth_ != 3) return take_other_value();
    switch (member_) {
      case member::kty: return text == "oct" && !std::exchange(is_octets_, true) ? true : malformed();
      case member::k: return take_bytes(text, key_);
      case member::kid: return take_bytes(text, kid_);
      default: return true;
    }
  }

  bool take_bytes(std::string_view text, secret_bytes& field) {
    if (!field.empty()) return malformed();  // the same member twice
    auto bytes = decode_member(text);
    if (!bytes) return fail(bytes.error());
    field = std::move(*bytes);
    return true;
  }

  // Accepts a value only if it is ignored.
  bool take_other_value() noexcept {
    if (ignoring()) return true;
    const bool is_in_object = depth_ == 1 || depth_ == 3;
    return is_in_object && member_ == member::unknown ? true : malformed();
  }

  bool finish_key() {
    if (!std::exchange(is_octets_, false) || key_.empty() || kid_.empty()) return malformed();
    key_id id;
    std::ranges::copy(std::exchange(kid_, {}).expose(), id.bytes.begin());
    const auto [entry, is_new] = keys_.try_emplace(id, std::move(key_));
    if (!is_new && !(entry->second == key_)) return malformed();  // ambiguous
    key_ = {};
    return true;
  }

  std::size_t depth_ = 0;
  std::size_t ignored_depth_ = 0;  // the depth at which the skipped member began; 0: none
  member member_ = member::unknown;
  bool seen_keys_ = false;

  bool is_octets_ = false;  // of the key being read
  secret_bytes key_;
  secret_bytes kid_;

  key_set keys_;
  error_code error_;
};

// Returns the same id for the same key under the same key id, whatever file they came from.
license_id make_license_id(const key_id& kid, const secret_bytes& key) noexcept {
  crypto::hasher hasher;
  hasher.update(crypto::bytes_of(license_id_domain));
  hasher.update(kid.bytes);
  hasher.update(key.expose());
  const crypto::digest digest = hasher.finish();
  license_id id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

constexpr std::string_view set_begin = R"({"keys":[)", set_end = R"(],"type":"temporary"})";
constexpr std::string_view before_key = R"({"kty":"oct","k":")", before_kid = R"(","kid":")", after_kid = R"("})";
constexpr std::size_t text_of_16_bytes = 22;  // in base64url
constexpr std::size_t key_text_bytes = before_key.size() + before_kid.size() + after_kid.size() + 2 * text_of_16_bytes;

// Returns the key set that a content decryption module takes. Computes the size first: a buffer that grows would leave
// copies of keys behind.
secret_bytes write_set(const key_set& keys) {
  secret_bytes out(set_begin.size() + keys.size() * (key_text_bytes + 1) - 1 + set_end.size());
  auto end = out.expose_writable().begin();
  const auto put = [&end](std::string_view text) { end = std::ranges::copy(crypto::bytes_of(text), end).out; };
  std::string_view separator = set_begin;
  for (const auto& [kid, key] : keys) {
    put(std::exchange(separator, ","));
    put(before_key);
    std::string k = crypto::base64_encode(key.expose(), crypto::base64_alphabet::url);
    put(k);
    wipe(k);
    put(before_kid);
    put(crypto::base64_encode(kid.bytes, crypto::base64_alphabet::url));
    put(after_kid);
  }
  put(set_end);
  return out;
}

secret_bytes make_payload(const key_id& kid, const secret_bytes& key) {
  key_set keys;
  keys.try_emplace(kid, key.clone());
  return write_set(keys);
}

license make_license(const key_id& kid, const secret_bytes& key, const clearkey_import_options& options) {
  license out;
  out.id = make_license_id(kid, key);
  out.key = kid;
  out.format = "clearkey";
  out.title = options.title;
  out.rights.backup = options.backup;
  out.payload = make_payload(kid, key);
  return out;
}

}  // namespace

result<std::vector<license>> import_clearkey(std::string_view json, const clearkey_import_options& options) {
  if (json.size() > options.max_bytes) return errc::import_too_large;
  auto keys = key_set_reader().read(json);
  if (!keys) return keys.error();
  std::vector<license> out;
  out.reserve(keys->size());
  for (const auto& [kid, key] : *keys) out.push_back(make_license(kid, key, options));
  return out;
}

result<secret_bytes> clearkey_content_key(const license& item) {
  if (item.format != "clearkey") return errc::invalid_argument;
  auto keys = key_set_reader().read(crypto::text_of(item.payload.expose()));
  if (!keys) return errc::license_damaged;
  const auto found = keys->find(item.key);
  if (found == keys->end()) return errc::license_damaged;
  return secret_bytes::locked_copy_of(found->second.expose());
}

result<secret_bytes> export_clearkey(std::span<const license> items) {
  if (items.empty()) return errc::invalid_argument;
  key_set keys;
  for (const license& item : items) {
    auto key = clearkey_content_key(item);
    if (!key) return key.error();
    const auto [entry, is_new] = keys.try_emplace(item.key, secret_bytes::copy_of(key->expose()));
    if (!is_new && !(entry->second == *key)) return errc::invalid_argument;
  }
  return write_set(keys);
}

}  // namespace reinstate
