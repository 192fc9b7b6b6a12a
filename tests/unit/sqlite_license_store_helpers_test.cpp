// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sqlite_store_fixture.hpp"

#include <reinstate/testing/license_store_suite.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <csignal>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

// Who may help a store: nobody, threads, or threads that never come.
struct helpers {
  enum class kind { none, threads, absent };

  boost::asio::any_io_executor executor() {
    if (who == kind::none) return {};
    if (who == kind::absent) return nobody_runs_it.get_executor();
    return threads.get_executor();
  }

  kind who = GENERATE(kind::none, kind::threads, kind::absent);
  boost::asio::io_context nobody_runs_it;
  boost::asio::thread_pool threads{2};
};

struct helped_store_fixture : sqlite_store_fixture {
  helpers others;
  std::unique_ptr<license_store> store = open_sqlite_license_store(file, machine, others.executor()).value();

  // What somebody finds who opens the file anew.
  std::vector<license_id> ids() const {
    std::vector<license_id> out;
    const auto reopened = open();
    const auto cursor = reopened->open_cursor().value();
    while (const auto record = cursor->next().value()) out.push_back(record->id);
    return out;
  }
};

license_id number(std::size_t n) {
  license_id id;
  id.bytes[0] = static_cast<std::byte>(n >> 8);
  id.bytes[1] = static_cast<std::byte>(n);
  return id;
}

license numbered(std::size_t n, std::size_t payload_size = 500, std::uint64_t revision = 1) {
  license item = license_of(static_cast<std::uint8_t>(n), payload_size);
  item.id = number(n);
  item.revision = revision;
  return item;
}

std::optional<std::uint64_t> revision_in(write_batch& batch, const license_id& id) {
  const auto found = batch.find(id).value();
  if (!found) return std::nullopt;
  return found->revision;
}

// While it lives, no file of this process grows beyond `bytes`, as on a disk that is full.
class full_disk {
 public:
  explicit full_disk(rlim_t bytes) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit now = before_;
    now.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_before_);
  }

 private:
  rlimit before_{};
  void (*signal_before_)(int) = ::signal(SIGXFSZ, SIG_IGN);
};

}  // namespace

TEST_CASE("a SQLite store keeps the contract whoever helps it", "[store][sqlite]") {
  helpers others;
  for (const auto& check : testing::license_store_contract()) {
    INFO(check.promise);
    const sqlite_store_fixture here;
    int made = 0;
    CHECK_NOTHROW(check.run([&] {
      return open_sqlite_license_store(here.folder.path() / std::to_string(made++), here.machine, others.executor());
    }));
  }
}

TEST_CASE("a SQLite store that is helped does what it would do alone", "[store][sqlite]") {
  helped_store_fixture here;
  struct kept {
    std::uint64_t revision;
    std::size_t size;
  };
  std::map<license_id, kept> expected;
  std::mt19937 random(7);
  for (const std::size_t changes : {3'000U, 1'000U}) {  // into an empty store, and into one that holds licenses
    const auto batch = here.store->begin_batch().value();
    for (std::size_t i = 0; i != changes; ++i) {
      // Mostly in ascending order, as a restore does it.
      const std::size_t n = random() % 4 == 0 ? random() % 700 : i / 3;
      if (random() % 3 == 0) {
        const auto known = expected.find(number(n));
        const auto revision = known == expected.end() ? std::nullopt : std::optional(known->second.revision);
        REQUIRE(revision_in(*batch, number(n)) == revision);
      }
      if (random() % 20 == 0) {
        REQUIRE(batch->remove(number(n)));
        expected.erase(number(n));
        continue;
      }
      const std::size_t size = random() % 200 == 0 ? 400'000 : random() % 8'000;
      put_into(*batch, numbered(n, size, i));
      expected[number(n)] = {i, size};
    }
    REQUIRE(batch->commit());
  }

  const auto reopened = here.open();
  const auto cursor = reopened->open_cursor().value();
  for (const auto& [id, kept] : expected) {
    const auto record = cursor->next().value();
    REQUIRE(record.has_value());
    REQUIRE(record->id == id);
    REQUIRE(record->revision == kept.revision);
    REQUIRE(cursor->payload().value().size() == kept.size);
  }
  CHECK_FALSE(cursor->next().value());
}

TEST_CASE("a batch sees what it has just put, replaced and removed", "[store][sqlite]") {
  helped_store_fixture here;
  if (GENERATE(false, true)) REQUIRE(put_license(*here.store, numbered(5)));
  const auto batch = here.store->begin_batch().value();
  for (std::size_t n = 10; n != 20; ++n) put_into(*batch, numbered(n));
  CHECK(revision_in(*batch, number(19)) == 1U);
  put_into(*batch, numbered(19, 70, 2));
  put_into(*batch, numbered(19, 80, 3));
  CHECK(revision_in(*batch, number(19)) == 3U);
  CHECK(revision_in(*batch, number(20)) == std::nullopt);
  put_into(*batch, numbered(20));
  REQUIRE(batch->remove(number(19)));
  CHECK(revision_in(*batch, number(19)) == std::nullopt);
  put_into(*batch, numbered(19, 90, 4));
  REQUIRE(batch->remove(number(20)));
  REQUIRE(batch->commit());
  CHECK(here.store->find(number(19)).value().payload.size() == 90);
  CHECK(here.store->find(number(20)).error() == errc::license_not_found);
}

TEST_CASE("licenses larger than what is kept in memory go into a batch between small ones", "[store][sqlite]") {
  helped_store_fixture here;
  const auto batch = here.store->begin_batch().value();
  const std::size_t sizes[] = {100, 3'000'000, 2'000'000, 0, 262'144, 262'104, 262'103, 4'000'000, 100};
  for (std::size_t n = 0; n != std::size(sizes); ++n) put_into(*batch, numbered(n, sizes[n]));
  REQUIRE(batch->commit());
  for (std::size_t n = 0; n != std::size(sizes); ++n)
    CHECK(here.store->find(number(n)).value().payload == numbered(n, sizes[n]).payload);
}

TEST_CASE("a batch that is destroyed while others work for it leaves the store as it was", "[store][sqlite]") {
  helped_store_fixture here;
  for (std::size_t licenses : {1U, 63U, 64U, 65U, 300U, 1'000U}) {
    const auto batch = here.store->begin_batch().value();
    for (std::size_t n = 0; n != licenses; ++n) put_into(*batch, numbered(n, 3'000));
  }
  CHECK(here.ids().empty());
  REQUIRE(put_license(*here.store, numbered(7)));
  CHECK(here.ids() == std::vector{number(7)});
}

TEST_CASE("a disk that gets full while others work for a batch is told and nothing is committed", "[store][sqlite]") {
  helped_store_fixture here;
  const bool was_empty = GENERATE(true, false);
  if (!was_empty) REQUIRE(put_license(*here.store, numbered(9'999)));
  const auto batch = here.store->begin_batch().value();
  {
    const full_disk full(3'000'000);
    error_code told;
    std::size_t n = 0;
    for (; n != 20'000 && !told.failed(); ++n) {
      const license item = numbered(n, 4'000);
      if (const auto put = batch->put(as_record(item, pack_metadata(item))); !put) told = put.error();
    }
    CHECK(told == errc::store_failed);  // a limit of the process is not a full disk
    CHECK(n < 2'500);
    CHECK(put_license(*here.store, numbered(1)).error() == errc::store_busy);
  }
  // Also where there is room again.
  const license item = numbered(1);
  CHECK(batch->put(as_record(item, pack_metadata(item))).error() == errc::store_failed);
  CHECK(batch->find(number(1)).error() == errc::store_failed);
  CHECK(batch->remove(number(1)).error() == errc::store_failed);
  CHECK(batch->commit().error() == errc::store_failed);
  CHECK(here.ids().size() == (was_empty ? 0 : 1));
  REQUIRE(put_license(*here.store, numbered(7)));
  CHECK(here.store->find(number(7)).has_value());
}

TEST_CASE("an error that no put has told is told by the commit", "[store][sqlite]") {
  helped_store_fixture here;
  const auto batch = here.store->begin_batch().value();
  {
    const full_disk full(100'000);
    for (std::size_t n = 0; n != 60; ++n) put_into(*batch, numbered(n, 4'000));
    CHECK(batch->commit().error() == errc::store_failed);
  }
  CHECK(here.ids().empty());
  CHECK(batch->commit().error() == errc::store_failed);
}
