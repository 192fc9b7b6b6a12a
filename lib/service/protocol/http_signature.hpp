// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_PROTOCOL_HTTP_SIGNATURE_HPP
#define REINSTATE_SERVICE_PROTOCOL_HTTP_SIGNATURE_HPP

#include <reinstate/machine_identity.hpp>
#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/service/service_keys.hpp>

#include <chrono>
#include <string>
#include <string_view>

// HTTP message signatures (RFC 9421) with Ed25519, and the digest of the body (RFC 9530), in exactly one form each:
//
//   Content-Digest: sha-256=:...:
//   Signature-Input: machine=("@method" "@authority" "@path" "content-digest");created=1800000000;nonce="...";
//                    keyid="...";alg="ed25519";tag="reinstate"
//   Signature: machine=:...:
//
// An answer covers ("@status" "content-digest" "signature";req;key="machine") under the label "service", which binds it
// to the request. keyid is the public key in base64url.

namespace reinstate::service {

// The signed parts of a request.
struct signed_request {
  std::string_view method;     // "POST"
  std::string_view authority;  // the Host field, in lower case
  std::string_view path;       // without a query
  std::string_view body;
};

// The fields that carry a signature.
struct signature_fields {
  std::string content_digest;
  std::string signature_input;
  std::string signature;
};

// Signs a request with the machine's key and a new nonce. Errors: invalid_argument, and those of the machine.
result<signature_fields> sign_request(machine_identity& machine, const signed_request& request,
                                      std::chrono::sys_seconds now);

struct checked_request {
  machine_id machine{};
  std::chrono::sys_seconds created{};
  std::string nonce;
};

// Checks that the machine named in the fields signed this request. The caller judges its time and nonce.
// Errors: request_not_authentic.
result<checked_request> check_request(const signed_request& request, const signature_fields& fields);

// Signs the answer to a request. `request_signature` is the value of the request's Signature field.
signature_fields sign_answer(const service_keys& keys, unsigned status, std::string_view body,
                             std::string_view request_signature, std::chrono::sys_seconds now);

// Checks that the service signed this answer to this request. Errors: service_not_authentic.
result<void> check_answer(const ed25519_public_key& service, unsigned status, std::string_view body,
                          std::string_view request_signature, const signature_fields& fields);

}  // namespace reinstate::service

#endif
