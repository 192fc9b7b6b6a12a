// SPDX-License-Identifier: BSL-1.0
#include <reinstate/error.hpp>

#include <boost/system/generic_category.hpp>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

namespace reinstate {
namespace {

// HRESULTs of nserror.h and winerror.h, by their names there.
namespace hr {
constexpr std::uint32_t invalid_certificate = 0xC00D28A0;
constexpr std::uint32_t unsupported_property = 0xC00D275D;
constexpr std::uint32_t e_fail = 0x80004005;
constexpr std::uint32_t e_accessdenied = 0x80070005;
constexpr std::uint32_t e_outofmemory = 0x8007000E;
constexpr std::uint32_t e_unexpected = 0x8000FFFF;
constexpr std::uint32_t e_invalidarg = 0x80070057;
constexpr std::uint32_t wmpbr_drive_invalid = 0xC00D1137;
constexpr std::uint32_t wmpbr_failed = 0xC00D1138;
constexpr std::uint32_t license_store_error = 0xC00D2712;
constexpr std::uint32_t secure_store_error = 0xC00D2713;
constexpr std::uint32_t license_store_save_error = 0xC00D2714;
constexpr std::uint32_t secure_store_unlock_error = 0xC00D2715;
constexpr std::uint32_t unable_to_open_license = 0xC00D2717;
constexpr std::uint32_t invalid_license = 0xC00D2718;
constexpr std::uint32_t invalid_machine = 0xC00D2719;
constexpr std::uint32_t no_rights = 0xC00D2720;
constexpr std::uint32_t needs_individualization = 0xC00D2728;
constexpr std::uint32_t individualizing = 0xC00D272C;
constexpr std::uint32_t individualize_error = 0xC00D2736;
constexpr std::uint32_t license_open_error = 0xC00D2737;
constexpr std::uint32_t backup_exists = 0xC00D2742;
constexpr std::uint32_t backup_corrupt = 0xC00D2743;
constexpr std::uint32_t backuprestore_busy = 0xC00D2744;
constexpr std::uint32_t license_unusable = 0xC00D2748;
constexpr std::uint32_t invalid_property = 0xC00D2749;
constexpr std::uint32_t invalid_securestore_password = 0xC00D2751;
constexpr std::uint32_t store_notallstored = 0xC00D275F;
constexpr std::uint32_t invalid_data = 0xC00D2761;
constexpr std::uint32_t not_configured = 0xC00D2764;
constexpr std::uint32_t operation_canceled = 0xC00D2768;
constexpr std::uint32_t unable_to_open_data_store = 0xC00D2782;
constexpr std::uint32_t datastore_corrupt = 0xC00D2783;
constexpr std::uint32_t license_expired = 0xC00D27D8;
constexpr std::uint32_t license_notenabled = 0xC00D27D9;
constexpr std::uint32_t drm_busy = 0xC00D2841;
constexpr std::uint32_t restore_service_unavailable = 0xC00D2846;
constexpr std::uint32_t invalid_kid = 0xC00D2849;
constexpr std::uint32_t license_unavailable = 0xC00D28A2;
constexpr std::uint32_t cannot_restore = 0xC00D11D8;
constexpr std::uint32_t backup_restore_failure = 0xC00D272D;
constexpr std::uint32_t bad_request_id = 0xC00D272E;
constexpr std::uint32_t bad_data = 0xC00D2745;
constexpr std::uint32_t restore_fraud = 0xC00D2753;
constexpr std::uint32_t error_bad_net_resp = 0xC00D275E;
constexpr std::uint32_t policy_disable_online = 0xC00D2762;
constexpr std::uint32_t too_many_resets = 0xC00D2766;
constexpr std::uint32_t hardwareid_mismatch = 0xC00D278F;
constexpr std::uint32_t license_content_revoked = 0xC00D27E1;
constexpr std::uint32_t invalid_crl = 0xC00D28B1;
}  // namespace hr

#define ROW(code, hresult, kind, text, advice) \
  { errc::code, hr::hresult, error_kind::kind, #code, text, advice }

// In the order of the enumerators. Where several share an HRESULT, the first is what that HRESULT maps back to.
constexpr error_info table[] = {
    ROW(invalid_argument, e_invalidarg, invalid_input, "An argument of the call is not valid.",
        "Check the call against the header that declares it."),
    ROW(property_not_set, invalid_property, invalid_input, "A property this needs is not set.",
        "Set BackupPath before a backup and RestorePath before a restore."),
    ROW(busy, backuprestore_busy, invalid_input, "Another backup or restore of this object is still running.",
        "Wait for its last event, or cancel it."),
    ROW(operation_canceled, operation_canceled, canceled, "The operation was canceled.",
        "Nothing was changed; start it again when you like."),
    ROW(out_of_memory, e_outofmemory, system_failed, "There is not enough memory.",
        "Close other programs and try again."),
    ROW(passphrase_required, not_configured, invalid_input, "A passphrase is needed and none was given.",
        "Give the passphrase of the backup, or choose one for a new backup."),
    ROW(passphrase_empty, not_configured, invalid_input, "The passphrase is empty.",
        "Choose a passphrase of several words; it is what opens the backup on a new machine."),
    ROW(plan_outdated, e_unexpected, invalid_input, "What the plan was made for has changed since.",
        "Look at what changed, make a new plan, and confirm that."),

    ROW(backup_exists, backup_exists, invalid_input, "There is a backup at this path already.",
        "Choose another folder, or permit overwriting; the old backup stays until the new one is proven good."),
    ROW(nothing_to_back_up, backup_exists, invalid_input,
        "There is nothing to back up, and the backup at this path has licenses.",
        "Restore it first if this is a new machine; to make an empty backup, choose another folder."),
    ROW(no_backup, backup_corrupt, corrupted, "There is no backup at this path.",
        "Plug in its medium, or choose the folder that holds README.txt and the numbered folders of a backup."),
    ROW(generation_not_found, backup_corrupt, invalid_input, "The backup has no generation of that number.",
        "Choose one of those it lists."),
    ROW(path_not_absolute, e_invalidarg, invalid_input, "The path is not a full path of this system.",
        "Give the folder with its full path, such as /media/stick/licenses."),
    ROW(path_not_found, wmpbr_drive_invalid, system_failed, "The path does not exist.",
        "Plug in the medium, or create the folder, and try again."),
    ROW(path_not_a_directory, wmpbr_drive_invalid, system_failed, "The path is not a folder.",
        "Choose a folder to keep the backup in."),
    ROW(path_not_accessible, e_accessdenied, system_failed, "The path may not be read or written.",
        "Ask its owner for permission, or choose another folder."),
    ROW(medium_read_only, wmpbr_drive_invalid, system_failed, "The medium is read-only.",
        "Remove its write protection, or use another medium."),
    ROW(medium_full, wmpbr_drive_invalid, system_failed, "The medium is full.",
        "Make room or use a larger medium; the backup that was there is unharmed."),
    ROW(medium_in_use, drm_busy, system_failed, "Another backup to this path is under way, or ended just now.",
        "Wait for it to end; then look at the backup and start again if it is still needed."),
    ROW(medium_failed, wmpbr_failed, system_failed, "The medium could not be read or written.",
        "Try again with another medium; do not trust this one."),

    ROW(wrong_passphrase, invalid_securestore_password, wrong_key, "The passphrase does not open this backup.",
        "Check it letter by letter, and that it is the passphrase of this backup."),
    ROW(no_key_for_backup, invalid_securestore_password, wrong_key, "This backup is not encrypted to the key given.",
        "Use the machine it was made on, or the recovery key of this very backup."),
    ROW(recovery_code_mistyped, invalid_securestore_password, invalid_input,
        "This is not a recovery code: a character is mistyped or missing.",
        "Compare it with the printed one, group by group."),
    ROW(work_factor_too_high, invalid_data, corrupted,
        "Opening the recovery file would take more memory than permitted.",
        "It was not made by this software; raise the accepted work factor only if you trust whoever made it."),
    ROW(backup_version_unsupported, invalid_data, invalid_input, "The backup was made by a newer version.",
        "Update this software and try again."),
    ROW(key_slot_missing, backup_corrupt, corrupted, "The recovery file of the backup is missing.",
        "Restore it from a copy of the folder, or restore on the machine the backup was made on."),
    ROW(key_slot_damaged, backup_corrupt, corrupted, "The recovery file of the backup is damaged.",
        "Restore it from a copy of the folder, or restore on the machine the backup was made on."),
    ROW(recovery_key_exposed, secure_store_unlock_error, not_permitted,
        "The recovery key of this backup lies readable beside it, so anyone could have made it.",
        "Allow readable recovery keys (--readable-key), if you trust whoever had the medium."),
    ROW(key_slot_not_found, backup_corrupt, invalid_input, "The backup has no such way to open it.",
        "Choose one of those it lists."),
    ROW(last_key_slot, e_accessdenied, not_permitted, "This is the last way to open the backup on another machine.",
        "Add another one first."),
    ROW(manifest_damaged, backup_corrupt, corrupted, "The manifest of the backup is missing or damaged.",
        "Use another copy of the backup, or open its license files with age as README.txt says."),
    ROW(generation_missing, backup_corrupt, corrupted, "An earlier generation that this one builds on is missing.",
        "Copy it to this folder, or restore an earlier generation, or what is left (salvage)."),
    ROW(backup_not_authentic, backup_corrupt, corrupted, "The backup was not written by whoever holds its keys.",
        "Do not trust it; restore an earlier generation by its number, what is genuine (salvage), or another copy."),
    ROW(volume_missing, backup_corrupt, corrupted, "A file of the backup is missing.",
        "Copy the folder again with all its files."),
    ROW(backup_truncated, backup_corrupt, corrupted, "A file of the backup is cut short.",
        "Copy the folder again; the copy was probably interrupted."),
    ROW(backup_damaged, backup_corrupt, corrupted, "A file of the backup is damaged.",
        "Use another copy, or restore what is whole (salvage). Where a backup ends so, overwrite: what the store "
        "cannot give stays in the old one."),
    ROW(backup_mixed, backup_corrupt, corrupted, "A file of this backup belongs to another backup.",
        "Copy each backup to a folder of its own."),
    ROW(backup_salvaged, backup_corrupt, corrupted, "The backup is damaged, and what is whole of it was restored.",
        "See the report: it names the damage, and the licenses lost as far as they are known."),
    ROW(license_lost, backup_corrupt, corrupted, "It was in a part of the backup that is damaged.",
        "Restore it from another copy, or get it again from its issuer."),

    ROW(store_not_found, unable_to_open_data_store, system_failed, "The license store does not exist.",
        "Check where the player keeps its licenses."),
    ROW(store_not_accessible, unable_to_open_data_store, system_failed, "The license store may not be read or written.",
        "Run this as the user whose licenses they are."),
    ROW(store_busy, drm_busy, system_failed, "Another program is writing to the license store.",
        "Close it or wait, and try again."),
    ROW(store_full, license_store_save_error, system_failed, "There is no room for the licenses.",
        "Make room on the disk and try again; the store is as it was."),
    ROW(store_failed, license_store_error, system_failed, "The license store does not work.",
        "Check the disk it is on, and try again."),
    ROW(store_damaged, datastore_corrupt, corrupted, "The license store is damaged.",
        "Move it away and restore the licenses from a backup."),
    ROW(store_of_another_machine, invalid_machine, wrong_key, "The license store belongs to another machine.",
        "Licenses move by backup and restore: make a backup on that machine and restore it here."),
    ROW(store_version_unsupported, license_open_error, invalid_input,
        "The license store was written by a newer version.", "Update this software and try again."),
    ROW(license_damaged, unable_to_open_license, corrupted, "A license in the store is damaged or was altered.",
        "Get it from its issuer again, or restore it from a backup."),
    ROW(license_not_found, license_unavailable, invalid_input, "There is no such license.",
        "List the licenses to see which there are."),
    ROW(license_too_large, invalid_license, invalid_input, "A license is larger than permitted.",
        "Raise the limit if licenses of this size are meant."),

    ROW(needs_individualization, needs_individualization, not_permitted,
        "This machine has no identity yet, and making one was not permitted.",
        "Ask the user, and permit individualization."),
    ROW(individualizing, individualizing, system_failed, "This machine is being given its identity right now.",
        "Wait for the operation that does so, and try again."),
    ROW(individualization_failed, individualize_error, system_failed, "The identity of this machine could not be made.",
        "Check the folder it is kept in, and try again."),
    ROW(identity_exposed, secure_store_unlock_error, not_permitted,
        "The identity file of this machine can be read by others.",
        "Make it readable by its owner only (chmod 600), if nobody else has read it."),
    ROW(identity_damaged, secure_store_error, corrupted, "The identity file of this machine is damaged.",
        "Put it back from a copy; without it, move it away and restore the licenses from a backup."),

    ROW(identity_version_unsupported, secure_store_error, invalid_input,
        "The identity file of this machine was written by a newer version.", "Update this software and try again."),
    ROW(keyring_unavailable, secure_store_error, system_failed, "The key store of this user's session cannot be used.",
        "Start or unlock it (the keyring of the desktop), and try again."),

    ROW(backup_right_absent, no_rights, not_permitted, "Its issuer does not permit a backup.",
        "Ask the issuer, or get the license again on the new machine."),
    ROW(service_required, restore_service_unavailable, service_unavailable,
        "Its issuer permits backup only under a License Management Service, and none is configured.",
        "Configure the issuer's service."),
    ROW(license_chain_broken, no_rights, corrupted, "It needs another license beside it, which is not there.",
        "Get that license from its issuer, or back up and restore both together."),
    ROW(content_key_unavailable, unable_to_open_license, not_permitted,
        "Its content key cannot be opened here: its format keeps it for another program.",
        "Play it with the program its issuer names."),
    ROW(license_not_started, license_notenabled, not_permitted, "The time it permits playing in has not begun.",
        "Wait until it has, or set the clock of this machine if that is wrong."),
    ROW(license_expired, license_expired, not_permitted, "The time it permits playing in is over.",
        "Get it from its issuer again, or set the clock of this machine if that is wrong."),
    ROW(license_used_up, license_unusable, not_permitted, "It has no uses left.", "Get it from its issuer again."),
    ROW(not_all_licenses_stored, store_notallstored, not_permitted, "Some licenses were left out.",
        "See the report: it names each with the reason."),
    ROW(not_backed_up, license_store_error, system_failed, "It was never backed up.", "Back up now."),
    ROW(changed_since_backup, license_store_error, system_failed, "It has changed since the last backup.",
        "Back up now."),
    ROW(only_in_backup, license_store_error, system_failed, "It is in the backup and no longer in the store.",
        "Restore it, or update the backup if it was removed on purpose."),
    ROW(changed_since_plan, license_store_error, invalid_input, "It has changed since the plan was made.",
        "Make a new plan."),

    ROW(import_malformed, invalid_license, invalid_input, "This is not a license in the format expected.",
        "Check that the file is complete and of this format."),
    ROW(import_too_large, invalid_license, invalid_input, "The file to import is too large.",
        "Check that it is a license; import large sets in parts."),
    ROW(import_nested_too_deep, invalid_license, invalid_input, "The file to import is nested too deep.",
        "Check that it is a license."),
    ROW(import_key_not_16_bytes, invalid_kid, invalid_input, "A key or key id is not 16 bytes.",
        "Ask the issuer for a license with 128-bit keys."),
    ROW(import_algorithm_unknown, unsupported_property, invalid_input,
        "The import is signed or encrypted in a way this version does not know.",
        "Ask its issuer for a license in a way this version knows."),
    ROW(import_signature_invalid, invalid_license, corrupted,
        "The signature of the import is not that of its issuer, or it was changed.", "Get it from its issuer again."),
    ROW(import_certificate_invalid, invalid_certificate, not_permitted,
        "The certificate of whoever issued the import is not from an authority you trust, or is not valid now.",
        "Check the clock, and the authorities you trust."),
    ROW(import_key_wrong, invalid_securestore_password, wrong_key, "The key given does not open the import.",
        "Give the license key or passphrase that came with it."),

    ROW(service_unavailable, restore_service_unavailable, service_unavailable,
        "The License Management Service cannot be reached.",
        "Check the connection and try again; what needs no service is restored without it."),
    ROW(service_busy, restore_service_unavailable, service_unavailable,
        "The License Management Service has too much to do, or was asked too often.",
        "Wait some minutes and try again."),
    ROW(service_not_authentic, error_bad_net_resp, wrong_key,
        "The answer is not from the License Management Service whose key is configured.",
        "Check the address and the key of the service, and the network; trust no answer until they agree."),
    ROW(service_answer_invalid, error_bad_net_resp, service_unavailable,
        "The License Management Service gave an answer that makes no sense.",
        "Update this software; if that does not help, tell whoever runs the service."),
    ROW(service_clock_differs, error_bad_net_resp, invalid_input,
        "The clock of this machine is too far from that of the License Management Service.",
        "Set the clock of this machine and try again."),
    ROW(service_contact_refused, policy_disable_online, not_permitted,
        "It needs the License Management Service, and asking that was not permitted.",
        "Agree to the contact, and restore again: the rest stays as it is."),
    ROW(network_forbidden, policy_disable_online, not_permitted,
        "It needs the License Management Service, and the policy of this machine forbids the network.",
        "Ask whoever set that policy."),
    ROW(machine_limit_reached, restore_fraud, not_permitted, "It is on as many machines as its issuer permits.",
        "Release a machine you no longer use, on the page the service names or with the backup's passphrase."),
    ROW(daily_limit_reached, cannot_restore, not_permitted,
        "It was restored on as many new machines today as its issuer permits in a day.", "Try again tomorrow."),
    ROW(license_revoked, license_content_revoked, not_permitted, "Its issuer has revoked it.", "Ask the issuer."),
    ROW(license_not_authentic, invalid_license, corrupted,
        "It is not as its issuer signed it, or not signed by an issuer who is trusted.",
        "Get it from its issuer again."),
    ROW(issuer_unknown, invalid_certificate, not_permitted, "The service does not know its issuer.",
        "Configure the service of its issuer."),
    ROW(ownership_not_proven, e_accessdenied, wrong_key, "It was not proven that you own the licenses this is about.",
        "Open the backup with its passphrase or another recovery key, and try again."),
    ROW(machine_not_found, hardwareid_mismatch, invalid_input, "None of your licenses is on that machine.",
        "List the machines to see which there are."),
    ROW(release_too_soon, too_many_resets, not_permitted, "A machine was released not long ago.",
        "Wait until the time the service names, or ask whoever runs it."),
    ROW(revocation_list_invalid, invalid_crl, corrupted, "This is not a revocation list signed by an issuer.",
        "Get it from the issuer again."),

    ROW(revocation_list_outdated, invalid_crl, invalid_input,
        "A newer revocation list of this issuer is there already.",
        "Give the list a higher version, if its content is newer."),
    ROW(request_malformed, bad_data, invalid_input, "The request is not one this service understands.",
        "Compare it with docs/service/openapi.yaml, or update the client."),
    ROW(request_not_authentic, bad_request_id, wrong_key,
        "The request is not signed as it must be, or was sent before.",
        "Sign each request anew, with the machine's key, the time and a new nonce."),
    ROW(request_too_large, bad_data, invalid_input, "The request is larger than permitted.", "Ask in smaller parts."),
    ROW(ledger_not_accessible, unable_to_open_data_store, system_failed, "The ledger may not be read or written.",
        "Run the service as the user whose ledger it is, and check the folder."),
    ROW(ledger_full, license_store_save_error, system_failed, "There is no room for the ledger.",
        "Make room on the disk; nothing that was answered is lost."),
    ROW(ledger_failed, backup_restore_failure, system_failed, "The ledger could not be read or written.",
        "Check the disk it is on, and start the service again."),
    ROW(ledger_damaged, datastore_corrupt, corrupted, "The ledger is damaged, or is none.",
        "Put it back from a copy of its database."),
    ROW(ledger_version_unsupported, license_open_error, invalid_input, "The ledger was written by a newer version.",
        "Update this software and try again."),
    ROW(service_key_exists, e_accessdenied, invalid_input, "There is a key of a service already.",
        "Keep it: what was sealed to it cannot be opened with another. Name another file for a new one."),
    ROW(service_key_exposed, secure_store_unlock_error, not_permitted,
        "The key file of the service can be read by others.",
        "Make it readable by its owner only (chmod 600), if nobody else has read it."),
    ROW(service_key_damaged, secure_store_error, corrupted, "The key file of the service is damaged, or is none.",
        "Put it back from a copy."),
    ROW(certificate_unusable, invalid_certificate, invalid_input,
        "The certificate or its private key cannot be used for TLS.",
        "Give both as PEM files that belong together, the certificate first and its chain after it."),
    ROW(address_not_available, e_accessdenied, system_failed, "It is not possible to listen at this address and port.",
        "Choose another port, or end the program that has it."),
};

#undef ROW

constexpr bool in_order() {
  for (std::size_t i = 0; i != std::size(table); ++i)
    if (static_cast<std::size_t>(table[i].code) != i + 1) return false;
  return true;
}
static_assert(in_order(), "the table follows the enumerators, so that info_of is an index");
static_assert(static_cast<std::size_t>(errc::address_not_available) == std::size(table));

bool is_known(int value) noexcept {
  return value >= 1 && static_cast<std::size_t>(value) <= std::size(table);
}

class reinstate_category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "reinstate"; }

  std::string message(int value) const override {
    if (!is_known(value)) return "Unknown error.";
    const error_info& info = info_of(static_cast<errc>(value));
    return std::string(info.text).append(" ").append(info.advice);
  }
};

class hresult_values final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "hresult"; }

  std::string message(int value) const override {
    char text[32];
    std::snprintf(text, sizeof text, "HRESULT 0x%08X", static_cast<unsigned>(value));
    return text;
  }
};

}  // namespace

std::span<const error_info> all_errors() noexcept {
  return table;
}

const error_info& info_of(errc code) noexcept {
  return table[static_cast<std::size_t>(code) - 1];
}

const boost::system::error_category& error_category() noexcept {
  static const reinstate_category instance;
  return instance;
}

const boost::system::error_category& hresult_category() noexcept {
  static const hresult_values instance;
  return instance;
}

error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

std::uint32_t to_hresult(const error_code& ec) noexcept {
  if (!ec.failed()) return 0;
  if (ec.category() == error_category())
    return is_known(ec.value()) ? info_of(static_cast<errc>(ec.value())).hresult : hr::e_fail;
  if (ec.category() == hresult_category()) return static_cast<std::uint32_t>(ec.value());
  return ec == boost::system::errc::not_enough_memory ? hr::e_outofmemory : hr::e_fail;
}

error_code from_hresult(std::uint32_t hresult) noexcept {
  if (hresult == 0) return {};
  const auto row = std::ranges::find(table, hresult, &error_info::hresult);
  if (row != std::end(table)) return row->code;
  return {static_cast<int>(hresult), hresult_category()};
}

std::string_view advice_for(const error_code& ec) noexcept {
  if (ec.category() != error_category() || !is_known(ec.value())) return {};
  return info_of(static_cast<errc>(ec.value())).advice;
}

}  // namespace reinstate
