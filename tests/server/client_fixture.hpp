// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_CLIENT_FIXTURE_HPP
#define REINSTATE_TESTS_CLIENT_FIXTURE_HPP

#include "crypto/x25519.hpp"
#include "managed/key_wrap.hpp"
#include "scripted_server.hpp"
#include "service/client/http_service.hpp"
#include "service/protocol/wire.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace reinstate::tests {

using http_text = http::request<http::string_body>;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A machine, the keys of a service, and a client of it that waits between attempts only where a test says so.
struct client_fixture {
  client_fixture() { identity->individualize().value(); }

  http_service_config config(const scripted_server& server) const {
    http_service_config out;
    out.service.url = server.url();
    out.service.key = keys.public_key();
    out.identity = identity;
    out.certificates = server.certificate();
    out.attempts = 1;
    return out;
  }

  std::shared_ptr<license_management_service> client(const http_service_config& with) {
    return service::make_http_service(with,
                                      [this](milliseconds shortest, milliseconds longest) {
                                        pauses.emplace_back(shortest, longest);
                                        return pause;
                                      })
        .value();
  }
  std::shared_ptr<license_management_service> client(const scripted_server& server) { return client(config(server)); }

  owner_proof proof(owner_action action) const {
    owner_proof out;
    out.action = action;
    out.requester = identity->public_identity().value().signing;
    return out;
  }

  // What a call with a short answer ends with, for whatever all calls have in common.
  error_code release(license_management_service& with, std::stop_token stop = {}) const {
    const auto got = with.release(proof(owner_action::release), std::move(stop));
    return got ? error_code() : got.error();
  }
  error_code release(const http_service_config& with) { return release(*client(with)); }
  error_code release(const scripted_server& server) { return release(*client(server)); }

  std::string receipt(const http_text& request, const std::string& more_fields = {}) const {
    return signed_answer(keys, request, 200, service::write_receipt({3, {}}), more_fields);
  }

  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();
  service_keys keys = service_keys::generate();
  milliseconds pause{0};
  std::vector<std::pair<milliseconds, milliseconds>> pauses;  // that were asked for: shortest and longest
};

inline const error_code success;

// Answers every request of every connection by what `answer` gives.
template <class Answer>
scripted_server::script answering(Answer answer) {
  return [answer](peer& other) {
    while (const auto request = other.read())
      if (!other.send(answer(*request))) return;
  };
}

}  // namespace reinstate::tests

#endif
