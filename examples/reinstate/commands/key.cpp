// SPDX-License-Identifier: BSL-1.0
#include "command_line/option_sets.hpp"
#include "commands/commands.hpp"
#include "machine/home.hpp"
#include "machine/license_walk.hpp"

#include <reinstate/import/content_key.hpp>

#include <optional>
#include <string_view>

namespace tool {
namespace {

using reinstate::errc;

struct key_options {
  std::optional<reinstate::key_id> key;
};

// Writes hexadecimal digits one by one, so that no copy of the whole key is left in memory.
void write_hex(output& out, const reinstate::secret_bytes& key) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::byte b : key.expose()) {
    out.raw(digits.substr(std::to_integer<std::size_t>(b >> 4), 1));
    out.raw(digits.substr(std::to_integer<std::size_t>(b & std::byte{0x0F}), 1));
  }
}

exit_code print_key(const key_options& options, const common_options& common, output& out) {
  const home machine_home(common.home);
  if (!machine_home.has_store()) return out.failed(errc::license_not_found, {});
  auto store = machine_home.open_store();
  if (!store) return out.failed(store.error(), machine_home.location_of(store.error()));
  const auto key = reinstate::content_key(**store, *options.key);
  if (!key) return out.failed(explained(key.error()), machine_home.location_of(explained(key.error())));
  if (out.is_json())
    out.raw(R"({"result":"done","error":null,"key_id":")" + to_string(*options.key) + R"(","content_key":")");
  write_hex(out, *key);
  out.raw(out.is_json() ? "\"}\n" : "\n");
  return exit_done;
}

}  // namespace

void add_key(CLI::App& parent, command_context& context) {
  const auto options = std::make_shared<key_options>();
  CLI::App& command =
      add_command(parent, "key", "Print the content key of a license as 32 hexadecimal digits, for a player.",
                  "key 2f05477f-c24b-b4fa-efd8-6517156daffc");
  add_key_id(command, "key_id", options->key, "The key id of the media: 32 hexadecimal digits, or a UUID")->required();
  set_action(command, context, options, print_key);
}

}  // namespace tool
