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

// The names are part of the protocol: none is ever changed, and none gets another meaning.
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
    // Why a license was refused.
    named_problem{errc::machine_limit_reached, "machine-limit-reached"},
    named_problem{errc::daily_limit_reached, "daily-limit-reached"},
    named_problem{errc::license_revoked, "license-revoked"},
    named_problem{errc::backup_right_absent, "backup-right-absent"},
    named_problem{errc::license_expired, "license-expired"},
    named_problem{errc::issuer_unknown, "issuer-unknown"},
    named_problem{errc::license_not_authentic, "license-not-authentic"},
};

// The meaning of a problem whose name is not known here.
errc problem_of_status(unsigned status) noexcept {
  if (status == 429) return errc::service_busy;
  return status >= 500 ? errc::service_unavailable : errc::service_answer_invalid;
}

}  // namespace

// Whatever else goes wrong in a service, to a client it is not available: where is nobody's business.
std::string_view name_of_problem(const error_code& error) noexcept {
  const auto* const found = std::ranges::find_if(names, [&](const auto& row) { return error == row.code; });
  return found == names.end() ? "unavailable" : found->name;
}

std::optional<errc> problem_of_name(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(names, name, &named_problem::name);
  return found == names.end() ? std::nullopt : std::optional(found->code);
}

std::string write_problem(const problem& what) {
  const auto name = name_of_problem(what.error);
  json out{{"type", std::string(problems_path).append(name)},
           {"title", info_of(problem_of_name(name).value()).text},
           {"status", what.status},
           {"detail", what.detail}};
  if (what.retry_after) out["retry_after"] = as_json(std::chrono::sys_seconds(*what.retry_after));
  if (what.now) out["now"] = as_json(*what.now);
  return dump(out);
}

result<problem> read_problem(std::string_view text) {
  const auto document = parse_object(text);
  if (!document) return errc::service_answer_invalid;
  bool bad = false;
  const json_reader at(*document, bad);
  problem out;
  const std::string type = at.text("type", 200);
  const std::uint64_t status = at.number("status");
  if (!type.starts_with(problems_path) || status < 400 || status > 599) at.fail();
  if (at.has("detail")) out.detail = at.text("detail", max_detail);
  if (at.has("retry_after")) out.retry_after = at.instant("retry_after").time_since_epoch();
  if (at.has("now")) out.now = at.instant("now");
  if (bad) return errc::service_answer_invalid;
  out.status = static_cast<unsigned>(status);
  out.error =
      problem_of_name(std::string_view(type).substr(problems_path.size())).value_or(problem_of_status(out.status));
  return out;
}

}  // namespace reinstate::service
