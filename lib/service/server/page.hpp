// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_PAGE_HPP
#define REINSTATE_SERVICE_SERVER_PAGE_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/service/service_desk.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The HTML pages for users, without scripts and without resources from other origins. Names are untrusted text and are
// escaped.

namespace reinstate::service {

inline constexpr std::string_view page_path = "/machines";

// The result of the user's last action, shown above the list.
enum class page_notice { none, released, too_soon, not_found, failed };

// Convert from and to the value of the field "done". Any other value is `none`.
std::string_view name_of(page_notice notice) noexcept;
page_notice notice_of(std::string_view name) noexcept;

// Convert from and to a machine id as users see it everywhere: 64 hexadecimal digits. `machine_of` returns
// nullopt for any other text.
std::string text_of(const machine_id& machine);
std::optional<machine_id> machine_of(std::string_view text);

struct page_maker {
  const service_description& description;

  std::string index() const;
  std::string machines(const machine_list& list, std::string_view ticket, page_notice notice) const;

  // Asks the user to confirm a release. `order` identifies the release, so that repeating the request has no effect.
  std::string confirmation(const managed_machine& machine, std::string_view ticket, std::string_view order,
                           std::chrono::seconds cool_down) const;

  // Explains how to get a valid link. `has_expired`: there was a ticket, but it is forged or too old.
  std::string no_ticket(bool has_expired) const;

  // Explains an error and what to do about it.
  std::string help(const error_info& error) const;

  // Shows a message instead of a page, when a request failed.
  std::string message(std::string_view heading, std::string_view text) const;
};

// Returns the Content-Security-Policy, which permits only the page's own style sheet and forms sent to this origin.
std::string page_security_policy();

}  // namespace reinstate::service

#endif
