// SPDX-License-Identifier: BSL-1.0
#include "output/advice.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <iterator>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;

struct option_advice {
  errc code;
  std::string_view advice;
};

// Errors that an option of the tool, or another command, helps with.
constexpr option_advice option_table[] = {
    {errc::invalid_argument, "The help of this command says what is accepted here."},
    {errc::passphrase_required,
     "Give it with --passphrase-file FILE or in the environment variable REINSTATE_PASSPHRASE, give an age identity "
     "with "
     "--identity-file FILE, or run this in a terminal to be asked."},
    {errc::backup_exists,
     "Add to it with --update, or replace it with --overwrite; it stays until the new one is proven good."},
    {errc::needs_individualization, "Permit it: restore with --individualize, or import a license."},
    {errc::generation_missing, "Copy it to this folder, or restore what is left with --salvage."},
    {errc::generation_not_found, "Choose one of those that inspect lists."},
    {errc::license_damaged, "Restore it from a backup with restore --repair, or import it again."},
    {errc::not_backed_up, "Back it up now: backup --update."},
    {errc::changed_since_backup, "Back it up now: backup --update."},
    {errc::only_in_backup, "Restore it; or, if it was removed on purpose, backup --update."},
    {errc::service_required,
     "Give its key with --service-key KEY and, for anything but a backup, its address with --service URL; or both once "
     "and for all with service set."},
    {errc::service_contact_refused, "Agree with --agree, or run this in a terminal to be asked."},
    {errc::network_forbidden, "Restore it without --offline."},
    {errc::machine_limit_reached,
     "Release a machine you no longer use, on the page the service names or with release."},
};

struct subject_advice {
  error_subject subject;
  errc code;
  std::string_view advice;
};

// Advice about a path that names the options of the tool.
constexpr subject_advice subject_table[] = {
    {error_subject::store, errc::path_not_found, "Check the folder given with --home DIR or REINSTATE_HOME."},
    {error_subject::store, errc::path_not_a_directory, "Choose a folder with --home DIR."},
    {error_subject::store, errc::path_not_accessible,
     "Check that you may read and write it, or choose another folder with --home DIR."},
    {error_subject::store, errc::medium_read_only, "Choose a folder on a writable disk with --home DIR."},
    {error_subject::store, errc::medium_full, "Make room on the disk of this folder."},
    {error_subject::store, errc::medium_failed, "Check the disk of this folder; it may be failing."},

    {error_subject::input_file, errc::path_not_found, "Check the name of the file."},
    {error_subject::input_file, errc::path_not_a_directory, "Check the name of the file and its folder."},
    {error_subject::input_file, errc::path_not_accessible, "Check that it is a file and that you may read it."},
    {error_subject::input_file, errc::medium_read_only, "Copy the file to a writable disk and use that copy."},
    {error_subject::input_file, errc::medium_full, "Make room on the disk of the file."},
    {error_subject::input_file, errc::medium_failed, "Use another copy of the file; its disk may be failing."},

    {error_subject::output_file, errc::path_not_found, "Check the name of the folder, or create it."},
    {error_subject::output_file, errc::path_not_a_directory, "Choose a folder for the file."},
    {error_subject::output_file, errc::path_not_accessible, "Choose a folder that you may write to."},
    {error_subject::output_file, errc::medium_read_only, "Choose a folder on a writable disk."},
    {error_subject::output_file, errc::medium_full, "Make room on the disk, or choose a folder on another one."},
    {error_subject::output_file, errc::medium_failed, "Choose a folder on another disk; this one may be failing."},

    {error_subject::ledger, errc::path_not_found,
     "Check the name of the ledger; ledger issuer add and serve --create make a new one."},
    {error_subject::ledger, errc::path_not_a_directory, "Check the name of the ledger and its folder."},
    {error_subject::ledger, errc::path_not_accessible, "Check that you may read and write the ledger and its folder."},
    {error_subject::ledger, errc::medium_read_only, "Keep the ledger on a writable disk."},
    {error_subject::ledger, errc::medium_full, "Make room on the disk of the ledger."},
    {error_subject::ledger, errc::medium_failed, "Check the disk of the ledger; it may be failing."},

    {error_subject::service_key, errc::path_not_found,
     "Check the name of the key file; serve --create makes a new key."},
    {error_subject::service_key, errc::path_not_a_directory, "Check the name of the key file and its folder."},
    {error_subject::service_key, errc::path_not_accessible, "Check that you may read the key file."},
    {error_subject::service_key, errc::medium_read_only, "Choose a key file on a writable disk."},
    {error_subject::service_key, errc::medium_full, "Make room on the disk of the key file."},
    {error_subject::service_key, errc::medium_failed, "Use another copy of the key file; its disk may be failing."},
};

// The identity and the other files of the home folder share the advice of the store.
constexpr error_subject advised_as(error_subject subject) {
  return subject == error_subject::identity || subject == error_subject::home ? error_subject::store : subject;
}

}  // namespace

std::string text_of(const error_code& ec) {
  if (ec == errc::invalid_argument) return "This is not valid here.";
  const auto rows = reinstate::all_errors();
  const auto row = std::ranges::find_if(rows, [&](const auto& each) { return ec == each.code; });
  return row != rows.end() ? std::string(row->text) : ec.message();
}

std::string_view advice_for(const error_code& ec, error_subject subject) {
  if (ec == boost::system::errc::file_exists) return "Choose another name: nothing is overwritten.";
  for (const subject_advice& each : subject_table)
    if (each.subject == advised_as(subject) && ec == each.code) return each.advice;
  for (const option_advice& each : option_table)
    if (ec == each.code) return each.advice;
  if (subject == error_subject::backup) return reinstate::advice_for(ec, reinstate::error_subject::backup);
  return reinstate::advice_for(ec);
}

}  // namespace tool
