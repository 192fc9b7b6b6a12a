// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <reinstate/plugins/memory_medium.hpp>
#include <reinstate/testing/backup_medium_suite.hpp>
#include <reinstate/testing/faulty_medium.hpp>

#include <span>
#include <string>
#include <vector>

using namespace reinstate;

namespace {

struct faulty_fixture {
  std::shared_ptr<memory_files> files = std::make_shared<memory_files>();
  std::shared_ptr<testing::medium_faults> faults = std::make_shared<testing::medium_faults>();
  std::unique_ptr<backup_medium> medium = testing::make_faulty_medium(make_memory_medium(files), faults);
};

const std::vector<std::byte> some_bytes(100, std::byte{7});

// Seven calls, one of each kind.
error_code one_of_each(backup_medium& medium) {
  auto writer = medium.create("a");
  if (!writer) return writer.error();
  if (auto written = (*writer)->write(some_bytes); !written) return written.error();
  if (auto finished = (*writer)->finish(); !finished) return finished.error();
  if (auto listed = medium.list(); !listed) return listed.error();
  auto reader = medium.open("a");
  if (!reader) return reader.error();
  std::vector<std::byte> buffer(10);
  if (auto got = (*reader)->read(buffer); !got) return got.error();
  if (auto removed = medium.remove("a"); !removed) return removed.error();
  return {};
}

}  // namespace

TEST_CASE("the memory medium keeps the contract of backup media", "[medium]") {
  for (const auto& check : testing::backup_medium_contract()) {
    DYNAMIC_SECTION(check.promise) {
      const auto files = std::make_shared<memory_files>();
      CHECK_NOTHROW(check.run([&] { return make_memory_medium(files); }));
    }
  }
}

TEST_CASE("what was abandoned on a memory medium leaves an empty file", "[medium]") {
  const auto files = std::make_shared<memory_files>();
  const auto medium = make_memory_medium(files);
  auto writer = medium->create("000001/a").value();
  CHECK(medium->list().value() == std::vector<medium_entry>{{"000001/a", 0}});
  REQUIRE(writer->write(some_bytes));
  CHECK(*files == memory_files{{"000001/a", {}}});
  writer.reset();
  CHECK(*files == memory_files{{"000001/a", {}}});
}

TEST_CASE("a memory medium shows what a test did to its files", "[medium]") {
  const auto files = std::make_shared<memory_files>();
  const auto medium = make_memory_medium(files);
  (*files)["a"] = some_bytes;
  (*files)["../not a medium name"] = some_bytes;
  CHECK(medium->list().value() == std::vector<medium_entry>{{"a", 100}});

  const auto reader = medium->open("a").value();
  (*files)["a"].resize(40);
  std::vector<std::byte> buffer(100);
  CHECK(reader->read(buffer).value() == 40);
  files->clear();
  CHECK(reader->read(buffer).error() == errc::medium_failed);
}

TEST_CASE("of two memory media that create one name the first has it", "[medium]") {
  const auto files = std::make_shared<memory_files>();
  const auto medium = make_memory_medium(files), other = make_memory_medium(files);
  const auto first = medium->create("a").value();
  CHECK(other->create("a").error() == errc::medium_failed);
  REQUIRE(first->write(some_bytes));
  CHECK(first->finish());
  CHECK(files->at("a") == some_bytes);
}

TEST_CASE("a memory writer whose file was removed cannot finish it", "[medium]") {
  const auto files = std::make_shared<memory_files>();
  const auto medium = make_memory_medium(files);
  const auto writer = medium->create("a").value();
  REQUIRE(writer->write(some_bytes));
  REQUIRE(medium->remove("a"));
  CHECK(writer->finish().error() == errc::medium_failed);
  CHECK(files->empty());
}

TEST_CASE("a finished memory writer takes nothing more", "[medium]") {
  const auto medium = make_memory_medium(std::make_shared<memory_files>());
  const auto writer = medium->create("a").value();
  CHECK(writer->finish());
  CHECK(writer->write(some_bytes).error() == errc::medium_failed);
  CHECK(writer->finish().error() == errc::medium_failed);
}

TEST_CASE("a name cannot be both folder and file on a memory medium", "[medium]") {
  const auto files = std::make_shared<memory_files>(memory_files{{"a", {}}, {"b/x", {}}, {"c-", {}}});
  const auto medium = make_memory_medium(files);
  CHECK(medium->create("a/x").error() == errc::medium_failed);
  CHECK(medium->create("b").error() == errc::medium_failed);
  CHECK(medium->create("c").has_value());
  CHECK(medium->create("zzzz").has_value());
}

TEST_CASE("a medium that breaks a promise does not pass the contract", "[medium]") {
  const bool forgets = GENERATE(false, true);
  std::size_t violations = 0;
  for (const auto& check : testing::backup_medium_contract()) {
    const auto files = std::make_shared<memory_files>();
    const auto faults = std::make_shared<testing::medium_faults>();
    (forgets ? faults->forget_from : faults->fail_at) = 2;
    try {
      check.run([&] { return testing::make_faulty_medium(make_memory_medium(files), faults); });
    } catch (const testing::contract_violation&) {
      ++violations;
    }
  }
  // Whoever only looks at an empty medium sees nothing forgotten, nor does who finishes a file without a byte.
  const std::size_t unseen = forgets ? 2 : 1;
  CHECK(violations + unseen >= testing::backup_medium_contract().size());
}

TEST_CASE("a faulty medium without faults keeps the contract", "[medium]") {
  for (const auto& check : testing::backup_medium_contract()) {
    faulty_fixture f;
    CHECK_NOTHROW(check.run([&] { return testing::make_faulty_medium(make_memory_medium(f.files), f.faults); }));
  }
}

TEST_CASE("a faulty medium fails the call it was told to, and only that", "[medium]") {
  const auto call = GENERATE(range(std::uint64_t{1}, std::uint64_t{9}));
  faulty_fixture f;
  f.faults->fail_at = call;
  f.faults->error = errc::medium_full;
  const error_code ec = one_of_each(*f.medium);
  CAPTURE(call);
  if (call <= 7) {
    CHECK(ec == errc::medium_full);
    CHECK(f.faults->calls == call);
    CHECK(f.medium->list().has_value());
  } else {
    CHECK_FALSE(ec.failed());
    CHECK(f.faults->calls == 7);
  }
}

TEST_CASE("a faulty medium can go on failing", "[medium]") {
  faulty_fixture f;
  f.faults->fail_at = 2;
  f.faults->keeps_failing = true;
  CHECK(one_of_each(*f.medium) == errc::medium_failed);
  CHECK(f.medium->list().error() == errc::medium_failed);
  CHECK(f.medium->remove("a").error() == errc::medium_failed);
}

TEST_CASE("a faulty medium counts only the kind of call it was told to", "[medium]") {
  faulty_fixture f;
  f.faults->only = testing::medium_call::finish;
  f.faults->fail_at = 2;
  CHECK_FALSE(one_of_each(*f.medium).failed());
  CHECK(one_of_each(*f.medium) == errc::medium_failed);
  CHECK(f.faults->calls == 2);
}

TEST_CASE("a file whose fsync failed is dead: every later call gives the same error", "[medium]") {
  faulty_fixture f;
  f.faults->only = testing::medium_call::finish;
  f.faults->fail_at = 1;
  const auto writer = f.medium->create("a").value();
  REQUIRE(writer->write(some_bytes));
  CHECK(writer->finish().error() == errc::medium_failed);
  CHECK(writer->finish().error() == errc::medium_failed);
  CHECK(writer->write(some_bytes).error() == errc::medium_failed);
  CHECK(*f.files == memory_files{{"a", {}}});
}

TEST_CASE("a faulty medium can forget what it says it wrote", "[medium]") {
  const auto call = GENERATE(range(std::uint64_t{1}, std::uint64_t{4}));  // at create, at write, at finish
  faulty_fixture f;
  f.faults->forget_from = call;
  const auto writer = f.medium->create("a").value();
  CHECK(writer->write(some_bytes));
  CHECK(writer->finish());
  // Once it has been created the name stays, and nothing more.
  CHECK(*f.files == (call == 1 ? memory_files() : memory_files{{"a", {}}}));

  f.files->emplace("b", some_bytes);
  CHECK(f.medium->remove("b"));
  CHECK(f.files->contains("b"));
}
