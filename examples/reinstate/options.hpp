// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OPTIONS_HPP
#define REINSTATE_TOOL_OPTIONS_HPP

#include "service_options.hpp"
#include "serving_options.hpp"

#include <reinstate/operation_options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tool {

enum class command {
  import_clearkey,
  import_keygen,
  export_clearkey,
  list,
  backup,
  restore,
  verify,
  inspect,
  health,
  key,
  recovery_list,
  recovery_add,
  recovery_remove,
  recovery_check,
  recovery_passphrase,
  serve,
  ledger_issuer_add,
  ledger_issuers,
  ledger_revocations,
  ledger_release,
  ledger_audit,
  service_set,
  service_show,
  service_forget,
  machines,
  release,
  issuer_key,
  issuer_revoke
};

// How the tool ends.
enum exit_code : int {
  exit_done = 0,
  exit_failed = 1,
  exit_wrong_usage = 2,
  exit_partial = 3,  // done, but with licenses left out or not safe
};

// What the command line asks for.
struct options {
  command what = command::list;
  std::filesystem::path home;
  bool json = false;
  bool quiet = false;
  std::string passphrase_file;  // empty: none was named; "-": standard input

  std::string path;  // of the backup, or the file to import
  std::string title;
  reinstate::key_id key;
  std::vector<reinstate::key_id> keys;  // of the licenses to export; none: all
  std::string output;                   // the file to write; "-": standard output
  bool allow_backup = false;
  std::optional<reinstate::key_id> root;  // of the licenses to import
  bool overwrite = false;
  bool update = false;
  bool readable_key = false;
  std::string recipient;
  std::filesystem::path identity_file;  // of that recipient
  bool individualize = false;
  bool keyring = false;  // the secret is, or will be, in the key store of the user's session

  // How a backup is made, restored or looked at.
  reinstate::license_selection selection;
  reinstate::keep_policy keep;
  std::uint32_t generation = 0;  // 0: the newest
  bool salvage = false;
  bool repair = false;
  bool continue_after_damage = false;
  bool open_payloads = false;
  bool dry_run = false;
  bool confirm = false;

  // What will open a backup besides: one of these, `recipient` or `keyring`.
  bool new_passphrase = false;
  bool new_code = false;
  std::filesystem::path new_key_file;
  std::string new_passphrase_file;  // empty: none was named; "-": standard input
  std::string slot;                 // to remove

  bool opens_with_keyring() const { return keyring && what != command::recovery_add; }

  // For a Keygen file.
  std::array<std::byte, 32> public_key{};
  std::string license_key_file;  // empty: none was named; "-": standard input
  std::string fingerprint;

  serving_options serving;
  service_options service;
};

// Fills in `into`. Returns true when there is something to do; otherwise help, version or a usage error was printed and
// `ends_with` says how to end.
bool parse_options(int argc, char** argv, options& into, exit_code& ends_with);

}  // namespace tool

#endif
