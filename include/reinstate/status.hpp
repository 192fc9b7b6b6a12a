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

// What an event is about. The documented ones have their documented numbers (WMT_STATUS); `progress`, which the
// original lacks, has one outside that range and is not sent to callers of the Windows-named object.
enum class status : std::uint32_t {
  begin = 21,                    // a backup or restore has started: the first event
  individualize = 24,            // this machine is being given its identity
  needs_individualization = 25,  // it has none, and the caller did not permit making one
  end = 27,                      // done, failed or canceled: the last event, exactly one
  connecting = 28,               // restore only: whether this machine may have the licenses is being decided
  disconnecting = 29,            // restore only: it was accepted
  error_with_url = 30,           // restore only: it was not, and a page says what the user can do
  restricted_license = 31,       // backup only: one license was left out
  progress = 0x10000,
};

// The name as documented, without its prefix: "BACKUPRESTORE_BEGIN"; "PROGRESS" for ours.
std::string_view name_of(status value) noexcept;

struct license_reference {
  license_id id;
  key_id key;
  std::string title;
};

struct url_reference {
  std::string url;
};

// How far an operation is. Totals are what is known so far; bytes are of licenses, not of files.
// Sent at the beginning and the end of each phase, and between them at most twenty times a second. [C139]
struct operation_progress {
  enum class phase { copying, checking, comparing };

  phase what = phase::copying;  // a backup copies, then reads what it wrote back and checks it; a plan, a selection and
                                // a look at a store's health compare
  std::uint64_t licenses_done = 0;
  std::uint64_t licenses_total = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_total = 0;
};

enum class individualization : std::uint32_t { begin = 1, succeeded = 2, failed = 4, canceled = 8 };

// What an event carries besides its status, by status: license_reference with restricted_license, url_reference with
// error_with_url, operation_progress with progress, individualization with individualize, operation_report with end,
// nothing with the others.
using status_payload = std::variant<std::monostate, license_reference, url_reference, operation_progress,
                                    individualization, operation_report>;

struct status_event {
  reinstate::status status = status::begin;
  error_code error;  // the result with `end`; the reason with restricted_license, error_with_url and an
                     // individualization that failed or was canceled
  status_payload payload;
};

}  // namespace reinstate

#endif
