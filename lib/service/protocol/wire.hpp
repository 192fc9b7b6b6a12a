// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_WIRE_HPP
#define REINSTATE_SERVICE_PROTOCOL_WIRE_HPP

#include <reinstate/service/service_desk.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The bodies that travel between client and server, as docs/service/openapi.yaml describes them. Binary values are
// base64url without padding, instants are seconds since 1970, numbers are below 2^53.
//
// Readers accept hostile text: they bound depth, sizes and counts, ignore unknown members, and return nothing that
// refers to the text.
// Errors of readers: request_malformed for a body that a client sent, service_answer_invalid for one of a service.

namespace reinstate::service {

inline constexpr std::string_view restores_path = "/v1/restores";
inline constexpr std::string_view reports_path = "/v1/reports";
inline constexpr std::string_view machines_path = "/v1/machines";
inline constexpr std::string_view releases_path = "/v1/releases";
inline constexpr std::string_view service_path = "/v1/service";
inline constexpr std::string_view json_type = "application/json";
// The `type` of each problem begins with this. The service has a page at that path which explains the problem.
inline constexpr std::string_view problems_path = "/problems/";
inline constexpr std::string_view problem_type = "application/problem+json";

// A restore request, with the agreement key that the license keys are sealed to.
struct restore_body {
  x25519_public_key agreement{};
  restore_request request;
};
std::string write_restore(const restore_body& body);
result<restore_body> read_restore(std::string_view json);

std::string write_restore_answer(const sealed_restore_answer& answer);
result<sealed_restore_answer> read_restore_answer(std::string_view json);

std::string write_reports(const std::vector<use_report>& uses);
result<std::vector<use_report>> read_reports(std::string_view json);

// The body of requests to both machines_path and releases_path.
std::string write_owner_proof(const owner_proof& proof);
result<owner_proof> read_owner_proof(std::string_view json);

std::string write_machine_list(const machine_list& list);
result<machine_list> read_machine_list(std::string_view json);

std::string write_receipt(const release_receipt& receipt);
result<release_receipt> read_receipt(std::string_view json);

// The service's name, key and policy, for users and monitoring. Clients trust only the key they were configured with.
std::string write_description(const service_description& description, const service_policy& policy);

// A problem document (RFC 9457). `type` is `problems_path` and a name that never changes, see `name_of_problem`: the
// path of a page that explains the problem to users.
struct problem {
  unsigned status = 500;
  error_code error;    // the error that a client of this library returns
  std::string detail;  // one sentence about this occurrence; never a secret
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::sys_seconds> now;  // the service's time, with service_clock_differs
};
std::string write_problem(const problem& problem);
result<problem> read_problem(std::string_view json);

// Returns "clock-differs", "too-many-requests", ...; "unavailable" for an error that has no name of its own.
std::string_view name_of_problem(const error_code& error) noexcept;

}  // namespace reinstate::service

#endif
