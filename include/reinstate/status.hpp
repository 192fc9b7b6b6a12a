// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STATUS_HPP
#define REINSTATE_STATUS_HPP

#include <reinstate/error.hpp>
#include <reinstate/license.hpp>
#include <reinstate/report.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace reinstate {

// The subject of an event. The documented ones have their documented numbers (WMT_STATUS); `progress`, which the
// original lacks, has a number outside that range and is not sent to callers of the Windows-named object.
enum class status : std::uint32_t {
  begin = 21,                    // a backup or restore has started: the first event
  individualize = 24,            // this machine is being given its identity
  needs_individualization = 25,  // it has none, and the caller did not permit creating one
  end = 27,                      // done, failed or canceled: the last event, sent exactly once
  connecting = 28,               // restore only: checking whether this machine may have the licenses
  disconnecting = 29,            // restore only: this machine may have them
  error_with_url = 30,           // restore only: this machine may not have them, and a page tells the user what to do
  restricted_license = 31,       // backup only: one license was left out
  progress = 0x10000,
};

// Returns the documented name without its prefix, such as "BACKUPRESTORE_BEGIN"; "PROGRESS" for the one that is not
// documented.
std::string_view name_of(status value) noexcept;

// The license that an event is about.
struct license_reference {
  license_id id;
  key_id key;
  std::string title;
};

// A page for the user.
struct url_reference {
  std::string url;
};

// The phase of an operation.
enum class operation_phase {
  copying,    // licenses are read and written
  checking,   // a backup reads back what it wrote
  comparing,  // a plan, a selection or a health check compares store and backup
};

// The progress of an operation. Totals are those known so far; bytes are of licenses, not of files. Sent at the
// beginning and the end of each phase, and in between at most twenty times a second. [C139]
struct operation_progress {
  operation_phase phase = operation_phase::copying;
  std::uint64_t licenses_done = 0;
  std::uint64_t licenses_total = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

// The progress of individualization.
enum class individualization : std::uint32_t { begin = 1, succeeded = 2, failed = 4, canceled = 8 };

// The data of an event, by status: license_reference with restricted_license, url_reference with error_with_url,
// operation_progress with progress, individualization with individualize, operation_report with end, monostate with the
// others.
using status_payload = std::variant<std::monostate, license_reference, url_reference, operation_progress,
                                    individualization, operation_report>;

// An event of an operation.
struct status_event {
  reinstate::status status = status::begin;
  error_code error;  // the result with `end`; the reason with restricted_license, error_with_url, and an
                     // individualization that failed or was canceled
  status_payload payload;
};

}  // namespace reinstate

#endif
