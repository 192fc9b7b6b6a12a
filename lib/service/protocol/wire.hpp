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
// Readers take hostile text: bounded depth, sizes and counts; what they do not know is passed over. Nothing they give
// out refers to the text.
// Errors of readers: request_malformed for what a client sent, service_answer_invalid for what a server sent.

namespace reinstate::service {

inline constexpr std::string_view restores_path = "/v1/restores";
inline constexpr std::string_view reports_path = "/v1/reports";
inline constexpr std::string_view machines_path = "/v1/machines";
inline constexpr std::string_view releases_path = "/v1/releases";
inline constexpr std::string_view service_path = "/v1/service";
inline constexpr std::string_view json_type = "application/json";
// Where a service says what a problem is and what to do: the beginning of the type of each.
inline constexpr std::string_view problems_path = "/problems/";
inline constexpr std::string_view problem_type = "application/problem+json";

// A restore, with the agreement key that its keys are sealed to.
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

// Of both machines_path and releases_path.
std::string write_owner_proof(const owner_proof& proof);
result<owner_proof> read_owner_proof(std::string_view json);

std::string write_machine_list(const machine_list& list);
result<machine_list> read_machine_list(std::string_view json);

std::string write_receipt(const release_receipt& receipt);
result<release_receipt> read_receipt(std::string_view json);

// name, key, and what it permits: for people and monitoring; a client goes by the key it was given.
std::string write_description(const service_description& about, const service_policy& policy);

// A problem document (RFC 9457). `type` is `problems_path` and a name that stays, see `name_of_problem`: a path of the
// service, where people find what it means.
struct problem {
  unsigned status = 500;
  error_code error;    // what it means to a client of this library
  std::string detail;  // one sentence about this occurrence; never a secret
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::sys_seconds> now;  // of the service's clock, with service_clock_differs
};
std::string write_problem(const problem& what);
result<problem> read_problem(std::string_view json);

// "clock-differs", "too-many-requests", ...
std::string_view name_of_problem(const error_code& error) noexcept;

}  // namespace reinstate::service

#endif
