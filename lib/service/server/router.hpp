// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_ROUTER_HPP
#define REINSTATE_SERVICE_SERVER_ROUTER_HPP

#include "service/server/form.hpp"
#include "service/server/http_message.hpp"
#include "service/server/metrics.hpp"
#include "service/server/page.hpp"
#include "service/server/request_gate.hpp"

#include <reinstate/service/service_desk.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace reinstate::service {

// Answers requests, independently of their transport.
//
// Thread safety: any function from any thread. May block for as long as the ledger does.
class router {
 public:
  struct parts {
    std::shared_ptr<service_desk> desk;
    std::shared_ptr<const service_keys> keys;
    double requests_per_second_per_machine = 0;
  };

  // `figures` must outlive the router.
  router(parts parts, metrics& figures);

  server_response answer(const server_request& request);

  // Returns the answer to a request that is refused, with a problem document. Signed if the request has a signature
  // that the answer can refer to.
  server_response refuse(const server_request& request, const problem& reason) const;

 private:
  server_response route(const server_request& request);
  server_response answer_call(const server_request& request);
  result<std::string> ask_desk(const service_caller& caller, const server_request& request);
  result<std::string> restore(const service_caller& caller, std::string_view body);
  server_response describe(const server_request& request) const;
  server_response health();
  server_response metrics_text() const;

  server_response index() const;
  server_response help(const server_request& request) const;
  server_response show_machines(const server_request& request);
  server_response change_machines(const server_request& request);
  server_response ask_to_confirm(const form_fields& form, const x25519_public_key& owner, const machine_id& machine);
  server_response release(const form_fields& form, const x25519_public_key& owner, const machine_id& machine);
  server_response page(unsigned status, std::string body) const;
  server_response error_page(const error_code& error);
  void note_failure(const error_code& error);
  void sign(server_response& answer, const server_request& request) const;

  parts parts_;
  metrics& figures_;
  request_gate gate_;
  page_maker pages_;
  std::string policy_;
};

}  // namespace reinstate::service

#endif
