// SPDX-License-Identifier: BSL-1.0
#include "hooked_identity.hpp"
#include "player.hpp"

using namespace reinstate;
using namespace reinstate::test;

// Giving a machine its identity in the course of a restore.

namespace {

// A machine that has no identity yet, and the backup of another one.
struct new_player : other_player {
  explicit new_player(const player& owner) : other_player(owner) { use(make_memory_machine_identity()); }

  void use(std::shared_ptr<machine_identity> another) {
    identity = std::move(another);
    open(stick);
  }

  // The events of individualization that were heard.
  std::vector<individualization> phases() const {
    std::vector<individualization> out;
    for (const status_event& event : heard)
      if (event.status == status::individualize) out.push_back(std::get<individualization>(event.payload));
    return out;
  }

  bool has_identity() { return identity->public_identity().has_value(); }
};

}  // namespace

TEST_CASE("without permission a machine is not individualized, and the restore says what is needed",
          "[C111][C113][O15]") {
  const player owner(direction::restore);
  new_player p(owner);
  CHECK(to_hresult(p.restore(restore_flags::none)) == hr::needs_individualization);
  CHECK(p.statuses() == std::vector{status::begin, status::needs_individualization, status::end});
  CHECK_FALSE(p.has_identity());
  CHECK(contents(*p.store).empty());
}

TEST_CASE("with permission a machine that needs it is individualized", "[C112][C114]") {
  const player owner(direction::restore);
  new_player p(owner);
  REQUIRE_FALSE(p.restore(restore_flags::individualize));
  CHECK(p.statuses() == std::vector{status::begin, status::individualize, status::individualize, status::connecting,
                                    status::disconnecting, status::end});
  CHECK(p.phases() == std::vector{individualization::begin, individualization::succeeded});
  CHECK(p.has_identity());
  CHECK(contents(*p.store).size() == licenses_of_a_player);
}

TEST_CASE("with permission a machine that has an identity keeps it", "[C112]") {
  player p(direction::restore);
  const auto before = p.identity->public_identity().value();
  REQUIRE_FALSE(p.restore(restore_flags::individualize));
  CHECK(p.statuses() == std::vector{status::begin, status::connecting, status::disconnecting, status::end});
  CHECK(p.identity->public_identity().value() == before);
}

TEST_CASE("a restore that cannot be opened does not individualize", "[C112]") {
  const player owner(direction::restore);
  new_player p(owner);
  p.passphrase = "incorrect";
  CHECK(p.restore(restore_flags::individualize) == errc::wrong_passphrase);
  CHECK(p.phases().empty());
  CHECK_FALSE(p.has_identity());
}

TEST_CASE("an individualization that fails ends the restore with its error", "[C114]") {
  const player owner(direction::restore);
  new_player p(owner);
  const auto identity = std::make_shared<hooked_identity>();
  identity->meanwhile = [] { return error_code(errc::individualization_failed); };
  p.use(identity);
  CHECK(p.restore(restore_flags::individualize) == errc::individualization_failed);
  CHECK(p.phases() == std::vector{individualization::begin, individualization::failed});
  CHECK(p.heard.at(p.heard.size() - 2).error == errc::individualization_failed);
  CHECK(contents(*p.store).empty());
}

TEST_CASE("a cancellation during individualization is told by its event, and then by END", "[C117][O11]") {
  const player owner(direction::restore);
  new_player p(owner);
  const auto identity = std::make_shared<hooked_identity>();
  p.use(identity);
  const auto cancel = [&] { CHECK(p.restorer->cancel_license_restore() == cancel_result::accepted); };
  SECTION("from the event that begins it") {
    p.at_event = [&](const status_event& event) {
      if (event.status == status::individualize &&
          std::get<individualization>(event.payload) == individualization::begin)
        cancel();
    };
  }
  SECTION("while the identity is being made") {
    identity->meanwhile = [&] { return cancel(), error_code(); };
  }
  SECTION("while the making of it fails") {
    identity->meanwhile = [&] { return cancel(), error_code(errc::individualization_failed); };
  }
  CHECK(to_hresult(p.restore(restore_flags::individualize)) == hr::canceled);
  CHECK(p.statuses() == std::vector{status::begin, status::individualize, status::individualize, status::end});
  CHECK(p.phases() == std::vector{individualization::begin, individualization::canceled});
  CHECK(p.heard.at(p.heard.size() - 2).error == errc::operation_canceled);
  CHECK(contents(*p.store).empty());
}

TEST_CASE("a second individualization while one runs is refused, and the first one completes", "[C118]") {
  const player owner(direction::restore);
  new_player first(owner), second(owner);
  const auto shared = std::make_shared<hooked_identity>();
  first.use(shared);
  second.use(shared);
  error_code refused;
  shared->meanwhile = [&] {
    refused = second.restore(restore_flags::individualize);
    return error_code();
  };
  CHECK_FALSE(first.restore(restore_flags::individualize));
  CHECK(to_hresult(refused) == hr::individualizing);
  CHECK(second.phases() == std::vector{individualization::begin, individualization::failed});
  CHECK(contents(*second.store).empty());
  CHECK(contents(*first.store).size() == licenses_of_a_player);

  shared->meanwhile = nullptr;
  CHECK_FALSE(second.restore(restore_flags::individualize));
  CHECK(second.phases().empty());
}
