// SPDX-License-Identifier: BSL-1.0
#include "service/server/router.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace reinstate::service {
namespace {

// What is at a path, and how it may be asked for.
struct place {
  std::string_view path;
  bool get = false, post = false;
};

constexpr std::array places = {
    place{"/", true, false},           place{"/healthz", true, false},    place{"/metrics", true, false},
    place{page_path, true, true},      place{service_path, true, false},  place{restores_path, false, true},
    place{reports_path, false, true},  place{machines_path, false, true}, place{releases_path, false, true},
    place{problems_path, true, false},
};

const place* place_of(std::string_view path) noexcept {
  if (path.starts_with(problems_path)) path = problems_path;
  const auto* const found = std::ranges::find(places, path, &place::path);
  return found == places.end() ? nullptr : found;
}

std::string_view methods_of(const place& at) noexcept {
  return at.get && at.post ? "GET, HEAD, POST" : at.get ? "GET, HEAD" : "POST";
}

// Whatever somebody may have put into an answer, no browser makes something else of it, and no cache keeps it.
server_response plain(unsigned status, std::string_view type, std::string body) {
  server_response out{status, std::move(body), {}, {}, {}};
  out.fields = {{"Content-Type", std::string(type)},
                {"Cache-Control", "no-store"},
                {"X-Content-Type-Options", "nosniff"},
                {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  return out;
}

bool is_answered_to(std::string_view signature) noexcept {
  return signature.starts_with("machine=:") && signature.size() < 200;
}

}  // namespace

router::router(parts from, metrics& figures)
    : parts_(std::move(from)),
      figures_(figures),
      gate_(parts_.desk->policy().clock_tolerance, parts_.requests_per_second_and_machine, parts_.desk->now()),
      pages_{parts_.desk->description()},
      policy_(page_security_policy()) {
}

void router::sign(server_response& answer, const server_request& request) const {
  if (!is_answered_to(request.signature.signature)) return;
  auto fields = sign_answer(*parts_.keys, answer.status, answer.body, request.signature.signature, parts_.desk->now());
  answer.fields.emplace_back("Content-Digest", std::move(fields.content_digest));
  answer.fields.emplace_back("Signature-Input", std::move(fields.signature_input));
  answer.fields.emplace_back("Signature", std::move(fields.signature));
}

server_response router::refuse(const server_request& request, const problem& why) const {
  server_response out = plain(why.status, problem_type, write_problem(why));
  if (why.retry_after) out.fields.emplace_back("Retry-After", std::to_string(why.retry_after->count()));
  if (why.status == 401) out.fields.emplace_back("WWW-Authenticate", "Signature");
  if (const place* const at = place_of(request.path())) {
    out.route = at->path;
    if (why.status == 405) out.fields.emplace_back("Allow", methods_of(*at));
  }
  sign(out, request);
  return out;
}

server_response router::answer(const server_request& request) {
  server_response out;
  try {
    out = route(request);
  } catch (const std::exception&) {  // of what is not foreseen, its sender learns nothing
    out = refuse(request, {500, errc::service_unavailable, "Something went wrong in the service.", {}, {}});
  }
  if (const place* const at = place_of(request.path())) out.route = at->path;
  return out;
}

server_response router::route(const server_request& request) {
  const std::string_view path = request.path();
  const place* const at = place_of(path);
  if (at == nullptr) return refuse(request, {404, errc::request_malformed, "There is nothing at this path.", {}, {}});
  const bool is_get = request.method == "GET" || request.method == "HEAD";
  if (is_get ? !at->get : request.method != "POST" || !at->post)
    return refuse(request, {405, errc::request_malformed, "This method is not for this path.", {}, {}});
  if (path == "/") return index();
  if (path.starts_with(problems_path)) return help(request);
  if (path == "/healthz") return health();
  if (path == "/metrics") return text_of_metrics();
  if (path == service_path) return describe(request);
  if (path == page_path) return is_get ? show_machines(request) : change_machines(request);
  return call(request);
}

server_response router::describe(const server_request& request) const {
  server_response out = plain(200, json_type, write_description(parts_.desk->description(), parts_.desk->policy()));
  sign(out, request);
  return out;
}

// Reads from the ledger, so that a service that cannot decide anything is not called healthy.
server_response router::health() {
  const auto asked = parts_.desk->ledger().records().audit(UINT64_MAX >> 1, 1);
  if (!asked) note_failure(asked.error());
  return plain(asked ? 200 : 503, json_type, asked ? R"({"status":"ok"})" : R"({"status":"the ledger fails"})");
}

server_response router::text_of_metrics() const {
  return plain(200, "text/plain; version=0.0.4; charset=utf-8", figures_.text());
}

void router::note_failure(const error_code& error) {
  for (const errc failure : {errc::ledger_not_accessible, errc::ledger_full, errc::ledger_failed, errc::ledger_damaged})
    if (error == failure) figures_.count_ledger_error();
}

}  // namespace reinstate::service
