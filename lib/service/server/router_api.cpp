// SPDX-License-Identifier: BSL-1.0
#include "service/server/router.hpp"

#include <algorithm>
#include <utility>

// The calls of the API: signed JSON requests and answers.

namespace reinstate::service {
namespace {

unsigned status_of(const error_code& error) noexcept {
  if (error == errc::request_malformed || error == errc::invalid_argument) return 400;
  if (error == errc::ownership_not_proven || error == errc::service_clock_differs) return 403;
  if (error == errc::machine_not_found) return 404;
  if (error == errc::release_too_soon) return 409;
  return 503;
}

// Returns one sentence that reveals no internals of the service.
std::string detail_of(const error_code& error, unsigned status) {
  if (status == 503) return "The service cannot handle requests at the moment.";
  return std::string(info_of(static_cast<errc>(error.value())).text);
}

bool is_json(std::string_view type) noexcept {
  const std::string_view name = type.substr(0, type.find(';'));
  return name.substr(0, name.find_last_not_of(' ') + 1) == json_type;
}

bool has_fewer_uses(const license_state& granted, const license_state& claimed) noexcept {
  return granted.uses_left && (!claimed.uses_left || *granted.uses_left < *claimed.uses_left);
}

void count(metrics& figures, const sealed_restore_answer& answer, const restore_request& request) {
  std::map<std::string_view, std::uint64_t> outcomes;
  for (std::size_t i = 0; i != answer.licenses.size(); ++i) {
    const sealed_answer& license = answer.licenses[i];
    if (license.refused)
      ++outcomes[name_of_problem(license.refused)];
    else
      ++outcomes[has_fewer_uses(license.state, request.licenses[i].state) ? "granted-with-fewer-uses" : "granted"];
  }
  for (const auto& [outcome, licenses] : outcomes) figures.count_decisions(outcome, licenses);
}

}  // namespace

server_response router::answer_call(const server_request& request) {
  if (!is_json(request.content_type))
    return refuse(request, {415, errc::request_malformed, "The Content-Type must be application/json.", {}, {}});
  const auto admitted = gate_.admit(request, parts_.desk->now());
  if (const auto* const reason = std::get_if<problem>(&admitted)) return refuse(request, *reason);

  const service_caller caller{std::get<machine_id>(admitted), {}};
  const auto body = ask_desk(caller, request);
  server_response out;
  if (body) {
    out =
        server_response{200, *body, {{"Content-Type", std::string(json_type)}, {"Cache-Control", "no-store"}}, {}, {}};
    sign(out, request);
  } else {
    note_failure(body.error());
    const unsigned status = status_of(body.error());
    problem reason{status, body.error(), detail_of(body.error(), status), {}, {}};
    if (body.error() == errc::service_clock_differs) reason.now = parts_.desk->now();
    out = refuse(request, reason);
  }
  out.machine = text_of(caller.machine).substr(0, 8);
  return out;
}

result<std::string> router::restore(const service_caller& caller, std::string_view body) {
  const auto restore = read_restore(body);
  if (!restore) return restore.error();
  const auto answer = parts_.desk->decide({caller.machine, restore->agreement}, restore->request);
  if (!answer) return answer.error();
  count(figures_, *answer, restore->request);
  return write_restore_answer(*answer);
}

result<std::string> router::ask_desk(const service_caller& caller, const server_request& request) {
  if (request.path() == restores_path) return restore(caller, request.body);
  if (request.path() == reports_path) {
    const auto uses = read_reports(request.body);
    if (!uses) return uses.error();
    if (const auto noted = parts_.desk->report(caller, *uses); !noted) return noted.error();
    return std::string("{}");
  }
  const auto proof = read_owner_proof(request.body);
  if (!proof) return proof.error();
  if (request.path() == machines_path) {
    const auto list = parts_.desk->machines(caller, *proof);
    if (!list) return list.error();
    return write_machine_list(*list);
  }
  const auto receipt = parts_.desk->release(caller, *proof);
  if (!receipt) return receipt.error();
  return write_receipt(*receipt);
}

}  // namespace reinstate::service
