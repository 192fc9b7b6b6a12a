// SPDX-License-Identifier: BSL-1.0
#include "core/offered_work.hpp"

#include "catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <array>
#include <atomic>
#include <stdexcept>

using reinstate::offered_work;

TEST_CASE("work that nobody else does is done by who needs it", "[core]") {
  boost::asio::io_context nobody_runs_it;
  for (const boost::asio::any_io_executor& to : {boost::asio::any_io_executor(), {nobody_runs_it.get_executor()}}) {
    int done = 0;
    offered_work work;
    work.offer(to, [&] { ++done; });
    CHECK(done == 0);
    work.finish();
    CHECK(done == 1);
    work.finish();
    CHECK(done == 1);
  }
  CHECK(nobody_runs_it.run() == 1);  // comes too late and does nothing
}

TEST_CASE("work is done by a thread of the executor before it is needed", "[core]") {
  boost::asio::io_context others;
  int done = 0;
  offered_work work;
  work.offer(others.get_executor(), [&] { ++done; });
  others.run();
  CHECK(done == 1);
  work.finish();
  CHECK(done == 1);
}

TEST_CASE("work that is withdrawn is not done any more", "[core]") {
  boost::asio::io_context others;
  int done = 0;
  {
    offered_work work;
    work.offer(others.get_executor(), [&] { ++done; });
  }
  others.run();
  CHECK(done == 0);
}

TEST_CASE("what work throws reaches who needs it", "[core]") {
  boost::asio::io_context others;
  offered_work work;
  work.offer(others.get_executor(), [] { throw std::runtime_error("no"); });
  SECTION("done by another") {
    others.run();
  }
  SECTION("done by itself") {
  }
  CHECK_THROWS_AS(work.finish(), std::runtime_error);
}

TEST_CASE("of many pieces each is done once whoever comes first", "[core]") {
  boost::asio::thread_pool others(2);
  std::array<std::atomic<int>, 16> done{};
  std::array<offered_work, 16> pieces;
  for (int round = 1; round != 200; ++round) {
    for (std::size_t i = 0; i != pieces.size(); ++i) pieces[i].offer(others.get_executor(), [&, i] { ++done[i]; });
    for (std::size_t i = 0; i != pieces.size(); ++i) {
      i % 3 == 0 ? pieces[i].withdraw() : pieces[i].finish();
      if (i % 3 == 0 ? done[i] > round : done[i] != round) FAIL("piece " << i << " of round " << round);
    }
  }
}
