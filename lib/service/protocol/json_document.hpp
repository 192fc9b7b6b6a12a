// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_JSON_DOCUMENT_HPP
#define REINSTATE_SERVICE_PROTOCOL_JSON_DOCUMENT_HPP

#include <nlohmann/json.hpp>

#include <algorithm>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// JSON that is received from a network or sent to it.

namespace reinstate::service {

using nlohmann::json;

// Larger numbers lose digits in the readers of other languages.
inline constexpr std::uint64_t max_number = (std::uint64_t{1} << 53) - 1;

// Parses an object, nested at most 8 deep, with no name twice in one object. Returns nullopt for any other text.
std::optional<json> parse_object(std::string_view text);

// Reads members of an object. A member that is missing or not of the requested form sets `bad`, which belongs to the
// whole document, and reads as an empty value: the caller checks `bad` once, at the end.
//
// Lifetime: must not outlive the document and `bad`.
class json_reader {
 public:
  json_reader(const json& object, bool& bad) noexcept : object_(object), bad_(bad) {}

  bool has(const char* name) const { return object_.contains(name); }
  void fail() const noexcept { bad_ = true; }

  std::string text(const char* name, std::size_t max_size) const;
  std::uint64_t number(const char* name) const;
  std::chrono::sys_seconds instant(const char* name) const;

  // Decode base64url, of exactly `size` bytes, or of at least one and at most `max_size`.
  std::vector<std::byte> bytes(const char* name, std::size_t size) const;
  std::vector<std::byte> bytes_up_to(const char* name, std::size_t max_size) const;
  template <class Array>
  Array array(const char* name) const {
    Array out{};
    const auto decoded = bytes(name, out.size());
    if (!bad_) std::copy(decoded.begin(), decoded.end(), out.begin());
    return out;
  }

  // Calls `visit` with a reader for each object of a list, until one makes the document bad.
  template <class Visit>
  void each(const char* name, std::size_t max_count, Visit visit) const {
    for (const json& item : list(name, max_count)) {
      if (!item.is_object()) bad_ = true;
      if (bad_) return;
      visit(json_reader(item, bad_));
    }
  }

  // Decodes a list of binary values, each of at least one and at most `max_size` bytes.
  std::vector<std::vector<std::byte>> byte_lists(const char* name, std::size_t max_count, std::size_t max_size) const;

 private:
  const json& member(const char* name) const;
  const json& list(const char* name, std::size_t max_count) const;
  std::vector<std::byte> decode(const json& value, std::size_t max_size) const;

  const json& object_;
  bool& bad_;
};

std::string as_json(std::span<const std::byte> bytes);
std::uint64_t as_json(std::uint64_t number) noexcept;              // at most max_number
std::uint64_t as_json(std::chrono::sys_seconds instant) noexcept;  // at least 0
json as_json(const std::vector<std::vector<std::byte>>& byte_lists);
std::string dump(const json& document);

}  // namespace reinstate::service

#endif
