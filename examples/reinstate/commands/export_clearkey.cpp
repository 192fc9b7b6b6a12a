// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "machine/home.hpp"
#include "machine/license_walk.hpp"
#include "output/describe.hpp"
#include "output/text.hpp"
#include "secrets/secret_input.hpp"
#include "secrets/secret_output.hpp"

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

struct export_options {
  std::vector<key_id> keys;  // of the licenses to export; empty: all
  std::string output_file;   // "-": standard output
};

// Returns why a license must not be exported, as far as that is known without its payload, or success.
error_code reason_to_leave_out(const license& item) {
  if (item.format != "clearkey") return errc::content_key_unavailable;
  if (item.rights.backup == backup_right::denied) return errc::backup_right_absent;
  if (item.rights.backup == backup_right::managed) return errc::service_required;
  return reinstate::check_playable(item, std::chrono::system_clock::now());
}

// Collects the licenses that may be exported, of these key ids or of all.
class collector {
 public:
  explicit collector(const std::vector<key_id>& keys) : keys_(keys) {}

  // Takes the license or leaves it out. Errors: those of the cursor.
  result<void> visit(license_record record, license_cursor& cursor) {
    if (!keys_.empty() && std::ranges::find(keys_, record.key) == keys_.end()) return {};
    const auto described = reinstate::unpack(record);
    if (!described) return leave_out(record, described.error());
    if (const error_code ec = reason_to_leave_out(*described)) return leave_out(record, ec);
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
    // A set can have only one key for a key id: the first, which is the one that plays.
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
         "\n    Another license of this key id has another key, and is in the set.\n    Players use that one.";
}

// Prints to standard error if the set goes to standard output.
void show_left_out(const collector& found, bool is_piped, output& out) {
  if (found.left_out().empty()) return;
  std::string text = "Left out:";
  for (const license_outcome& outcome : found.left_out()) text += "\n" + left_out_text(outcome);
  if (is_piped)
    print_error(text, "", "");
  else
    out.line(text);
}

json fields_of(const collector& found) {
  return {{"licenses_done", found.licenses().size()},
          {"licenses_left_out", found.left_out().size()},
          {"outcomes", outcomes_json(found.left_out())}};
}

exit_code write_set(const collector& found, const std::string& path, output& out) {
  const bool is_piped = path == "-";
  const auto set = reinstate::export_clearkey(found.licenses());
  if (!set) return out.failed(set.error(), {});
  if (is_piped) {
    out.raw(text_of(*set));
    out.raw("\n");
  } else {
    if (const auto written = write_new_file(path, *set); !written)
      return out.failed(written.error(), {error_subject::output_file, path});
    out.note("Exported " + license_count(found.licenses().size()) + ". Anyone who can read " + printable(path) +
             " has the keys.");
  }
  show_left_out(found, is_piped, out);
  const bool is_partial = !found.left_out().empty();
  json fields = fields_of(found);
  if (is_partial) fields["error"] = error_json(errc::not_all_licenses_stored);
  return out.done(std::move(fields), is_partial ? exit_partial : exit_done);
}

// Returns a key id that was asked for and that no license has, or nullptr.
const key_id* find_missing(const export_options& options, const collector& found) {
  const auto has = [](const auto& list, const key_id& key) {
    return std::ranges::any_of(list, [&](const auto& item) { return item.key == key; });
  };
  const auto missing = std::ranges::find_if_not(
      options.keys, [&](const key_id& key) { return has(found.licenses(), key) || has(found.left_out(), key); });
  return missing == options.keys.end() ? nullptr : &*missing;
}

exit_code export_clearkey(const export_options& options, const common_options& common, output& out) {
  const home machine_home(common.home);
  collector found(options.keys);
  if (machine_home.has_store()) {
    auto store = machine_home.open_store();
    if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
    const auto walked = for_each_license(
        **store, [&](const license_record& record, license_cursor& cursor) { return found.visit(record, cursor); });
    if (!walked) return out.failed(walked.error(), machine_home.location_of(walked.error()));
  }
  if (const key_id* const key = find_missing(options, found))
    return out.failed(errc::license_not_found, {error_subject::none, to_string(*key)});
  if (!found.licenses().empty()) return write_set(found, options.output_file, out);
  show_left_out(found, options.output_file == "-", out);
  if (found.left_out().empty()) return out.failed(errc::license_not_found, {});
  return out.failed(found.left_out().front().reason, {}, fields_of(found));
}

void check_options(export_options& options, const common_options& common) {
  if (common.json && options.output_file == "-")
    throw usage_error("with --json, write the set to a file: the result goes to standard output");
}

}  // namespace

void add_export_clearkey(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<export_options>();
  CLI::App& command =
      add_command(parent, "clearkey",
                  "Write licenses as one W3C ClearKey license (a JSON Web Key Set), not encrypted.\n"
                  "Leaves out licenses whose issuer does not permit backups, and all titles and rights.",
                  "export clearkey --key-id 2f05477f-c24b-b4fa-efd8-6517156daffc --output film.json");
  add_key_ids(command, "--key-id", options->keys, "Only licenses of this key id; can be repeated");
  command.add_option("--output", options->output_file, "A new file that only its owner can read; - is standard output")
      ->required()
      ->type_name("FILE");
  set_action(command, context, options, export_clearkey, check_options);
}

}  // namespace tool
