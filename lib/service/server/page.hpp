// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_PAGE_HPP
#define REINSTATE_SERVICE_SERVER_PAGE_HPP

#include <reinstate/managed/license_management_service.hpp>
#include <reinstate/service/service_desk.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The pages that people see: HTML without scripts and without anything from elsewhere. Every name in them is foreign
// text and is escaped.

namespace reinstate::service {

inline constexpr std::string_view page_path = "/machines";

// What a person is told about what he did last.
enum class page_notice { none, released, too_soon, not_found, failed };

// As the value of the field "done", and back; anything else is none.
std::string_view name_of(page_notice notice) noexcept;
page_notice notice_of(std::string_view name) noexcept;

// A machine's id as people see it everywhere: 64 hexadecimal digits.
std::string text_of(const machine_id& machine);
std::optional<machine_id> machine_of(std::string_view text);

struct page_maker {
  const service_description& about;

  std::string index() const;
  std::string machines(const machine_list& list, std::string_view ticket, page_notice notice) const;

  // Asks whether it is meant. `order` makes the release one that can be repeated.
  std::string confirmation(const managed_machine& machine, std::string_view ticket, std::string_view order,
                           std::chrono::seconds cool_down) const;

  // Without a ticket, or with one that is forged or too old.
  std::string no_ticket(bool had_one) const;

  // What an error means, and what to do.
  std::string help(const error_info& about_error) const;

  // Where nothing else can be shown.
  std::string trouble(std::string_view heading, std::string_view text) const;
};

// What the Content-Security-Policy permits: this one style sheet, and forms that come back here.
std::string page_security_policy();

}  // namespace reinstate::service

#endif
