// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "describe.hpp"
#include "text.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/inspect.hpp>

#include <vector>

namespace tool {
namespace {

using reinstate::generation_summary;

bool has_manifest(const generation_summary& item) {
  return item.description.generation != 0;
}

std::uint64_t size_of(const generation_summary& item) {
  std::uint64_t sum = 0;
  for (const auto& volume : item.description.volumes) sum += volume.size;
  return sum;
}

std::string generation_line(const generation_summary& item) {
  const auto padded = [](std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text + "  ";
  };
  const reinstate::backup_description& what = item.description;
  const bool known = has_manifest(item);
  std::string out = padded(std::to_string(item.generation), 10);
  out += padded(known ? time_text(what.created) : "", 23);
  out += padded(known ? count_text(what.licenses) : "", 11);
  out += padded(known ? size_text(size_of(item)) : "", 9);
  if (what.builds_on != 0) out += "adds to generation " + std::to_string(what.builds_on) + "  ";
  if (item.error.failed()) out += text_of(item.error);
  return out.substr(0, out.find_last_not_of(' ') + 1);
}

void show_generations(const std::vector<generation_summary>& all, output& out) {
  out.line("GENERATION  CREATED                  LICENSES     SIZE");
  for (const generation_summary& each : all) out.line(generation_line(each));
}

json generations_json(const std::vector<generation_summary>& all) {
  json out = json::array();
  for (const generation_summary& each : all) {
    json item = has_manifest(each) ? backup_json(each.description) : json{{"generation", each.generation}};
    item["trouble"] = error_json(each.error);
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace

exit_code inspect(const options& what, output& out) {
  auto medium = reinstate::open_directory_medium(what.path);
  if (!medium) return out.failed(medium.error(), what.path);
  const auto newest = reinstate::inspect_backup(**medium);
  const auto all = reinstate::list_generations(**medium);
  if (!all) return out.failed(newest ? all.error() : newest.error(), what.path);
  if (newest) out.line(backup_text(*newest) + "\n");
  show_generations(*all, out);
  json fields = newest ? backup_json(*newest) : json::object();
  fields["generations"] = generations_json(*all);
  return newest ? out.done(std::move(fields)) : out.failed(newest.error(), what.path, std::move(fields));
}

}  // namespace tool
