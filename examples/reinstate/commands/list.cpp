// SPDX-License-Identifier: BSL-1.0
#include "commands/commands.hpp"
#include "machine/home.hpp"
#include "machine/license_walk.hpp"
#include "output/describe.hpp"
#include "output/text.hpp"

#include <cstdint>

namespace tool {
namespace {

using reinstate::errc;

exit_code list(const common_options& common, output& out) {
  const home machine_home(common.home);
  std::uint64_t count = 0;
  if (machine_home.has_store()) {
    auto store = machine_home.open_store();
    if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
    const auto walked = for_each_license(**store, [&](const auto& record, auto& cursor) -> reinstate::result<void> {
      const auto payload = cursor.payload();
      if (!payload && payload.error() != errc::license_damaged) return payload.error();
      const license_line item = line_of(record, payload.has_error());
      if (count++ == 0) out.line(license_heading());
      out.line(license_text(item));
      out.object(license_json(item));
      return {};
    });
    if (!walked) return out.failed(walked.error(), machine_home.location_of(walked.error()));
  }
  if (count == 0) out.note("There are no licenses in " + printable(common.home.string()) + ".");
  return out.done({{"licenses", count}});
}

}  // namespace

void add_list(CLI::App& parent, command_context& context) {
  CLI::App& command = add_command(parent, "list", "List the licenses of this machine.", "list");
  set_action(command, context, list);
}

}  // namespace tool
