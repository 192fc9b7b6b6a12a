// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "fixed_keys.hpp"
#include "format/cbor/cbor.hpp"
#include "managed/proof_codec.hpp"
#include "managed/release_outbox_note.hpp"

#include <reinstate/managed/release_outbox.hpp>
#include <reinstate/plugins/memory_license_store.hpp>

#include <functional>
#include <map>

using namespace reinstate;
using namespace reinstate::test;

namespace {

// A service that answers releases as it is told to.
class fake_service final : public license_management_service {
 public:
  std::function<error_code(const owner_proof&)> answer = [](const owner_proof&) { return error_code(); };
  std::vector<owner_proof> asked;

  explicit fake_service(const service_key& key) : description_{"Fake", {}, {}, key} {}

  const service_description& description() const noexcept override { return description_; }
  result<release_receipt> release(const owner_proof& order, std::stop_token stop) override {
    asked.push_back(order);
    const error_code error = answer(order);
    if (stop.stop_requested()) return errc::operation_canceled;
    if (error) return error;
    return release_receipt{};
  }
  result<restore_answer> decide(const restore_request&, std::stop_token) override { return errc::service_unavailable; }
  result<void> report(const std::vector<use_report>&, std::stop_token) override { return errc::service_unavailable; }
  result<machine_list> machines(const owner_proof&, std::stop_token) override { return errc::service_unavailable; }

 private:
  service_description description_;
};

struct outbox {
  fixed_keys keys;
  backup_owner owner{keys.recovery.clone()};
  std::unique_ptr<license_store> store = make_memory_license_store();
  note_store& notes = *store->notes();
  fake_service service{keys.service_keys};
  std::stop_source stop;

  owner_proof order(unsigned machine, owner_action action = owner_action::release) {
    machine_id subject{};
    subject[0] = static_cast<std::byte>(machine);
    return owner.prove(action, keys.service_keys, keys.asking.id(), subject, keys.now).value();
  }
  // Keeps so many orders and returns them.
  std::vector<owner_proof> kept(unsigned count) {
    std::vector<owner_proof> out;
    for (unsigned i = 0; i != count; ++i) {
      out.push_back(order(i));
      REQUIRE(queue_release(notes, keys.service_keys, out.back()));
    }
    return out;
  }
  std::vector<owner_proof> waiting() { return queued_releases(notes, keys.service_keys).value(); }
  result<sent_releases> send() { return send_queued_releases(notes, service, stop.get_token()); }
};

bool is(const result<sent_releases>& sent, std::size_t acknowledged, std::size_t refused, std::size_t waiting) {
  return sent && sent->acknowledged == acknowledged && sent->refused == refused && sent->waiting == waiting;
}

}  // namespace

TEST_CASE("a release waits until it was acknowledged", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(3);
  CHECK(all.waiting() == orders);
  CHECK(is(all.send(), 3, 0, 0));
  CHECK(all.service.asked == orders);
  CHECK(all.waiting().empty());
  CHECK(is(all.send(), 0, 0, 0));
  CHECK(all.service.asked.size() == 3);
}

TEST_CASE("without a release that waits a service is not asked", "[managed][outbox]") {
  outbox all;
  CHECK(all.waiting().empty());
  CHECK(is(all.send(), 0, 0, 0));
  CHECK(all.service.asked.empty());
}

TEST_CASE("a service that is down leaves all releases waiting and is asked once", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(3);
  const auto error =
      GENERATE(errc::service_unavailable, errc::service_busy, errc::service_not_authentic, errc::service_answer_invalid,
               errc::service_clock_differs, errc::network_forbidden, errc::needs_individualization);
  all.service.answer = [&](const owner_proof&) { return make_error_code(error); };
  CHECK(is(all.send(), 0, 0, 3));
  CHECK(all.service.asked.size() == 1);
  CHECK(all.waiting() == orders);
  all.service.answer = [](const owner_proof&) { return error_code(); };
  CHECK(is(all.send(), 3, 0, 0));
}

TEST_CASE("a service that goes down in between has acknowledged what it has", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(3);
  all.service.answer = [&](const owner_proof& order) {
    return order == orders[0] ? error_code() : make_error_code(errc::service_unavailable);
  };
  CHECK(is(all.send(), 1, 0, 2));
  CHECK(all.waiting() == std::vector(orders.begin() + 1, orders.end()));
}

TEST_CASE("a release that is too soon waits and does not hold up others", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(3);
  all.service.answer = [&](const owner_proof& order) {
    return order == orders[1] ? make_error_code(errc::release_too_soon) : error_code();
  };
  CHECK(is(all.send(), 2, 0, 1));
  CHECK(all.waiting() == std::vector{orders[1]});
}

TEST_CASE("a release that is refused for good is dropped", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(2);
  const auto error = GENERATE(errc::ownership_not_proven, errc::machine_not_found, errc::invalid_argument);
  all.service.answer = [&](const owner_proof& order) {
    return order == orders[0] ? make_error_code(error) : error_code();
  };
  CHECK(is(all.send(), 1, 1, 0));
  CHECK(all.waiting().empty());
}

TEST_CASE("sending can be stopped and what was not acknowledged waits", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(3);
  all.service.answer = [&](const owner_proof& order) {  // slow: the user gives up while it answers the second
    if (order == orders[1]) all.stop.request_stop();
    return error_code();
  };
  CHECK(all.send().error() == errc::operation_canceled);
  CHECK(all.waiting() == std::vector(orders.begin() + 1, orders.end()));
  CHECK(all.service.asked.size() == 2);
  CHECK(all.send().error() == errc::operation_canceled);
  CHECK(all.service.asked.size() == 2);
}

TEST_CASE("a release that comes while others are sent is not lost", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(2);
  const owner_proof late = all.order(9);
  all.service.answer = [&](const owner_proof& order) {
    if (order == orders[0]) CHECK(queue_release(all.notes, all.keys.service_keys, late));
    return error_code();
  };
  CHECK(is(all.send(), 2, 0, 0));
  CHECK(all.waiting() == std::vector{late});
}

TEST_CASE("a release that cannot be taken out is sent again", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(1);
  std::unique_ptr<write_batch> batch;
  all.service.answer = [&](const owner_proof&) {
    batch = all.store->begin_batch().value();
    return error_code();
  };
  CHECK(all.send().error() == errc::store_busy);
  CHECK(all.waiting() == orders);
  batch.reset();
  all.service.answer = [](const owner_proof&) { return error_code(); };
  CHECK(is(all.send(), 1, 0, 0));
  CHECK(all.service.asked == std::vector{orders[0], orders[0]});
}

TEST_CASE("the same release is kept once", "[managed][outbox]") {
  outbox all;
  const owner_proof order = all.order(1);
  CHECK(queue_release(all.notes, all.keys.service_keys, order));
  CHECK(queue_release(all.notes, all.keys.service_keys, order));
  CHECK(all.waiting().size() == 1);
}

TEST_CASE("releases wait for their own service", "[managed][outbox]") {
  outbox all;
  (void)all.kept(1);
  service_key other = all.keys.service_keys;
  other.signing[0] ^= std::byte{1};
  CHECK(queued_releases(all.notes, other).value().empty());
  fake_service service(other);
  CHECK(is(send_queued_releases(all.notes, service, {}), 0, 0, 0));
  CHECK(all.waiting().size() == 1);
}

TEST_CASE("at most 64 releases wait and only releases do", "[managed][outbox]") {
  outbox all;
  const auto orders = all.kept(64);
  CHECK(queue_release(all.notes, all.keys.service_keys, all.order(64)).error() == errc::invalid_argument);
  CHECK(queue_release(all.notes, all.keys.service_keys, orders[5]));  // is there already
  CHECK(all.waiting() == orders);
  for (const auto action : {owner_action::restore, owner_action::list_machines})
    CHECK(queue_release(all.notes, all.keys.service_keys, all.order(1, action)).error() == errc::invalid_argument);
}

// --- the note ---

namespace {

using fields = std::map<std::uint64_t, std::function<void(cbor::writer<bytes>&)>>;

error_code error_of(const fields& all) {
  bytes note;
  cbor::writer<bytes> to(note);
  to.map(all.size());
  for (const auto& [key, write] : all) {
    to.unsigned_integer(key);
    write(to);
  }
  const auto read = managed::read_orders(note);
  return read ? error_code() : read.error();
}

fields whole_note() {
  return {{1, [](auto& to) { to.unsigned_integer(1); }}, {2, [](auto& to) { to.array(0); }}};
}

}  // namespace

TEST_CASE("a note of releases that is damaged or newer is told and kept", "[managed][outbox]") {
  outbox all;
  const auto error_with = [](std::uint64_t key, auto write) {
    fields changed = whole_note();
    changed[key] = write;
    return error_of(changed);
  };
  CHECK(!error_of(whole_note()));
  CHECK(error_of({}) == errc::store_damaged);
  CHECK(error_of({{1, whole_note()[1]}}) == errc::store_damaged);
  CHECK(error_of({{2, whole_note()[2]}}) == errc::store_damaged);
  CHECK(error_with(1, [](auto& to) { to.unsigned_integer(0); }) == errc::store_damaged);
  CHECK(error_with(1, [](auto& to) { to.unsigned_integer(2); }) == errc::store_version_unsupported);
  CHECK(!error_with(3, [](auto& to) { to.text("later"); }));
  CHECK(error_with(2, [](auto& to) { to.array(1), to.bytes(bytes(154)); }) == errc::store_damaged);
  CHECK(error_with(2, [](auto& to) { to.array(UINT64_MAX); }) == errc::store_damaged);
  const auto encoded = [&](owner_action action) { return managed::encode(all.order(1, action)); };
  CHECK(!error_with(2, [&](auto& to) { to.array(1), to.bytes(encoded(owner_action::release)); }));
  CHECK(error_with(2, [&](auto& to) { to.array(1), to.bytes(encoded(owner_action::restore)); }) == errc::store_damaged);
  CHECK(error_with(2, [&](auto& to) {
          to.array(65);
          for (int i = 0; i != 65; ++i) to.bytes(encoded(owner_action::release));
        }) == errc::store_damaged);
}

TEST_CASE("a note of releases is read at its whole length only", "[managed][outbox]") {
  outbox all;
  const bytes note = managed::write_orders({all.order(1), all.order(2)});
  CHECK(managed::read_orders(note).value().size() == 2);
  for (std::size_t size = 0; size != note.size(); ++size)
    CHECK(managed::read_orders(byte_span(note).first(size)).error() == errc::store_damaged);
  bytes longer = note;
  longer.push_back({});
  CHECK(managed::read_orders(longer).error() == errc::store_damaged);
}
