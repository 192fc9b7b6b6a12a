// SPDX-License-Identifier: BSL-1.0
#include "output/error_subject.hpp"
#include "catch.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using reinstate::error_code;
using reinstate::error_info;
using tool::error_subject;

namespace {

struct expectation {
  error_subject subject;
  std::vector<std::string_view> beginnings;  // of the names of errors
};

// The longest beginning counts.
const std::vector<expectation> expected = {
    {error_subject::backup,
     {"backup_", "nothing_to_back_up", "no_backup", "no_key_for_backup", "generation_", "path_", "medium_",
      "wrong_passphrase", "recovery_", "key_slot_", "last_key_slot", "work_factor_", "manifest_", "volume_"}},
    {error_subject::store, {"store_", "license_damaged"}},
    {error_subject::identity, {"needs_individualization", "individualiz", "identity_"}},
    {error_subject::none,
     {"invalid_argument",
      "property_not_set",
      "busy",
      "operation_canceled",
      "out_of_memory",
      "passphrase_",
      "plan_outdated",
      "license_",
      "keyring_unavailable",
      "backup_right_absent",
      "service_required",
      "content_key_unavailable",
      "not_backed_up",
      "not_all_licenses_stored",
      "only_in_backup",
      "changed_since_backup",
      "changed_since_plan",
      "import_",
      "service_",
      "network_forbidden",
      "machine_limit_reached",
      "daily_limit_reached",
      "issuer_unknown",
      "ownership_not_proven",
      "machine_not_found",
      "release_too_soon",
      "revocation_list_",
      "request_",
      "ledger_",
      "certificate_unusable",
      "address_not_available"}},
};

// Returns nullptr if no beginning fits: a new error needs a decision.
const expectation* expected_for(std::string_view name) {
  const expectation* best = nullptr;
  std::size_t longest = 0;
  for (const expectation& each : expected)
    for (const std::string_view beginning : each.beginnings)
      if (name.starts_with(beginning) && beginning.size() > longest) {
        best = &each;
        longest = beginning.size();
      }
  return best;
}

}  // namespace

TEST_CASE("every error has the subject that its name suggests", "[tool]") {
  for (const error_info& row : reinstate::all_errors()) {
    INFO(std::string(row.name));
    const expectation* const want = expected_for(row.name);
    REQUIRE(want != nullptr);
    CHECK(tool::subject_of(reinstate::make_error_code(row.code)) == want->subject);
  }
}

TEST_CASE("an error of the system has no subject", "[tool]") {
  CHECK(tool::subject_of(error_code(2, boost::system::system_category())) == error_subject::none);
  CHECK(tool::subject_of(error_code()) == error_subject::none);
}
