// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ERROR_HPP
#define REINSTATE_ERROR_HPP

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace reinstate {

using boost::system::error_code;

// The return type of every synchronous call: the value, or an error_code, usually one of the `errc` below.
template <class T>
using result = boost::system::result<T>;

// The errors of this library, one value for each different action that the user or the program can take next.
// `all_errors()` is a table with the condition, the HRESULT of the documented object, the text and the advice of each.
enum class errc {
  // The call and its arguments.
  invalid_argument = 1,
  property_not_set,
  busy,
  operation_canceled,
  out_of_memory,
  passphrase_required,
  passphrase_empty,
  plan_outdated,

  // The location of the backup.
  backup_exists,
  nothing_to_back_up,
  no_backup,
  generation_not_found,
  path_not_absolute,
  path_not_found,
  path_not_a_directory,
  path_not_accessible,
  medium_read_only,
  medium_full,
  medium_in_use,
  medium_failed,

  // The backup itself.
  wrong_passphrase,
  no_key_for_backup,
  recovery_code_mistyped,
  work_factor_too_high,
  backup_version_unsupported,
  key_slot_missing,
  key_slot_damaged,
  recovery_key_exposed,
  key_slot_not_found,
  last_key_slot,
  manifest_damaged,
  generation_missing,
  backup_not_authentic,
  volume_missing,
  backup_truncated,
  backup_damaged,
  backup_mixed,
  backup_salvaged,
  license_lost,

  // The license store.
  store_not_found,
  store_not_accessible,
  store_busy,
  store_full,
  store_failed,
  store_damaged,
  store_of_another_machine,
  store_version_unsupported,
  license_damaged,
  license_not_found,
  license_too_large,

  // This machine's identity.
  needs_individualization,
  individualizing,
  individualization_failed,
  identity_exposed,
  identity_damaged,
  identity_version_unsupported,
  keyring_unavailable,

  // The rights of a license.
  backup_right_absent,
  service_required,
  license_chain_broken,
  content_key_unavailable,
  license_not_started,
  license_expired,
  license_used_up,
  not_all_licenses_stored,
  not_backed_up,
  changed_since_backup,
  only_in_backup,
  changed_since_plan,

  // Importing licenses.
  import_malformed,
  import_too_large,
  import_nested_too_deep,
  import_key_not_16_bytes,
  import_algorithm_unknown,
  import_signature_invalid,
  import_certificate_invalid,
  import_key_wrong,

  // The License Management Service, as seen by its clients.
  service_unavailable,
  service_busy,
  service_not_authentic,
  service_answer_invalid,
  service_clock_differs,
  service_contact_refused,
  network_forbidden,
  machine_limit_reached,
  daily_limit_reached,
  license_revoked,
  license_not_authentic,
  issuer_unknown,
  ownership_not_proven,
  machine_not_found,
  release_too_soon,
  revocation_list_invalid,

  // The License Management Service itself.
  revocation_list_outdated,
  request_malformed,
  request_not_authentic,
  request_too_large,
  ledger_not_accessible,
  ledger_full,
  ledger_failed,
  ledger_damaged,
  ledger_version_unsupported,
  service_key_exists,
  service_key_exposed,
  service_key_damaged,
  certificate_unusable,
  address_not_available,
};

// The kind of an error, for a program that decides whether to retry, to ask for another medium or passphrase, or to
// give up.
enum class error_kind {
  invalid_input,
  not_permitted,
  wrong_key,
  corrupted,
  system_failed,  // the store, the medium or the machine
  service_unavailable,
  canceled,
};

// The thing that an error is about, for a program that shows fitting advice or names the file.
enum class error_subject {
  call,        // the call, its arguments, and what the user entered for it
  path,        // a file, folder or medium that may hold any of the others; see advice_for
  backup,      // the backup set on a medium, and its keys
  store,       // the license store
  identity,    // the identity of this machine
  keyring,     // the key store of the user's session
  license,     // one license
  input_file,  // a file given to be imported or loaded
  service,     // the License Management Service, its key, its address and its requests
  ledger,      // the ledger of a License Management Service
};

// A row of the table of errors.
struct error_info {
  errc code;
  std::uint32_t hresult;  // the value that the Windows-named object reports (nserror.h, winerror.h)
  error_kind kind;
  error_subject subject;
  std::string_view name;    // the enumerator, as written above
  std::string_view text;    // what happened, in one or two sentences
  std::string_view advice;  // what to do next, in one to three sentences
};

// Returns the whole table, in the order of the enumerators.
std::span<const error_info> all_errors() noexcept;

// Returns the row of `code`.
const error_info& info_of(errc code) noexcept;

// Returns the category of `errc`. Messages are "text advice" and contain no secret and no path.
const boost::system::error_category& error_category() noexcept;

// Returns the category of HRESULTs that no errc stands for; the value is the HRESULT's bit pattern.
const boost::system::error_category& hresult_category() noexcept;

error_code make_error_code(errc code) noexcept;

// Returns the HRESULT of an error_code: 0 for success, the table's value for an errc, the bit pattern for a code of
// hresult_category, E_OUTOFMEMORY for std::errc::not_enough_memory, E_FAIL for any other code.
std::uint32_t to_hresult(const error_code& ec) noexcept;

// Returns the error_code of an HRESULT, for which to_hresult returns the same HRESULT. If several errc share an
// HRESULT, returns the first of them in the table.
error_code from_hresult(std::uint32_t hresult) noexcept;

// Returns the advice of an error of this library, empty for codes of other categories.
std::string_view advice_for(const error_code& ec) noexcept;

// Returns the advice for an error at a path that holds `subject`, such as to plug in the medium of a backup or to check
// the name of an input file. Returns the same as above for every other error.
std::string_view advice_for(const error_code& ec, error_subject subject) noexcept;

}  // namespace reinstate

template <>
struct boost::system::is_error_code_enum<reinstate::errc> : std::true_type {};

#endif
