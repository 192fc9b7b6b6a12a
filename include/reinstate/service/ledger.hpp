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

// The persistent state of a License Management Service: which machines have which license, how far each license was
// used, the known issuers and revocations, and the audit trail. It contains no private or license keys, payloads or
// titles.

namespace reinstate {

// One machine's request for a slot of one license.
struct slot_claim {
  license_id license;
  machine_id machine{};
  std::string machine_name;                // at most 100 bytes; empty: keeps the known name
  machine_id origin{};                     // the machine that made the backup: gets the first slot of a license that is
                                           // new to the ledger, whatever the limit
  std::uint32_t limit = 4;                 // of machines in total
  license_state state;                     // as the machine knows it; counts if the claim succeeds
  std::optional<x25519_public_key> owner;  // proven: becomes an owner if the license has none, or if `origin` had the
                                           // license before this claim; even if the claim is refused
  bool take_over_origin = false;           // take over the slot of `origin`, if it has one, instead of a new slot
  std::uint32_t max_takeovers = 1;         // at most so many of one license in `takeover_period`
  std::chrono::seconds takeover_period{};
  std::uint32_t daily = 0;  // at most so many new slots of one license in 24 hours; 0: no limit
};

enum class claim_result : std::uint8_t {
  known,        // the machine already had a slot [C93, C95]
  taken,        // the machine got a new slot [C94]
  taken_over,   // the machine got the slot of the origin
  at_limit,     // refused; at most adds the owner and an entry in the audit trail [C96]
  daily_limit,  // the same [C103]
};

struct claim_outcome {
  claim_result decision = claim_result::at_limit;
  std::uint32_t machines = 0;  // that have the license after the claim
  license_state state;         // the most used of all reported states: the lowest count, the earliest first use
};

// Releases the slot that one machine has of one license.
struct slot_release {
  license_id license;
  machine_id machine{};
  std::array<std::byte, 16> order{};  // identifies the release; repeating it changes nothing
  std::chrono::seconds cool_down{};   // since the last release of this license; 0 for an operator
  bool by_operator = false;           // for the audit trail
};

enum class release_result : std::uint8_t { released, already_released, not_there, too_soon };

struct release_outcome {
  release_result decision = release_result::not_there;
  std::chrono::sys_seconds next_release{};  // the earliest time of the next release
};

// A machine's report of how far one license was used. Ignored unless the machine has a slot of the license.
struct slot_use {
  license_id license;
  machine_id machine{};
  license_state state;
};

// The slot that one machine has of one license, or had until it was released.
struct owned_slot {
  license_id license;
  machine_id machine{};
  std::string machine_name;
  std::chrono::sys_seconds first{}, last{};
  std::uint32_t limit = 0;                               // of the license, as of the last granted claim
  std::optional<std::chrono::sys_seconds> last_release;  // of the license
  std::optional<std::array<std::byte, 16>> released_by;  // the order that released it; nullopt: not released
};

// One entry of the audit trail. Refused claims for one license make at most one entry per hour.
struct audit_entry {
  std::uint64_t number = 0;  // ascending, assigned by the ledger
  std::chrono::sys_seconds time{};
  std::string event;  // "slot_taken", "slot_taken_over", "limit_reached", "released", "released_by_operator", ...
  std::optional<license_id> license;
  std::optional<machine_id> machine;
  std::string detail;  // short, printable; never a secret
};

// The records that the operator of a service maintains, and the audit trail.
class service_records {
 public:
  virtual ~service_records() = default;

  // Adds an issuer, or replaces one with the same key.
  virtual result<void> put_issuer(const trusted_issuer& issuer) = 0;
  virtual result<std::vector<trusted_issuer>> issuers() = 0;

  // Stores a signed list, whose signature the caller has checked.
  // Errors: revocation_list_outdated if the ledger has a newer list of this issuer, or another one of the same version.
  virtual result<void> put_revocations(const ed25519_public_key& issuer, std::uint64_t version,
                                       std::span<const std::byte> list) = 0;
  // Returns the newest list of each issuer.
  virtual result<std::vector<std::vector<std::byte>>> revocations() = 0;

  // Returns the entries numbered above `after`, in order, at most `count`.
  virtual result<std::vector<audit_entry>> audit(std::uint64_t after, std::size_t count) = 0;
};

// Every claim, release and use concerns one license id, and is decided and written atomically: of several concurrent
// claims for the last slot of a license, exactly one succeeds. The items of one call are independent of each other, so
// that a ledger may distribute licenses over several servers; they share a call so that they can be made durable
// together. Each change of a slot is written together with its entry in the audit trail.
//
// Guarantees: a function's results are durable when it returns; a crash at any moment leaves each license as last
// returned, or as the call in progress would have returned it. Errors of each function: ledger_not_accessible,
// ledger_full, ledger_failed, ledger_damaged. After an error, any part of the call may have happened. Throw
// std::bad_alloc. Thread safety: any function from any thread.
class ledger {
 public:
  virtual ~ledger() = default;

  // Decides claims. Returns one outcome for each claim, in order. `now` is the time of the service's clock.
  virtual result<std::vector<claim_outcome>> claim(std::span<const slot_claim> claims,
                                                   std::chrono::sys_seconds now) = 0;

  // Decides releases. Returns one outcome for each release, in order.
  virtual result<std::vector<release_outcome>> release(std::span<const slot_release> releases,
                                                       std::chrono::sys_seconds now) = 0;

  // Records uses.
  virtual result<void> report(std::span<const slot_use> uses) = 0;

  // Returns the slots of all licenses of an owner, in order of license id and machine, including released ones, so that
  // a repeated order is recognized after its licenses are gone. Reads only.
  virtual result<std::vector<owned_slot>> slots_of(const x25519_public_key& owner) = 0;

  // Lifetime: the reference must not outlive the ledger.
  virtual service_records& records() noexcept = 0;
};

// Makes a ledger in memory, for tests and trials.
std::unique_ptr<ledger> make_memory_ledger();

// Opens a ledger in a SQLite database in write-ahead mode, and creates it if there is none. Several processes may use
// one file at the same time.
// Errors: those of a ledger, and ledger_version_unsupported. Throws std::bad_alloc.
result<std::unique_ptr<ledger>> open_sqlite_ledger(const std::filesystem::path& file);

}  // namespace reinstate

#endif
