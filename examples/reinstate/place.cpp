// SPDX-License-Identifier: BSL-1.0
#include "place.hpp"

namespace tool {
namespace {

using reinstate::errc;

// Without a default: the compiler asks where a new error belongs.
place place_of(errc code) {
  switch (code) {
    case errc::backup_exists:
    case errc::nothing_to_back_up:
    case errc::no_backup:
    case errc::generation_not_found:
    case errc::path_not_absolute:
    case errc::path_not_found:
    case errc::path_not_a_directory:
    case errc::path_not_accessible:
    case errc::medium_read_only:
    case errc::medium_full:
    case errc::medium_in_use:
    case errc::medium_failed:
    case errc::wrong_passphrase:
    case errc::no_key_for_backup:
    case errc::recovery_code_mistyped:
    case errc::work_factor_too_high:
    case errc::backup_version_unsupported:
    case errc::key_slot_missing:
    case errc::key_slot_damaged:
    case errc::recovery_key_exposed:
    case errc::key_slot_not_found:
    case errc::last_key_slot:
    case errc::manifest_damaged:
    case errc::generation_missing:
    case errc::backup_not_authentic:
    case errc::volume_missing:
    case errc::backup_truncated:
    case errc::backup_damaged:
    case errc::backup_mixed:
    case errc::backup_salvaged: return place::backup;

    case errc::store_not_found:
    case errc::store_not_accessible:
    case errc::store_busy:
    case errc::store_full:
    case errc::store_failed:
    case errc::store_damaged:
    case errc::store_of_another_machine:
    case errc::store_version_unsupported:
    case errc::license_damaged: return place::store;

    case errc::needs_individualization:
    case errc::individualizing:
    case errc::individualization_failed:
    case errc::identity_exposed:
    case errc::identity_damaged:
    case errc::identity_version_unsupported: return place::identity;

    case errc::invalid_argument:
    case errc::property_not_set:
    case errc::busy:
    case errc::operation_canceled:
    case errc::out_of_memory:
    case errc::passphrase_required:
    case errc::passphrase_empty:
    case errc::plan_outdated:
    case errc::license_lost:
    case errc::license_not_found:
    case errc::license_too_large:
    case errc::keyring_unavailable:
    case errc::backup_right_absent:
    case errc::service_required:
    case errc::service_unavailable:
    case errc::service_busy:
    case errc::service_not_authentic:
    case errc::service_answer_invalid:
    case errc::service_clock_differs:
    case errc::service_contact_refused:
    case errc::network_forbidden:
    case errc::machine_limit_reached:
    case errc::daily_limit_reached:
    case errc::license_revoked:
    case errc::license_not_authentic:
    case errc::issuer_unknown:
    case errc::ownership_not_proven:
    case errc::machine_not_found:
    case errc::release_too_soon:
    case errc::revocation_list_invalid:
    case errc::revocation_list_outdated:
    case errc::request_malformed:
    case errc::request_not_authentic:
    case errc::request_too_large:
    case errc::ledger_not_accessible:
    case errc::ledger_full:
    case errc::ledger_failed:
    case errc::ledger_damaged:
    case errc::ledger_version_unsupported:
    case errc::service_key_exists:
    case errc::service_key_exposed:
    case errc::service_key_damaged:
    case errc::certificate_unusable:
    case errc::address_not_available:
    case errc::license_chain_broken:
    case errc::content_key_unavailable:
    case errc::license_not_started:
    case errc::license_expired:
    case errc::license_used_up:
    case errc::not_all_licenses_stored:
    case errc::not_backed_up:
    case errc::changed_since_backup:
    case errc::only_in_backup:
    case errc::changed_since_plan:
    case errc::import_malformed:
    case errc::import_too_large:
    case errc::import_nested_too_deep:
    case errc::import_key_not_16_bytes:
    case errc::import_algorithm_unknown:
    case errc::import_signature_invalid:
    case errc::import_certificate_invalid:
    case errc::import_key_wrong: return place::none;
  }
  return place::none;
}

}  // namespace

place place_of(const reinstate::error_code& ec) {
  return ec.category() == reinstate::error_category() ? place_of(static_cast<errc>(ec.value())) : place::none;
}

}  // namespace tool
