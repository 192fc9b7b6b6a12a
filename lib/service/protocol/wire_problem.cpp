// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/json_document.hpp"
#include "service/protocol/problem_names.hpp"
#include "service/protocol/wire.hpp"

#include <algorithm>
#include <array>

namespace reinstate::service {
namespace {

constexpr std::size_t max_detail = 1'000;

struct named_problem {
  errc code;
  std::string_view name;
};

// The names are part of the protocol: no name is ever changed or given another meaning.
constexpr std::array names = {
    named_problem{errc::request_malformed, "request-malformed"},
    named_problem{errc::request_not_authentic, "request-not-authentic"},
    named_problem{errc::request_too_large, "request-too-large"},
    named_problem{errc::invalid_argument, "request-invalid"},
    named_problem{errc::service_clock_differs, "clock-differs"},
    named_problem{errc::service_busy, "too-many-requests"},
    named_problem{errc::service_unavailable, "unavailable"},
    named_problem{errc::ownership_not_proven, "ownership-not-proven"},
    named_problem{errc::machine_not_found, "machine-not-found"},
    named_problem{errc::release_too_soon, "release-too-soon"},
    // Reasons for refusing a license.
    named_problem{errc::machine_limit_reached, "machine-limit-reached"},
    named_problem{errc::daily_limit_reached, "daily-limit-reached"},
    named_problem{errc::license_revoked, "license-revoked"},
    named_problem{errc::backup_right_absent, "backup-right-absent"},
    named_problem{errc::license_expired, "license-expired"},
    named_problem{errc::issuer_unknown, "issuer-unknown"},
    named_problem{errc::license_not_authentic, "license-not-authentic"},
};

// Returns the error for a problem whose name is unknown.
errc problem_of_status(unsigned status) noexcept {
  if (status == 429) return errc::service_busy;
  return status >= 500 ? errc::service_unavailable : errc::service_answer_invalid;
}

}  // namespace

// Any other error of a service means to clients that it is unavailable; they do not learn what failed.
std::string_view name_of_problem(const error_code& error) noexcept {
  const auto* const found = std::ranges::find_if(names, [&](const auto& row) { return error == row.code; });
  return found == names.end() ? "unavailable" : found->name;
}

std::optional<errc> problem_of_name(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(names, name, &named_problem::name);
  return found == names.end() ? std::nullopt : std::optional(found->code);
}

std::string write_problem(const problem& problem) {
  const auto name = name_of_problem(problem.error);
  json out{{"type", std::string(problems_path).append(name)},
           {"title", info_of(problem_of_name(name).value()).text},
           {"status", problem.status},
           {"detail", problem.detail}};
  if (problem.retry_after) out["retry_after"] = as_json(std::chrono::sys_seconds(*problem.retry_after));
  if (problem.now) out["now"] = as_json(*problem.now);
  return dump(out);
}

result<problem> read_problem(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader members(*document, bad);
  problem out;
  const std::string type = members.text("type", 200);
  const std::uint64_t status = members.number("status");
  if (!type.starts_with(problems_path) || status < 400 || status > 599) members.fail();
  if (members.has("detail")) out.detail = members.text("detail", max_detail);
  if (members.has("retry_after")) out.retry_after = members.instant("retry_after").time_since_epoch();
  if (members.has("now")) out.now = members.instant("now");
  if (bad) return errc::service_answer_invalid;
  out.status = static_cast<unsigned>(status);
  out.error =
      problem_of_name(std::string_view(type).substr(problems_path.size())).value_or(problem_of_status(out.status));
  return out;
}

}  // namespace reinstate::service
