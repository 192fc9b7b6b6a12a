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

#define ROW(code, hresult, kind, subject, text, advice) \
  { errc::code, hr::hresult, error_kind::kind, error_subject::subject, #code, text, advice }

// In the order of the enumerators. If several share an HRESULT, that HRESULT maps back to the first of them.
constexpr error_info table[] = {
    ROW(invalid_argument, e_invalidarg, invalid_input, call, "An argument of the call is not valid.",
        "Check the call against the header that declares it."),
    ROW(property_not_set, invalid_property, invalid_input, call, "A property that this call needs is not set.",
        "Set BackupPath before a backup and RestorePath before a restore."),
    ROW(busy, backuprestore_busy, invalid_input, call, "Another backup or restore of this object is still running.",
        "Wait for its last event, or cancel it."),
    ROW(operation_canceled, operation_canceled, canceled, call, "The operation was canceled.",
        "Nothing was changed. Start it again at any time."),
    ROW(out_of_memory, e_outofmemory, system_failed, call, "There is not enough memory.",
        "Close other programs and try again."),
    ROW(passphrase_required, not_configured, invalid_input, call, "A passphrase is needed and none was given.",
        "Enter the passphrase of the backup, or choose one for a new backup."),
    ROW(passphrase_empty, not_configured, invalid_input, call, "The passphrase is empty.",
        "Choose a passphrase of several words. It opens the backup on a new machine."),
    ROW(plan_outdated, e_unexpected, invalid_input, call,
        "The licenses or the backup have changed since the plan was made.",
        "Review the changes, make a new plan, and confirm it."),

    ROW(backup_exists, backup_exists, invalid_input, backup, "There is a backup at this path already.",
        "Choose another folder, or allow overwriting. The old backup stays until the new one has been verified."),
    ROW(nothing_to_back_up, backup_exists, invalid_input, backup,
        "There are no licenses to back up, but the backup at this path contains licenses.",
        "On a new machine, restore that backup first. To make an empty backup, choose another folder."),
    ROW(no_backup, backup_corrupt, corrupted, backup, "There is no backup at this path.",
        "Plug in the medium, or choose the folder that contains README.txt and the numbered folders of a backup."),
    ROW(generation_not_found, backup_corrupt, invalid_input, backup, "The backup has no generation with that number.",
        "Choose one of the listed generations."),
    ROW(path_not_absolute, e_invalidarg, invalid_input, path, "The path is not absolute.",
        "Give the full path, starting at the root of the file system."),
    ROW(path_not_found, wmpbr_drive_invalid, system_failed, path, "The path does not exist.",
        "Check the path, and try again."),
    ROW(path_not_a_directory, wmpbr_drive_invalid, system_failed, path, "The path is not a folder.",
        "Choose a folder."),
    ROW(path_not_accessible, e_accessdenied, system_failed, path, "The path cannot be accessed.",
        "Check the permissions of the file or folder."),
    ROW(medium_read_only, wmpbr_drive_invalid, system_failed, path, "The file system is read-only.",
        "Remove the write protection, or choose another location."),
    ROW(medium_full, wmpbr_drive_invalid, system_failed, path, "The disk is full.", "Free some space, and try again."),
    ROW(medium_in_use, drm_busy, system_failed, path,
        "Another operation is using this path, or has changed it in the meantime.",
        "Wait for the other operation to end, and try again."),
    ROW(medium_failed, wmpbr_failed, system_failed, path, "The disk could not be read or written.",
        "Check the disk, and try again."),

    ROW(wrong_passphrase, invalid_securestore_password, wrong_key, backup, "The passphrase does not open this backup.",
        "Check the spelling, and check that the passphrase belongs to this backup."),
    ROW(no_key_for_backup, invalid_securestore_password, wrong_key, backup, "The given key does not open this backup.",
        "Use the machine that made the backup, or the recovery key of this backup."),
    ROW(recovery_code_mistyped, invalid_securestore_password, invalid_input, backup,
        "This is not a recovery code: a character is wrong or missing.",
        "Compare it with the printed code, group by group."),
    ROW(work_factor_too_high, invalid_data, corrupted, backup,
        "Opening the recovery file would take more memory than permitted.",
        "This software did not make the file. Raise the accepted work factor only if you trust its origin."),
    ROW(backup_version_unsupported, invalid_data, invalid_input, backup, "The backup was made by a newer version.",
        "Update this software and try again."),
    ROW(key_slot_missing, backup_corrupt, corrupted, backup, "The recovery file of the backup is missing.",
        "Copy it from another copy of the backup, or restore on the machine that made the backup."),
    ROW(key_slot_damaged, backup_corrupt, corrupted, backup, "The recovery file of the backup is damaged.",
        "Replace it from another copy of the backup, or restore on the machine that made the backup."),
    ROW(recovery_key_exposed, secure_store_unlock_error, not_permitted, backup,
        "The recovery key of this backup is stored unprotected beside it, so anyone could have made the backup.",
        "If you trust everyone who had access to the medium, allow readable recovery keys (--readable-key)."),
    ROW(key_slot_not_found, backup_corrupt, invalid_input, backup, "The backup has no such key slot.",
        "Choose one of the listed key slots."),
    ROW(last_key_slot, e_accessdenied, not_permitted, backup,
        "This is the last key slot that opens the backup on another machine.", "Add another key slot first."),
    ROW(manifest_damaged, backup_corrupt, corrupted, backup, "The manifest of the backup is missing or damaged.",
        "Use another copy of the backup, or open its license files with age as README.txt explains."),
    ROW(generation_missing, backup_corrupt, corrupted, backup,
        "An earlier generation that this one builds on is missing.",
        "Copy it to this folder, restore an earlier generation, or restore what is left (salvage)."),
    ROW(backup_not_authentic, backup_corrupt, corrupted, backup, "The backup was not written by a holder of its keys.",
        "Do not trust it. Restore an earlier generation by its number, restore what is genuine (salvage), or use "
        "another copy."),
    ROW(volume_missing, backup_corrupt, corrupted, backup, "A file of the backup is missing.",
        "Copy the whole backup folder again."),
    ROW(backup_truncated, backup_corrupt, corrupted, backup, "A file of the backup is incomplete.",
        "Copy the backup folder again. The copy was probably interrupted."),
    ROW(backup_damaged, backup_corrupt, corrupted, backup, "A file of the backup is damaged.",
        "Use another copy, or restore what is intact (salvage). If a backup ends with this error, overwrite it: "
        "licenses that the store cannot supply stay in the old backup."),
    ROW(backup_mixed, backup_corrupt, corrupted, backup, "A file of this backup belongs to another backup.",
        "Copy each backup to a folder of its own."),
    ROW(backup_salvaged, backup_corrupt, corrupted, backup, "The backup is damaged. What is intact was restored.",
        "See the report. It lists the damage, and the lost licenses as far as they are known."),
    ROW(license_lost, backup_corrupt, corrupted, license, "This license was in a damaged part of the backup.",
        "Restore it from another copy, or get it from its issuer again."),

    ROW(store_not_found, unable_to_open_data_store, system_failed, store, "The license store does not exist.",
        "Check where the player keeps its licenses."),
    ROW(store_not_accessible, unable_to_open_data_store, system_failed, store, "The license store cannot be accessed.",
        "Run this program as the user who owns the licenses."),
    ROW(store_busy, drm_busy, system_failed, store, "Another program is writing to the license store.",
        "Close that program or wait, and try again."),
    ROW(store_full, license_store_save_error, system_failed, store, "There is not enough space for the licenses.",
        "Free some space on the disk, and try again. The store is unchanged."),
    ROW(store_failed, license_store_error, system_failed, store, "The license store could not be read or written.",
        "Check the disk of the store, and try again."),
    ROW(store_damaged, datastore_corrupt, corrupted, store, "The license store is damaged.",
        "Move it away, and restore the licenses from a backup."),
    ROW(store_of_another_machine, invalid_machine, wrong_key, store, "The license store belongs to another machine.",
        "Make a backup on that machine, and restore it here."),
    ROW(store_version_unsupported, license_open_error, invalid_input, store,
        "The license store was written by a newer version.", "Update this software and try again."),
    ROW(license_damaged, unable_to_open_license, corrupted, license,
        "A license in the store is damaged or was modified.",
        "Restore it from a backup, or get it from its issuer again."),
    ROW(license_not_found, license_unavailable, invalid_input, license, "There is no such license.",
        "List the licenses to see what is there."),
    ROW(license_too_large, invalid_license, invalid_input, license, "A license is larger than permitted.",
        "Raise the limit if licenses of this size are expected."),

    ROW(needs_individualization, needs_individualization, not_permitted, identity,
        "This machine has no identity yet, and creating one was not permitted.",
        "Ask the user for permission to individualize this machine."),
    ROW(individualizing, individualizing, system_failed, identity,
        "This machine is being individualized at the moment.", "Wait for that operation to end, and try again."),
    ROW(individualization_failed, individualize_error, system_failed, identity,
        "The identity of this machine could not be created.", "Check the folder of the identity file, and try again."),
    ROW(identity_exposed, secure_store_unlock_error, not_permitted, identity,
        "Other users can read the identity file of this machine.",
        "If no other user has read it, make it readable by its owner only (chmod 600)."),
    ROW(identity_damaged, secure_store_error, corrupted, identity, "The identity file of this machine is damaged.",
        "Replace it with a copy. If there is none, move it away and restore the licenses from a backup."),
    ROW(identity_version_unsupported, secure_store_error, invalid_input, identity,
        "The identity file of this machine was written by a newer version.", "Update this software and try again."),
    ROW(keyring_unavailable, secure_store_error, system_failed, keyring,
        "The key store of the user's session is not available.",
        "Start or unlock it (the keyring of the desktop), and try again."),

    ROW(backup_right_absent, no_rights, not_permitted, license, "The issuer of this license does not permit backups.",
        "Ask the issuer, or get the license again on the new machine."),
    ROW(service_required, restore_service_unavailable, service_unavailable, license,
        "The issuer of this license permits backups only with a License Management Service, and none is configured.",
        "Configure the issuer's service."),
    ROW(license_chain_broken, no_rights, corrupted, license, "This license requires another license, which is missing.",
        "Get that license from its issuer, or back up and restore both together."),
    ROW(content_key_unavailable, unable_to_open_license, not_permitted, license,
        "The content key of this license is reserved for another program.", "Use the program that the issuer names."),
    ROW(license_not_started, license_notenabled, not_permitted, license, "This license is not valid yet.",
        "Wait until its start date, or correct this machine's clock."),
    ROW(license_expired, license_expired, not_permitted, license, "This license has expired.",
        "Get a new one from its issuer, or correct this machine's clock."),
    ROW(license_used_up, license_unusable, not_permitted, license, "This license has no uses left.",
        "Get a new one from its issuer."),
    ROW(not_all_licenses_stored, store_notallstored, not_permitted, license, "Some licenses were left out.",
        "See the report. It gives the reason for each of them."),
    ROW(not_backed_up, license_store_error, system_failed, license, "This license was never backed up.",
        "Back up now."),
    ROW(changed_since_backup, license_store_error, system_failed, license,
        "This license has changed since the last backup.", "Back up now."),
    ROW(only_in_backup, license_store_error, system_failed, license,
        "This license is in the backup, but no longer in the store.",
        "Restore it. If it was removed on purpose, update the backup."),
    ROW(changed_since_plan, license_store_error, invalid_input, license,
        "This license has changed since the plan was made.", "Make a new plan."),

    ROW(import_malformed, invalid_license, invalid_input, input_file,
        "This file is not a license in the expected format.", "Check that the file is complete and has this format."),
    ROW(import_too_large, invalid_license, invalid_input, input_file, "The file is too large to import.",
        "Check that it is a license file. Import large sets in parts."),
    ROW(import_nested_too_deep, invalid_license, invalid_input, input_file, "The file is nested too deeply to import.",
        "Check that it is a license file."),
    ROW(import_key_not_16_bytes, invalid_kid, invalid_input, input_file,
        "A key or key id in the file is not 16 bytes long.", "Ask the issuer for a license with 128-bit keys."),
    ROW(import_algorithm_unknown, unsupported_property, invalid_input, input_file,
        "The file is signed or encrypted with an algorithm that this version does not support.",
        "Ask the issuer for a license with a supported algorithm."),
    ROW(import_signature_invalid, invalid_license, corrupted, input_file,
        "The file was changed, or its signature is not its issuer's.", "Get it from its issuer again."),
    ROW(import_certificate_invalid, invalid_certificate, not_permitted, input_file,
        "The certificate of the file's issuer is not from a trusted authority, or is not valid.",
        "Check this machine's clock and the list of trusted authorities."),
    ROW(import_key_wrong, invalid_securestore_password, wrong_key, input_file, "The given key does not open the file.",
        "Enter the license key or passphrase that came with the file."),

    ROW(service_unavailable, restore_service_unavailable, service_unavailable, service,
        "The License Management Service cannot be reached.",
        "Check the network connection, and try again. Licenses that need no service are restored without it."),
    ROW(service_busy, restore_service_unavailable, service_unavailable, service,
        "The License Management Service is overloaded, or received too many requests.",
        "Wait some minutes, and try again."),
    ROW(service_not_authentic, error_bad_net_resp, wrong_key, service,
        "The answer did not come from the License Management Service whose key is configured.",
        "Check the address and the key of the service, and the network. Do not trust the answer."),
    ROW(service_answer_invalid, error_bad_net_resp, service_unavailable, service,
        "The License Management Service sent an invalid answer.",
        "Update this software. If that does not help, tell the operator of the service."),
    ROW(service_clock_differs, error_bad_net_resp, invalid_input, service,
        "This machine's clock differs too much from that of the License Management Service.",
        "Correct the clock of this machine, and try again."),
    ROW(service_contact_refused, policy_disable_online, not_permitted, service,
        "This license requires the License Management Service, and contacting it was not permitted.",
        "Agree to the contact, and restore again. Licenses already restored are kept."),
    ROW(network_forbidden, policy_disable_online, not_permitted, service,
        "This license requires the License Management Service, and the policy of this machine forbids network access.",
        "Ask the administrator of this machine."),
    ROW(machine_limit_reached, restore_fraud, not_permitted, license,
        "This license is on as many machines as its issuer permits.",
        "Release a machine that you no longer use, on the page of the service or with the backup's passphrase."),
    ROW(daily_limit_reached, cannot_restore, not_permitted, license,
        "This license was restored on as many new machines today as its issuer permits in a day.",
        "Try again tomorrow."),
    ROW(license_revoked, license_content_revoked, not_permitted, license, "The issuer has revoked this license.",
        "Ask the issuer."),
    ROW(license_not_authentic, invalid_license, corrupted, license,
        "This license differs from its issuer's statement, or no trusted issuer signed the statement.",
        "Get it from its issuer again."),
    ROW(issuer_unknown, invalid_certificate, not_permitted, license,
        "The service does not know the issuer of this license.", "Configure the issuer's own service."),
    ROW(ownership_not_proven, e_accessdenied, wrong_key, service, "You have not proven that you own these licenses.",
        "Open the backup with its passphrase or another recovery key, and try again."),
    ROW(machine_not_found, hardwareid_mismatch, invalid_input, service, "None of your licenses is on that machine.",
        "List the machines to see what is there."),
    ROW(release_too_soon, too_many_resets, not_permitted, service, "A machine was released only recently.",
        "Wait until the time that the service names, or ask its operator."),
    ROW(revocation_list_invalid, invalid_crl, corrupted, input_file,
        "This is not a revocation list signed by an issuer.", "Get it from the issuer again."),

    ROW(revocation_list_outdated, invalid_crl, invalid_input, input_file,
        "A newer revocation list of this issuer is already present.",
        "If this list is newer, give it a higher version."),
    ROW(request_malformed, bad_data, invalid_input, service, "The service does not understand this request.",
        "Compare it with docs/service/openapi.yaml, or update the client."),
    ROW(request_not_authentic, bad_request_id, wrong_key, service,
        "The request is not signed correctly, or was sent before.",
        "Sign each request with the machine's key, the time and a new nonce."),
    ROW(request_too_large, bad_data, invalid_input, service, "The request is larger than permitted.",
        "Split the request."),
    ROW(ledger_not_accessible, unable_to_open_data_store, system_failed, ledger, "The ledger cannot be accessed.",
        "Run the service as the user who owns the ledger, and check its folder."),
    ROW(ledger_full, license_store_save_error, system_failed, ledger, "There is not enough space for the ledger.",
        "Free some space on the disk. Every answer already given is kept."),
    ROW(ledger_failed, backup_restore_failure, system_failed, ledger, "The ledger could not be read or written.",
        "Check the disk of the ledger, and restart the service."),
    ROW(ledger_damaged, datastore_corrupt, corrupted, ledger, "The ledger is damaged, or the file is not a ledger.",
        "Replace it with a copy of its database."),
    ROW(ledger_version_unsupported, license_open_error, invalid_input, ledger,
        "The ledger was written by a newer version.", "Update this software and try again."),
    ROW(service_key_exists, e_accessdenied, invalid_input, service, "A service key already exists.",
        "Keep it: data sealed to it cannot be opened with another key. For a new key, choose another file."),
    ROW(service_key_exposed, secure_store_unlock_error, not_permitted, service,
        "Other users can read the key file of the service.",
        "If no other user has read it, make it readable by its owner only (chmod 600)."),
    ROW(service_key_damaged, secure_store_error, corrupted, service,
        "The key file of the service is damaged, or is not a key file.", "Replace it with a copy."),
    ROW(certificate_unusable, invalid_certificate, invalid_input, service,
        "The certificate or its private key cannot be used for TLS.",
        "Give both as PEM files that belong together. Put the certificate first, followed by its chain."),
    ROW(address_not_available, e_accessdenied, system_failed, service,
        "The service cannot listen at this address and port.",
        "Choose another port, or stop the program that uses it."),
};

#undef ROW

// The advice for an error of a path that depends on what the path holds.
struct path_advice {
  errc code;
  error_subject subject;
  std::string_view advice;
};

constexpr path_advice path_advices[] = {
    {errc::path_not_absolute, error_subject::backup,
     "Give the full path of the backup folder, such as /media/stick/licenses."},
    {errc::path_not_found, error_subject::backup, "Plug in the medium, or create the folder, and try again."},
    {errc::path_not_a_directory, error_subject::backup, "Choose a folder for the backup."},
    {errc::path_not_accessible, error_subject::backup,
     "Ask the owner of the folder for permission, or choose another folder."},
    {errc::medium_read_only, error_subject::backup,
     "Remove the write protection of the medium, or use another medium."},
    {errc::medium_full, error_subject::backup,
     "Free some space on the medium, or use a larger one. The existing backup is intact."},
    {errc::medium_in_use, error_subject::backup,
     "Wait for the other operation to end. Then inspect the backup, and start again if this is still needed."},
    {errc::medium_failed, error_subject::backup, "Try again with another medium. Do not trust this one."},

    {errc::path_not_found, error_subject::store, "Check the folder where the player keeps its licenses."},
    {errc::path_not_a_directory, error_subject::store, "Choose a folder for the license store."},
    {errc::path_not_accessible, error_subject::store, "Run this program as the user who owns the licenses."},
    {errc::medium_full, error_subject::store, "Free some space on the disk of the license store, and try again."},
    {errc::medium_failed, error_subject::store, "Check the disk of the license store, and try again."},

    {errc::path_not_found, error_subject::identity, "Check the folder of the identity file."},
    {errc::path_not_a_directory, error_subject::identity, "Choose a folder for the identity file."},
    {errc::path_not_accessible, error_subject::identity, "Run this program as the user who owns the identity file."},
    {errc::medium_full, error_subject::identity, "Free some space on the disk of the identity file, and try again."},
    {errc::medium_failed, error_subject::identity, "Check the disk of the identity file, and try again."},

    {errc::path_not_found, error_subject::input_file, "Check the name of the file."},
    {errc::path_not_a_directory, error_subject::input_file, "Check the name of the file and of its folder."},
    {errc::path_not_accessible, error_subject::input_file, "Choose a file that you have permission to read."},
    {errc::medium_failed, error_subject::input_file, "Check the disk of the file, or use another copy of it."},

    {errc::path_not_found, error_subject::ledger, "Check the folder of the ledger."},
    {errc::path_not_a_directory, error_subject::ledger, "Choose a folder for the ledger."},
    {errc::path_not_accessible, error_subject::ledger, "Run the service as the user who owns the ledger."},

    {errc::path_not_found, error_subject::service, "Check the name of the file and of its folder."},
    {errc::path_not_accessible, error_subject::service, "Run the service as the user who owns the file."},
};

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

std::string_view advice_for(const error_code& ec, error_subject subject) noexcept {
  for (const path_advice& entry : path_advices)
    if (ec == entry.code && entry.subject == subject) return entry.advice;
  return advice_for(ec);
}

}  // namespace reinstate
