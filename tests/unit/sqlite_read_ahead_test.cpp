// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"

#include <reinstate/testing/license_store_suite.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

constexpr std::size_t many = 400;  // several batches of a walk

// The number is in the id, so that the order of numbers is that of ids, and all over the payload.
license numbered(std::size_t number, std::uint64_t revision = 1) {
  license item = license_of(0, number % 97 == 50 ? 300'000 : 40 * (number % 20));
  item.id.bytes[0] = static_cast<std::byte>(number >> 8);
  item.id.bytes[1] = static_cast<std::byte>(number);
  item.revision = revision;
  item.payload = secret_bytes::copy_of(
      std::vector<std::byte>(item.payload.size() + revision, static_cast<std::byte>(number + revision)));
  return item;
}

bool is_payload_of(const license& item, const result<std::span<const std::byte>>& payload) {
  return payload && std::ranges::equal(*payload, item.payload.expose());
}

enum class others { nobody, two_threads, nobody_who_runs };

struct read_ahead_fixture : sqlite_store_fixture {
  boost::asio::thread_pool pool{2};
  boost::asio::io_context never_run;

  boost::asio::any_io_executor helpers(others who) {
    if (who == others::two_threads) return pool.get_executor();
    if (who == others::nobody_who_runs) return never_run.get_executor();
    return {};
  }

  std::unique_ptr<license_store> open(others who) {
    return open_sqlite_license_store(file, machine, helpers(who)).value();
  }

  // Puts the licenses 0 to `many` - 1, in their order or in another.
  void fill(bool scattered) {
    std::vector<std::size_t> numbers(many);
    for (std::size_t i = 0; i != many; ++i) numbers[i] = i;
    if (scattered) std::shuffle(numbers.begin(), numbers.end(), std::mt19937(1));
    const auto store = sqlite_store_fixture::open();
    const auto batch = store->begin_batch().value();
    for (const std::size_t number : numbers) put_into(*batch, numbered(number));
    REQUIRE(batch->commit());
  }

  // Whether the log can be folded in, because nobody needs an older state.
  bool log_is_free() { return ask("PRAGMA wal_checkpoint(TRUNCATE)") == 0; }
};

// Walks on over the licenses `from` to `to` - 1, and opens every `every`th payload.
void walk_on(license_cursor& cursor, std::size_t from, std::size_t to, std::size_t every) {
  for (std::size_t number = from; number != to; ++number) {
    CAPTURE(number);
    const auto record = cursor.next().value();
    const license expected = numbered(number);
    if (!record || record->id != expected.id) FAIL("not the next license");
    if (record->metadata.size() != pack_metadata(expected).size()) FAIL("other metadata");
    if (every == 0 || number % every != 0) continue;
    if (!is_payload_of(expected, cursor.payload())) FAIL("not its payload");
    if (number % 7 == 0 && !is_payload_of(expected, cursor.payload())) FAIL("another payload when asked again");
  }
}

}  // namespace

TEST_CASE("the SQLite store keeps the contract whoever helps", "[store][sqlite]") {
  const others who = GENERATE(others::two_threads, others::nobody_who_runs);
  for (const auto& check : testing::license_store_contract()) {
    DYNAMIC_SECTION(check.promise) {
      read_ahead_fixture here;
      int made = 0;
      CHECK_NOTHROW(check.run([&] {
        const auto file = here.folder.path() / std::to_string(made++);
        return open_sqlite_license_store(file, here.machine, here.helpers(who));
      }));
    }
  }
}

TEST_CASE("a walk of a SQLite store gives every license in order whoever helps", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  const auto cursor = store->open_cursor().value();
  SECTION("with all payloads") {
    walk_on(*cursor, 0, many, 1);
  }
  SECTION("without payloads") {
    walk_on(*cursor, 0, many, 0);
  }
  SECTION("with some payloads") {
    walk_on(*cursor, 0, many, GENERATE(2U, 3U, 50U));
  }
  SECTION("with payloads first and without them later and the other way round") {
    walk_on(*cursor, 0, 130, 1);
    walk_on(*cursor, 130, 290, 0);
    walk_on(*cursor, 290, many, 1);
  }
  CHECK_FALSE(cursor->next().value());
  CHECK(cursor->payload().error() == errc::invalid_argument);
}

TEST_CASE("a walk of a SQLite store in the only thread of its helpers comes to its end", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  boost::asio::thread_pool one(1);
  const auto store = open_sqlite_license_store(here.file, here.machine, one.get_executor()).value();
  std::size_t opened = 0;
  const auto walk = [&] {
    const auto cursor = store->open_cursor().value();
    for (std::size_t number = 0; cursor->next().value(); ++number)
      opened += is_payload_of(numbered(number), cursor->payload()) ? 1U : 0U;
  };
  boost::asio::post(one, boost::asio::use_future(walk)).get();
  CHECK(opened == many);
}

TEST_CASE("helpers of a SQLite store are called only where payloads are asked for", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto store = here.open(others::nobody_who_runs);
  const auto [every, calls] = GENERATE(table<std::size_t, std::size_t>({{0, 0}, {50, 0}, {1, 1}}));
  {
    const auto cursor = store->open_cursor().value();
    walk_on(*cursor, 0, many, every);
  }
  CHECK(here.never_run.run() == calls);  // which find nothing to do; and they do not pile up
}

// --- damage ---

TEST_CASE("a walk of a SQLite store gives what comes before a damaged row", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const std::size_t damaged = GENERATE(0U, 64U, 150U, 399U);
  const auto id = to_string(numbered(damaged).id);
  // Cut short, it comes at the same place in the order.
  here.edit("PRAGMA ignore_check_constraints = ON; UPDATE license SET id = x'" + id.substr(0, 4) + "' WHERE id = x'" +
            id + "'");
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  const auto cursor = store->open_cursor().value();
  walk_on(*cursor, 0, damaged, 1);
  CHECK(cursor->next().error() == errc::store_damaged);
  CHECK(here.log_is_free());
  CHECK_FALSE(cursor->next().value());
  CHECK(cursor->payload().error() == errc::invalid_argument);
}

TEST_CASE("a damaged payload costs a walk of a SQLite store that license alone", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto damage = GENERATE(values<std::string>({
      "DELETE FROM payload",
      "UPDATE payload SET sealed = x''",
      "UPDATE payload SET sealed = substr(sealed, 1, length(sealed) - 1)",
      "UPDATE license SET backup = 7",
      "UPDATE license SET revision = revision + 1",
  }));
  CAPTURE(damage);
  for (const std::size_t number : {3U, 150U, 151U, 341U}) {
    const auto id = to_string(numbered(number).id);
    here.edit(damage + " WHERE place = (SELECT place FROM license WHERE id = x'" + id + "')");
  }
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  const auto cursor = store->open_cursor().value();
  for (std::size_t number = 0; number != many; ++number) {
    REQUIRE(cursor->next().value());
    const bool damaged = number == 3 || number == 150 || number == 151 || number == 341;
    const auto payload = cursor->payload();
    if (damaged ? payload.error() != errc::license_damaged : !is_payload_of(numbered(number), payload)) FAIL(number);
    if (damaged && cursor->payload().error() != errc::license_damaged) FAIL(number << " asked again");
  }
  CHECK_FALSE(cursor->next().value());
}

// --- others, meanwhile ---

TEST_CASE("a walk of a SQLite store may be abandoned anywhere", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  for (std::size_t steps = 0; steps < many; steps += 11) {
    walk_on(*store->open_cursor().value(), 0, steps, 1);
    if (!here.log_is_free()) FAIL("still needed after " << steps);
  }
  CHECK(put_license(*store, numbered(1, 2)));
}

TEST_CASE("a SQLite store keeps no snapshot after the end of a walk", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  REQUIRE(put_license(*store, numbered(7)));
  const auto cursor = store->open_cursor().value();
  REQUIRE(put_license(*store, numbered(8, 2)));
  walk_on(*cursor, 0, many, 1);
  CHECK_FALSE(here.log_is_free());
  CHECK_FALSE(cursor->next().value());
  CHECK(here.log_is_free());
}

TEST_CASE("a walk of a SQLite store sees one state while others commit", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(GENERATE(false, true));
  const auto store = here.open(GENERATE(others::nobody, others::two_threads, others::nobody_who_runs));
  const auto writing = here.sqlite_store_fixture::open();
  const auto cursor = store->open_cursor().value();
  for (std::size_t from = 0; from != many; from += 50) {
    walk_on(*cursor, from, from + 50, 1);
    for (std::size_t number = 0; number < many; number += 40)
      REQUIRE(put_license(*writing, numbered(number, from + 2)));
  }
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("a walk of a SQLite store sees one state whenever it begins", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(true);
  const auto store = here.open(others::two_threads);
  const auto writing = here.sqlite_store_fixture::open();
  std::atomic<bool> enough = false;
  std::atomic<int> failed = 0;
  // All licenses of a batch have one revision, and a payload opens with that of its row alone.
  std::thread writer([&] {
    for (std::uint64_t revision = 2; !enough; ++revision) {
      const auto batch = writing->begin_batch();
      if (!batch) continue;
      for (const std::size_t number : {10U, 200U, 390U}) {
        const license item = numbered(number, revision);
        if (!(*batch)->put(as_record(item, pack_metadata(item)))) ++failed;
      }
      if (!(*batch)->commit()) ++failed;
    }
  });
  for (int walks = 0; walks != 30; ++walks) {
    const auto cursor = store->open_cursor().value();
    std::uint64_t revision = 0;
    for (std::size_t number = 0; const auto record = cursor->next().value(); ++number) {
      if (!is_payload_of(numbered(number, record->revision), cursor->payload())) ++failed;
      if (number == 10) revision = record->revision;
      if ((number == 200 || number == 390) && revision != record->revision) ++failed;
    }
  }
  enough = true;
  writer.join();
  CHECK(failed == 0);
}

TEST_CASE("a walk of a scattered SQLite store waits for no batch", "[store][sqlite]") {
  read_ahead_fixture here;
  here.fill(true);
  const auto store = here.open(GENERATE(others::nobody, others::two_threads));
  const auto batch = store->begin_batch().value();
  put_into(*batch, numbered(5, 2));
  const auto cursor = store->open_cursor().value();
  walk_on(*cursor, 0, many, 1);
  CHECK_FALSE(cursor->next().value());
  CHECK(batch->commit());
}
