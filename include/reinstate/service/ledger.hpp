// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_LEDGER_HPP
#define REINSTATE_SERVICE_LEDGER_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/managed/rights_statement.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What a License Management Service must not forget: which machines have which license, how far each was used, and what
// its operator told it. No key, no payload and no title is in it.

namespace reinstate {

// A machine asks for one license.
struct slot_claim {
  license_id license;
  machine_id machine{};
  std::string machine_name;                // at most 100 bytes; empty: the name that is known stays
  machine_id origin{};                     // the machine that backed it up: has the first place of a license that the
                                           // ledger did not know, whatever the limit [L4]
  std::uint32_t limit = 4;                 // machines in all
  license_state state;                     // as the machine knows it: counts where it has the license afterwards
  std::optional<x25519_public_key> owner;  // proven: becomes an owner where the license has none, or where `origin` had
                                           // the license before this claim; at a limit as well
  bool take_over_origin = false;           // instead of a place of its own it gets that of `origin`, if that has one
  std::uint32_t max_takeovers = 1;         // at most so many of one license in `takeover_period`
  std::chrono::seconds takeover_period{};
  std::uint32_t daily = 0;  // at most so many new places of one license in 24 hours; 0: no limit
};

enum class claim_result : std::uint8_t {
  known,        // the machine had the license already [C93, C95]
  taken,        // it has one more place now [C94]
  taken_over,   // it has the place of the origin now
  at_limit,     // refused: no more than the owner became known, and the refusal may be in the trail [C96]
  daily_limit,  // the same [C103]
};

struct claim_outcome {
  claim_result what = claim_result::at_limit;
  std::uint32_t machines = 0;  // that have the license now
  license_state state;         // the furthest of all that counted: the lowest count, the earliest first use
};

// Takes one license from one machine.
struct slot_release {
  license_id license;
  machine_id machine{};
  std::array<std::byte, 16> order{};  // the same order again changes nothing
  std::chrono::seconds cool_down{};   // since the last release of this license; 0 for an operator
  bool by_operator = false;           // for the audit trail
};

enum class release_result : std::uint8_t { released, already_released, not_there, too_soon };

struct release_outcome {
  release_result what = release_result::not_there;
  std::chrono::sys_seconds next_release{};  // no release before that
};

// A machine tells how far one license was used. Counts only where it has the license.
struct slot_use {
  license_id license;
  machine_id machine{};
  license_state state;
};

// One machine that has one license, or had it until it was released.
struct owned_slot {
  license_id license;
  machine_id machine{};
  std::string machine_name;
  std::chrono::sys_seconds first{}, last{};
  std::uint32_t limit = 0;                               // of the license, as it was granted last
  std::optional<std::chrono::sys_seconds> last_release;  // of the license
  std::optional<std::array<std::byte, 16>> released_by;  // the order that took the license from it; nothing: has it
};

// One line of the audit trail. Of claims for one license that were refused, there is at most one line an hour.
struct audit_entry {
  std::uint64_t number = 0;  // ascending, given by the ledger
  std::chrono::sys_seconds time{};
  std::string what;  // "slot_taken", "slot_taken_over", "limit_reached", "released", "released_by_operator", ...
  std::optional<license_id> license;
  std::optional<machine_id> machine;
  std::string detail;  // short, of printable characters; never a secret
};

// What the operator of a service tells it.
class service_records {
 public:
  virtual ~service_records() = default;

  // In place of one with the same key.
  virtual result<void> put_issuer(const trusted_issuer& issuer) = 0;
  virtual result<std::vector<trusted_issuer>> issuers() = 0;

  // A signed list, whose signature the caller has checked; kept unless a newer one of the same issuer is there, or
  // another one of the same version.
  // Errors: revocation_list_outdated.
  virtual result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                                       std::span<const std::byte> list) = 0;
  // The newest list of every issuer.
  virtual result<std::vector<std::vector<std::byte>>> revocations() = 0;

  // Entries with a number above `after`, in order, at most `count`.
  virtual result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count) = 0;
};

// Every claim, release and use touches one license id, and is decided and written as one: of several claims for the
// last place of a license, made at the same instant, exactly one gets it. Several in one call are independent of each
// other, so that a ledger may spread licenses over many machines; they are together in one call so that they may be
// made durable together. What changes a place writes a line of the audit trail with it.
//
// Guarantees: when a function has returned, what it told is durable; a crash at any moment leaves each license as it
// was told, or as it would have been told next. Errors, of each function: ledger_not_accessible, ledger_full,
// ledger_failed, ledger_damaged. Of a call that failed, any part may have happened. Throw std::bad_alloc. Thread
// safety: any function from any thread.
class ledger {
 public:
  virtual ~ledger() = default;

  // One outcome for each claim, in order. `now` is the service's clock.
  virtual result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims,
                                                   std::chrono::sys_seconds now) = 0;

  virtual result<std::vector<release_outcome>> release(std::span<const slot_release> releases,
                                                       std::chrono::sys_seconds now) = 0;

  virtual result<void> report(std::span<const slot_use> uses) = 0;

  // The places of all licenses of an owner, in order of license id and machine, and those that orders took away, so
  // that an order that comes again is known where its licenses are no longer. Reads only.
  virtual result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) = 0;

  // Lifetime: the ledger's.
  virtual service_records& records() noexcept = 0;
};

// Forgets everything when it ends: for tests and for trying things out.
std::unique_ptr<ledger> make_memory_ledger();

// One SQLite database, in write-ahead mode, durable before each call returns. Made where there is none; several
// processes may use one file at a time.
// Errors: those of a ledger, and ledger_version_unsupported. Throws std::bad_alloc.
result<std::unique_ptr<ledger>> open_sqlite_ledger(const std::filesystem::path& file);

}  // namespace reinstate

#endif
