// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/json_document.hpp"

#include "crypto/base64.hpp"

#include <algorithm>

namespace reinstate::service {
namespace {

constexpr std::size_t max_depth = 8;

// Builds a document and stops at the first violation. nlohmann's own builder accepts any depth, and keeps the last of
// several members of one name.
class builder : public nlohmann::json_sax<json> {
 public:
  json document;

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return enter(json::object()); }
  bool start_array(std::size_t) override { return enter(json::array()); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

  bool key(string_t& name) override {
    name_ = std::move(name);
    return !open_.back()->contains(name_);
  }

 private:
  // Stores the value in the innermost open container and returns its address, which stays valid while the value is
  // open: nothing is added beside it until it is complete.
  json* insert(json value) {
    if (open_.empty()) return &(document = std::move(value));
    json& container = *open_.back();
    if (container.is_object()) return &(container[name_] = std::move(value));
    container.push_back(std::move(value));
    return &container.back();
  }

  bool put(json value) {
    insert(std::move(value));
    return true;
  }

  bool enter(json container) {
    if (open_.size() == max_depth) return false;
    open_.push_back(insert(std::move(container)));
    return true;
  }

  bool leave() {
    open_.pop_back();
    return true;
  }

  std::vector<json*> open_;
  std::string name_;
};

}  // namespace

std::optional<json> parse_object(std::string_view text) {
  if (text.find('\0') != text.npos) return std::nullopt;  // nlohmann takes a NUL for the end
  builder handler;
  if (!json::sax_parse(text, &handler) || !handler.document.is_object()) return std::nullopt;
  return std::move(handler.document);
}

const json& json_reader::member(const char* name) const {
  static const json null;
  const auto found = object_.find(name);
  if (found != object_.end()) return *found;
  bad_ = true;
  return null;
}

const json& json_reader::list(const char* name, std::size_t max_count) const {
  static const json empty = json::array();
  const json& value = member(name);
  if (value.is_array() && value.size() <= max_count) return value;
  bad_ = true;
  return empty;
}

std::string json_reader::text(const char* name, std::size_t max_size) const {
  const json& value = member(name);
  if (value.is_string() && value.get_ref<const std::string&>().size() <= max_size) return value.get<std::string>();
  bad_ = true;
  return {};
}

std::uint64_t json_reader::number(const char* name) const {
  const json& value = member(name);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= max_number) return value.get<std::uint64_t>();
  bad_ = true;
  return 0;
}

std::chrono::sys_seconds json_reader::instant(const char* name) const {
  return std::chrono::sys_seconds(std::chrono::seconds(static_cast<std::int64_t>(number(name))));
}

std::vector<std::byte> json_reader::decode(const json& value, std::size_t max_size) const {
  if (value.is_string()) {
    auto bytes = crypto::base64_decode(value.get_ref<const std::string&>(), crypto::base64_alphabet::url);
    if (bytes && !bytes->empty() && bytes->size() <= max_size) return std::move(*bytes);
  }
  bad_ = true;
  return {};
}

std::vector<std::byte> json_reader::bytes_up_to(const char* name, std::size_t max_size) const {
  return decode(member(name), max_size);
}

std::vector<std::byte> json_reader::bytes(const char* name, std::size_t size) const {
  auto decoded = decode(member(name), size);
  if (decoded.size() != size) bad_ = true;
  return decoded;
}

std::vector<std::vector<std::byte>> json_reader::byte_lists(const char* name, std::size_t max_count,
                                                            std::size_t max_size) const {
  std::vector<std::vector<std::byte>> out;
  for (const json& item : list(name, max_count)) {
    out.push_back(decode(item, max_size));
    if (bad_) break;
  }
  return out;
}

std::string as_json(std::span<const std::byte> bytes) {
  return crypto::base64_encode(bytes, crypto::base64_alphabet::url);
}

std::uint64_t as_json(std::uint64_t number) noexcept {
  return std::min(number, max_number);
}

std::uint64_t as_json(std::chrono::sys_seconds instant) noexcept {
  return as_json(static_cast<std::uint64_t>(std::max<std::int64_t>(instant.time_since_epoch().count(), 0)));
}

json as_json(const std::vector<std::vector<std::byte>>& byte_lists) {
  json out = json::array();
  for (const auto& bytes : byte_lists) out.push_back(as_json(std::span(bytes)));
  return out;
}

std::string dump(const json& document) {
  // A name with invalid UTF-8 must not make the whole restore fail.
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace reinstate::service
