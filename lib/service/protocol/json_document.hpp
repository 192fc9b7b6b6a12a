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

// JSON that came over a network, and JSON that goes there.

namespace reinstate::service {

using nlohmann::json;

// Larger ones lose digits in the readers of other languages.
inline constexpr std::uint64_t max_number = (std::uint64_t{1} << 53) - 1;

// An object, nested at most 8 deep, with no name twice in one object. Nothing otherwise.
std::optional<json> parse_object(std::string_view text);

// Reads members of an object. What is missing or is not as it was asked for makes the whole document bad, and reading
// goes on with something empty: ask `bad` once, at the end.
//
// Lifetime: that of the document.
class json_reader {
 public:
  json_reader(const json& object, bool& bad) noexcept : object_(object), bad_(bad) {}

  bool has(const char* name) const { return object_.contains(name); }
  void fail() const noexcept { bad_ = true; }

  std::string text(const char* name, std::size_t max_size) const;
  std::uint64_t number(const char* name) const;
  std::chrono::sys_seconds instant(const char* name) const;

  // Base64url. `size` bytes, or at least one and at most `max_size`.
  std::vector<std::byte> bytes(const char* name, std::size_t size) const;
  std::vector<std::byte> bytes_up_to(const char* name, std::size_t max_size) const;
  template <class Array>
  Array array(const char* name) const {
    Array out{};
    const auto found = bytes(name, out.size());
    if (!bad_) std::copy(found.begin(), found.end(), out.begin());
    return out;
  }

  // Calls `take` with a reader of each object of a list.
  template <class Take>
  void each(const char* name, std::size_t max_count, Take take) const {
    for (const json& item : list(name, max_count)) {
      if (!item.is_object()) bad_ = true;
      if (bad_) return;
      take(json_reader(item, bad_));
    }
  }

  // A list of binary values, each of at least one and at most `max_size` bytes.
  std::vector<std::vector<std::byte>> byte_lists(const char* name, std::size_t max_count, std::size_t max_size) const;

 private:
  const json& at(const char* name) const;
  const json& list(const char* name, std::size_t max_count) const;
  std::vector<std::byte> decode(const json& value, std::size_t max_size) const;

  const json& object_;
  bool& bad_;
};

std::string as_json(std::span<const std::byte> bytes);
std::uint64_t as_json(std::uint64_t number) noexcept;              // at most what may be sent
std::uint64_t as_json(std::chrono::sys_seconds instant) noexcept;  // none before 1970
json as_json(const std::vector<std::vector<std::byte>>& byte_lists);
std::string dump(const json& document);

}  // namespace reinstate::service

#endif
