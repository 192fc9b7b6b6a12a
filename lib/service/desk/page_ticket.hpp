// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_DESK_PAGE_TICKET_HPP
#define REINSTATE_SERVICE_DESK_PAGE_TICKET_HPP

#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>
#include <reinstate/secret_bytes.hpp>

#include <chrono>
#include <string>
#include <string_view>

// A ticket permits the holder of a link to act for an owner, for a short time. It is base64url of
//
//     0    1  version: 1
//     1   32  owner: the public recovery key
//    33    8  expiry: seconds since 1970, big-endian
//    41   32  HMAC-SHA-256(ticket key, "reinstate page ticket v1" and the bytes before)

namespace reinstate::service {

std::string make_page_ticket(const secret_bytes& key, const x25519_public_key& owner, std::chrono::sys_seconds expiry);

// Returns the owner. Errors: ownership_not_proven if the ticket is forged or expired.
result<x25519_public_key> read_page_ticket(const secret_bytes& key, std::string_view ticket,
                                           std::chrono::sys_seconds now);

}  // namespace reinstate::service

#endif
