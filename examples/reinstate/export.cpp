// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "describe.hpp"
#include "home.hpp"
#include "license_walk.hpp"
#include "secret_input.hpp"
#include "secret_output.hpp"
#include "text.hpp"

#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>
#include <reinstate/report.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tool {
namespace {

using reinstate::backup_right;
using reinstate::errc;
using reinstate::error_code;
using reinstate::key_id;
using reinstate::license;
using reinstate::license_cursor;
using reinstate::license_outcome;
using reinstate::license_record;
using reinstate::result;
using reinstate::secret_bytes;

// Why a license, known but for its payload, may not leave in this way.
error_code reason_to_stay(const license& item) {
  if (item.format != "clearkey") return errc::content_key_unavailable;
  if (item.rights.backup == backup_right::denied) return errc::backup_right_absent;
  if (item.rights.backup == backup_right::managed) return errc::service_required;
  return reinstate::check_playable(item, std::chrono::system_clock::now());
}

// Collects the licenses of some key ids, or all, that may be exported.
class collector {
 public:
  explicit collector(const std::vector<key_id>& keys) : keys_(keys) {}

  // An error is the store's.
  result<void> visit(license_record record, license_cursor& cursor) {
    if (!keys_.empty() && std::ranges::find(keys_, record.key) == keys_.end()) return {};
    const auto described = reinstate::unpack(record);
    if (!described) return leave_out(record, described.error());
    if (const error_code ec = reason_to_stay(*described)) return leave_out(record, ec);
    const auto payload = cursor.payload();
    if (!payload && payload.error() != errc::license_damaged) return payload.error();
    if (!payload) return leave_out(record, payload.error());
    record.payload = *payload;
    return take(record, reinstate::unpack(record).value());
  }

  const std::vector<license>& licenses() const { return licenses_; }
  const std::vector<license_outcome>& left_out() const { return left_out_; }

 private:
  result<void> take(const license_record& record, license item) {
    auto key = reinstate::clearkey_content_key(item);
    if (!key) return leave_out(record, key.error());
    const auto [first, is_first] = content_keys_.try_emplace(item.key, std::move(*key));
    // A set cannot say which of two keys a key id means: the first is in it, as it is the one that plays.
    if (!is_first && !(first->second == *key)) return leave_out(record, errc::invalid_argument);
    licenses_.push_back(std::move(item));
    return {};
  }

  result<void> leave_out(const license_record& record, const error_code& reason) {
    left_out_.push_back({record.id, record.key, reinstate::title_of(record), reason});
    return {};
  }

  const std::vector<key_id>& keys_;
  std::vector<license> licenses_;
  std::map<key_id, secret_bytes> content_keys_;
  std::vector<license_outcome> left_out_;
};

std::string left_out_text(const license_outcome& outcome) {
  if (outcome.reason != errc::invalid_argument) return outcome_text(outcome);
  return "  " + quoted_title(outcome.title) + ", key id " + to_string(outcome.key) +
         "\n    Another license of this key id has another key, and is in the set.\n    A player would use that one.";
}

// Where the set goes to standard output, everything else goes to standard error.
void name_left_out(const collector& from, bool is_piped, output& out) {
  if (from.left_out().empty()) return;
  std::string text = "Left out:";
  for (const license_outcome& outcome : from.left_out()) text += "\n" + left_out_text(outcome);
  if (is_piped)
    print_error(text, "", "");
  else
    out.line(text);
}

json fields_of(const collector& from) {
  return {{"licenses_done", from.licenses().size()},
          {"licenses_left_out", from.left_out().size()},
          {"outcomes", outcomes_json(from.left_out())}};
}

exit_code write_set(const collector& from, const std::string& path, output& out) {
  const bool is_piped = path == "-";
  const auto set = reinstate::export_clearkey(from.licenses());
  if (!set) return out.failed(set.error(), "");
  if (is_piped) {
    out.raw(text_of(*set));
    out.raw("\n");
  } else {
    if (const auto written = write_new_file(path, *set); !written) return out.failed(written.error(), path);
    out.note("Exported " + license_count(from.licenses().size()) + ". Whoever reads " + printable(path) +
             " has the keys.");
  }
  name_left_out(from, is_piped, out);
  const bool is_partial = !from.left_out().empty();
  json fields = fields_of(from);
  if (is_partial) fields["error"] = error_json(errc::not_all_licenses_stored);
  return out.done(std::move(fields), is_partial ? exit_partial : exit_done);
}

// The key id that was asked for and no license has.
const key_id* missing(const options& what, const collector& from) {
  const auto has = [](const auto& list, const key_id& key) {
    return std::ranges::any_of(list, [&](const auto& item) { return item.key == key; });
  };
  const auto found = std::ranges::find_if_not(
      what.keys, [&](const key_id& key) { return has(from.licenses(), key) || has(from.left_out(), key); });
  return found == what.keys.end() ? nullptr : &*found;
}

}  // namespace

exit_code export_clearkey(const options& what, output& out) {
  const home here(what.home);
  collector found(what.keys);
  if (here.has_store()) {
    auto store = here.open_store();
    if (!store) return out.failed(store.error(), here.place_of(store.error()));
    const auto walked = for_each_license(
        **store, [&](const license_record& record, license_cursor& cursor) { return found.visit(record, cursor); });
    if (!walked) return out.failed(walked.error(), here.place_of(walked.error()));
  }
  if (const key_id* const key = missing(what, found)) return out.failed(errc::license_not_found, to_string(*key));
  if (!found.licenses().empty()) return write_set(found, what.output, out);
  name_left_out(found, what.output == "-", out);
  if (found.left_out().empty()) return out.failed(errc::license_not_found, "");
  return out.failed(found.left_out().front().reason, "", fields_of(found));
}

}  // namespace tool
