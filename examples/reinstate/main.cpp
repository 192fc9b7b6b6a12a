// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"
#include "issuer.hpp"
#include "operations.hpp"
#include "options.hpp"
#include "output.hpp"
#include "recovery.hpp"
#include "service_commands.hpp"
#include "serving.hpp"

#include <csignal>
#include <exception>
#include <new>

namespace tool {
namespace {

exit_code run(const options& what, output& out) {
  switch (what.what) {
    case command::import_clearkey: return import_clearkey(what, out);
    case command::import_keygen: return import_keygen(what, out);
    case command::export_clearkey: return export_clearkey(what, out);
    case command::list: return list(what, out);
    case command::backup: return backup(what, out);
    case command::restore: return restore(what, out);
    case command::verify: return verify(what, out);
    case command::inspect: return inspect(what, out);
    case command::health: return health(what, out);
    case command::key: return print_key(what, out);
    case command::recovery_list: return recovery_list(what, out);
    case command::recovery_add: return recovery_add(what, out);
    case command::recovery_remove: return recovery_remove(what, out);
    case command::recovery_check: return recovery_check(what, out);
    case command::recovery_passphrase: return recovery_passphrase(what, out);
    case command::serve: return serve(what, out);
    case command::ledger_issuer_add: return ledger_issuer_add(what, out);
    case command::ledger_issuers: return ledger_issuers(what, out);
    case command::ledger_revocations: return ledger_revocations(what, out);
    case command::ledger_release: return ledger_release(what, out);
    case command::ledger_audit: return ledger_audit(what, out);
    case command::service_set: return service_set(what, out);
    case command::service_show: return service_show(what, out);
    case command::service_forget: return service_forget(what, out);
    case command::machines: return machines(what, out);
    case command::release: return release(what, out);
    case command::issuer_key: return issuer_key(what, out);
    case command::issuer_revoke: return issuer_revoke(what, out);
  }
  return exit_failed;
}

exit_code parse_and_run(int argc, char** argv) {
  options what;
  exit_code code = exit_done;
  if (!parse_options(argc, argv, what, code)) return code;
  output out(what.json, what.quiet);
  code = run(what, out);
  if (!out.has_failed()) return code;
  print_error("The output could not be written.", "Check the disk or the program it goes to.", "");
  return exit_failed;
}

}  // namespace
}  // namespace tool

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, and an operation goes on to its end
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk
  try {
    return tool::parse_and_run(argc, argv);
  } catch (const std::bad_alloc&) {
    tool::print_error("There is not enough memory.", "Close other programs and try again.", "");
  } catch (const std::exception& error) {
    tool::print_error(error.what(), "", "");
  }
  return tool::exit_failed;
}
