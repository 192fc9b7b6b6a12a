// SPDX-License-Identifier: BSL-1.0
#include "lcp/license_document.hpp"

#include "lcp/date_time.hpp"
#include "lcp/json_text.hpp"
#include "lcp/text_base64.hpp"

#include <algorithm>
#include <initializer_list>

namespace reinstate::lcp {
namespace {

using kind = json_value::kind;

bool is_string(const json_value* value) noexcept {
  return value != nullptr && value->what == kind::string;
}

// What a string member says; empty where there is none.
std::string text_of(const json_value* object, std::string_view member) {
  const json_value* value = object == nullptr ? nullptr : object->find(member);
  return is_string(value) ? value->text : std::string();
}

bool has_strings(const json_value* object, std::initializer_list<std::string_view> members) {
  return object != nullptr &&
         std::ranges::all_of(members, [&](std::string_view member) { return is_string(object->find(member)); });
}

// The octets of a member in base 64; empty where there are none.
std::string octets_of(const json_value* object, std::string_view member) {
  return base64_decode(text_of(object, member)).value_or(std::string());
}

// Section 3.4.
bool has_encryption(const json_value& document) {
  const json_value* encryption = document.find("encryption");
  if (!has_strings(encryption, {"profile"})) return false;
  const json_value* content_key = encryption->find("content_key");
  const json_value* user_key = encryption->find("user_key");
  return has_strings(content_key, {"algorithm"}) && !octets_of(content_key, "encrypted_value").empty() &&
         has_strings(user_key, {"algorithm", "text_hint"}) && !octets_of(user_key, "key_check").empty();
}

// Section 3.5: one relation, or a list of them.
bool has_relation(const json_value& link, std::string_view relation) {
  const json_value* rel = link.find("rel");
  const auto is_it = [&](const json_value& each) { return is_string(&each) && each.text == relation; };
  return is_string(rel) ? is_it(*rel) : std::ranges::any_of(rel->inside, is_it);
}

bool is_link(const json_value& value) {
  const json_value* rel = value.find("rel");
  return has_strings(&value, {"href"}) && (is_string(rel) || (rel != nullptr && rel->what == kind::array));
}

bool read_links(const json_value& document, license_document& into) {
  const json_value* links = document.find("links");
  if (links == nullptr || links->what != kind::array || !std::ranges::all_of(links->inside, is_link)) return false;
  const auto with = [&](std::string_view relation) {
    return std::ranges::find_if(links->inside, [&](const json_value& link) { return has_relation(link, relation); });
  };
  const auto publication = with("publication");
  if (publication == links->inside.end() || with("hint") == links->inside.end()) return false;
  into.title = text_of(&*publication, "title");
  return true;
}

// A date that may be absent, but not be something else.
bool read_date(const json_value& object, std::string_view member, std::optional<std::chrono::sys_seconds>& into) {
  if (object.find(member) == nullptr) return true;
  into = parse_date_time(text_of(&object, member));
  return into.has_value();
}

bool read_dates(const json_value& document, license_document& into) {
  std::optional<std::chrono::sys_seconds> issued, updated;
  if (!read_date(document, "issued", issued) || !read_date(document, "updated", updated) || !issued) return false;
  into.last_change = updated.value_or(*issued);
  return into.last_change > std::chrono::sys_seconds{};  // what becomes a revision cannot be before 1970
}

// Section 3.6.
bool parse_statement(const json_value& document, license_document& into) {
  const json_value* rights = document.find("rights");
  if (rights == nullptr) return true;
  if (rights->what != kind::object) return false;
  into.rights = canonical_json(*rights);
  return read_date(*rights, "start", into.start) && read_date(*rights, "end", into.end);
}

// Section 3.8.
bool read_signature(const json_value& document, document_signature& into) {
  const json_value* signature = document.find("signature");
  into = {text_of(signature, "algorithm"), octets_of(signature, "certificate"), octets_of(signature, "value")};
  return !into.algorithm.empty() && !into.certificate.empty() && !into.value.empty();
}

}  // namespace

result<license_document> read_document(std::string_view text) {
  auto document = read_json(text);
  if (!document) return document.error();
  license_document out;
  out.id = text_of(&*document, "id");
  out.provider = text_of(&*document, "provider");
  if (out.id.empty() || out.provider.empty() || !has_encryption(*document) || !read_links(*document, out) ||
      !read_dates(*document, out) || !parse_statement(*document, out) || !read_signature(*document, out.signature))
    return errc::import_malformed;
  std::erase_if(document->inside, [](const json_value& member) { return member.name == "signature"; });
  out.signed_text = canonical_json(*document);
  return out;
}

}  // namespace reinstate::lcp
