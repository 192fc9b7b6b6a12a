// SPDX-License-Identifier: BSL-1.0
#include "service/server/router.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace reinstate::service {
namespace {

// A path and the methods it permits. GET includes HEAD.
struct endpoint {
  std::string_view path;
  bool get = false, post = false;
};

constexpr std::array endpoints = {
    endpoint{"/", true, false},           endpoint{"/healthz", true, false},    endpoint{"/metrics", true, false},
    endpoint{page_path, true, true},      endpoint{service_path, true, false},  endpoint{restores_path, false, true},
    endpoint{reports_path, false, true},  endpoint{machines_path, false, true}, endpoint{releases_path, false, true},
    endpoint{problems_path, true, false},
};

// Returns null if nothing is at this path.
const endpoint* find_endpoint(std::string_view path) noexcept {
  if (path.starts_with(problems_path)) path = problems_path;
  const auto* const found = std::ranges::find(endpoints, path, &endpoint::path);
  return found == endpoints.end() ? nullptr : found;
}

std::string_view methods_of(const endpoint& found) noexcept {
  return found.get && found.post ? "GET, HEAD, POST" : found.get ? "GET, HEAD" : "POST";
}

// Returns an answer that browsers neither interpret as another type nor run, whatever is in it, and that no cache
// keeps.
server_response plain(unsigned status, std::string_view type, std::string body) {
  server_response out{status, std::move(body), {}, {}, {}};
  out.fields = {{"Content-Type", std::string(type)},
                {"Cache-Control", "no-store"},
                {"X-Content-Type-Options", "nosniff"},
                {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  return out;
}

// Returns true if a signed answer can refer to this signature of a request.
bool can_be_covered(std::string_view signature) noexcept {
  return signature.starts_with("machine=:") && signature.size() < 200;
}

}  // namespace

router::router(parts parts, metrics& figures)
    : parts_(std::move(parts)),
      figures_(figures),
      gate_(parts_.desk->policy().clock_tolerance, parts_.requests_per_second_per_machine, parts_.desk->now()),
      pages_{parts_.desk->description()},
      policy_(page_security_policy()) {
}

void router::sign(server_response& answer, const server_request& request) const {
  if (!can_be_covered(request.signature.signature)) return;
  auto fields = sign_answer(*parts_.keys, answer.status, answer.body, request.signature.signature, parts_.desk->now());
  answer.fields.emplace_back("Content-Digest", std::move(fields.content_digest));
  answer.fields.emplace_back("Signature-Input", std::move(fields.signature_input));
  answer.fields.emplace_back("Signature", std::move(fields.signature));
}

server_response router::refuse(const server_request& request, const problem& reason) const {
  server_response out = plain(reason.status, problem_type, write_problem(reason));
  if (reason.retry_after) out.fields.emplace_back("Retry-After", std::to_string(reason.retry_after->count()));
  if (reason.status == 401) out.fields.emplace_back("WWW-Authenticate", "Signature");
  if (const endpoint* const found = find_endpoint(request.path())) {
    out.route = found->path;
    if (reason.status == 405) out.fields.emplace_back("Allow", methods_of(*found));
  }
  sign(out, request);
  return out;
}

server_response router::answer(const server_request& request) {
  server_response out;
  try {
    out = route(request);
  } catch (const std::exception&) {  // the client learns nothing about unexpected errors
    out = refuse(request, {500, errc::service_unavailable, "Internal error.", {}, {}});
  }
  if (const endpoint* const found = find_endpoint(request.path())) out.route = found->path;
  return out;
}

server_response router::route(const server_request& request) {
  const std::string_view path = request.path();
  const endpoint* const found = find_endpoint(path);
  if (found == nullptr) return refuse(request, {404, errc::request_malformed, "Not found.", {}, {}});
  const bool is_get = request.method == "GET" || request.method == "HEAD";
  if (is_get ? !found->get : request.method != "POST" || !found->post)
    return refuse(request, {405, errc::request_malformed, "Method not allowed.", {}, {}});
  if (path == "/") return index();
  if (path.starts_with(problems_path)) return help(request);
  if (path == "/healthz") return health();
  if (path == "/metrics") return metrics_text();
  if (path == service_path) return describe(request);
  if (path == page_path) return is_get ? show_machines(request) : change_machines(request);
  return answer_call(request);
}

server_response router::describe(const server_request& request) const {
  server_response out = plain(200, json_type, write_description(parts_.desk->description(), parts_.desk->policy()));
  sign(out, request);
  return out;
}

// Reads from the ledger: a service that cannot decide anything is not healthy.
server_response router::health() {
  const auto read = parts_.desk->ledger().records().audit(UINT64_MAX >> 1, 1);
  if (!read) note_failure(read.error());
  return plain(read ? 200 : 503, json_type, read ? R"({"status":"ok"})" : R"({"status":"ledger failure"})");
}

server_response router::metrics_text() const {
  return plain(200, "text/plain; version=0.0.4; charset=utf-8", figures_.text());
}

void router::note_failure(const error_code& error) {
  for (const errc failure : {errc::ledger_not_accessible, errc::ledger_full, errc::ledger_failed, errc::ledger_damaged})
    if (error == failure) figures_.count_ledger_error();
}

}  // namespace reinstate::service
