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
  return value != nullptr && value->type == kind::string;
}

// Returns the text of a string member, or an empty string if there is none.
std::string text_of(const json_value* object, std::string_view member) {
  const json_value* value = object == nullptr ? nullptr : object->find(member);
  return is_string(value) ? value->text : std::string();
}

bool has_strings(const json_value* object, std::initializer_list<std::string_view> members) {
  return object != nullptr &&
         std::ranges::all_of(members, [&](std::string_view member) { return is_string(object->find(member)); });
}

// Returns the decoded bytes of a member in base 64, or an empty string if there are none.
std::string decoded(const json_value* object, std::string_view member) {
  return base64_decode(text_of(object, member)).value_or(std::string());
}

// Checks the encryption object of section 3.4.
bool has_encryption(const json_value& document) {
  const json_value* encryption = document.find("encryption");
  if (!has_strings(encryption, {"profile"})) return false;
  const json_value* content_key = encryption->find("content_key");
  const json_value* user_key = encryption->find("user_key");
  return has_strings(content_key, {"algorithm"}) && !decoded(content_key, "encrypted_value").empty() &&
         has_strings(user_key, {"algorithm", "text_hint"}) && !decoded(user_key, "key_check").empty();
}

// Returns true if the link has the relation. A link has one relation or a list of them (section 3.5).
bool has_relation(const json_value& link, std::string_view relation) {
  const json_value* rel = link.find("rel");
  const auto matches = [&](const json_value& each) { return is_string(&each) && each.text == relation; };
  return is_string(rel) ? matches(*rel) : std::ranges::any_of(rel->children, matches);
}

bool is_link(const json_value& value) {
  const json_value* rel = value.find("rel");
  return has_strings(&value, {"href"}) && (is_string(rel) || (rel != nullptr && rel->type == kind::array));
}

bool read_links(const json_value& document, license_document& out) {
  const json_value* links = document.find("links");
  if (links == nullptr || links->type != kind::array || !std::ranges::all_of(links->children, is_link)) return false;
  const auto find_link = [&](std::string_view relation) {
    return std::ranges::find_if(links->children, [&](const json_value& link) { return has_relation(link, relation); });
  };
  const auto publication = find_link("publication");
  if (publication == links->children.end() || find_link("hint") == links->children.end()) return false;
  out.title = text_of(&*publication, "title");
  return true;
}

// Reads a date if there is one. Returns false for a member that is not a date.
bool read_date(const json_value& object, std::string_view member, std::optional<std::chrono::sys_seconds>& date) {
  if (object.find(member) == nullptr) return true;
  date = parse_date_time(text_of(&object, member));
  return date.has_value();
}

bool read_dates(const json_value& document, license_document& out) {
  std::optional<std::chrono::sys_seconds> issued, updated;
  if (!read_date(document, "issued", issued) || !read_date(document, "updated", updated) || !issued) return false;
  out.last_change = updated.value_or(*issued);
  return out.last_change > std::chrono::sys_seconds{};  // it becomes the revision, which is not negative
}

// Reads the rights object of section 3.6, which may be absent.
bool read_rights(const json_value& document, license_document& out) {
  const json_value* rights = document.find("rights");
  if (rights == nullptr) return true;
  if (rights->type != kind::object) return false;
  out.rights = canonical_json(*rights);
  return read_date(*rights, "start", out.start) && read_date(*rights, "end", out.end);
}

// Reads the signature object of section 3.8.
bool read_signature(const json_value& document, document_signature& out) {
  const json_value* signature = document.find("signature");
  out = {text_of(signature, "algorithm"), decoded(signature, "certificate"), decoded(signature, "value")};
  return !out.algorithm.empty() && !out.certificate.empty() && !out.value.empty();
}

}  // namespace

result<license_document> read_document(std::string_view text) {
  auto document = read_json(text);
  if (!document) return document.error();
  license_document out;
  out.id = text_of(&*document, "id");
  out.provider = text_of(&*document, "provider");
  if (out.id.empty() || out.provider.empty() || !has_encryption(*document) || !read_links(*document, out) ||
      !read_dates(*document, out) || !read_rights(*document, out) || !read_signature(*document, out.signature))
    return errc::import_malformed;
  std::erase_if(document->children, [](const json_value& member) { return member.name == "signature"; });
  out.signed_text = canonical_json(*document);
  return out;
}

}  // namespace reinstate::lcp
