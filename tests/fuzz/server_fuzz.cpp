// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/http_signature.hpp"
#include "service/protocol/wire.hpp"
#include "service/server/form.hpp"
#include "service/server/router.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

// What the server makes of requests: any bytes in any place of one, and any body that is rightly signed or comes with a
// ticket that counts. Every answer must be one that a browser or client can take.

namespace {

using namespace reinstate;
using namespace reinstate::service;

void require(bool holds) {
  if (!holds) std::abort();
}

// One service with one owner of one machine.
class fixture {
 public:
  fixture() {
    identity_->individualize().value();
    slot_claim claim;
    claim.machine[0] = std::byte{1};
    claim.machine_name = "<b>&\"'";
    claim.origin = claim.machine;
    claim.owner = x25519_public_key{};
    book_->claim({&claim, 1}, now()).value();
  }

  static std::chrono::sys_seconds now() { return std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)); }

  void ask(server_request request) {
    const server_response answer = router_.answer(request);
    require(answer.status >= 200 && answer.status < 600 && answer.status != 500);
    require(answer.body.find("<b>") == std::string::npos);  // a name that has become markup
    for (const auto& [name, value] : answer.fields) require(value.find_first_of("\r\n") == std::string::npos);
  }

  void ask_signed(std::string_view path, std::string_view body) {
    const auto fields = sign_request(*identity_, {"POST", "a", path, body}, now()).value();
    ask({"POST", path, "a", json_type, body, fields});
  }

  std::string ticket() const { return desk_->make_ticket(x25519_public_key{}); }

 private:
  std::shared_ptr<ledger> book_ = make_memory_ledger();
  std::shared_ptr<const service_keys> keys_ = std::make_shared<const service_keys>(service_keys::generate());
  std::shared_ptr<service_desk> desk_ = std::make_shared<service_desk>(
      service_desk::parts{book_, keys_, {"A service", "", "", {}}, "https://a/machines", {}, &fixture::now});
  std::unique_ptr<machine_identity> identity_ = make_memory_machine_identity();
  metrics figures_;
  router router_{{desk_, keys_, 0}, figures_};
};

// Takes pieces off the front: a piece ends at a zero byte.
std::string_view take(std::string_view& from) {
  const std::string_view piece = from.substr(0, from.find('\0'));
  from.remove_prefix(std::min(piece.size() + 1, from.size()));
  return piece;
}

void check_text(std::string_view text) {
  require(service::escaped(text).find_first_of("<>\"'") == std::string::npos);
  if (const auto form = parse_form(text))
    for (const auto& [name, value] : *form) {
      const auto again = parse_form(percent_encoded(name) + "=" + percent_encoded(value));
      require(!again || field_of(*again, name) == value);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fixture server;
  if (size == 0) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr std::array paths = {restores_path, reports_path, machines_path, releases_path};
  constexpr std::string_view form_type = "application/x-www-form-urlencoded";
  switch (data[0] % 8) {
    case 0: check_text(rest); break;
    case 1:
      if (rest.find_first_of("\r\n") == std::string_view::npos) {
        server_request any{take(rest), take(rest), take(rest), take(rest), {}, {}};
        any.signature = {std::string(take(rest)), std::string(take(rest)), std::string(take(rest))};
        any.body = rest;
        server.ask(any);
      }
      break;
    case 2: {
      const std::string body = "ticket=" + server.ticket() + "&" + std::string(rest);
      server.ask({"POST", page_path, "a", form_type, body, {}});
      break;
    }
    case 3: {
      const std::string target = "/machines?ticket=" + server.ticket() + "&" + std::string(rest);
      server.ask({"GET", target, "a", {}, {}, {}});
      break;
    }
    default: server.ask_signed(paths[data[0] % 4], rest);
  }
  return 0;
}
