// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "claims_for_tests.hpp"
#include "piped_process.hpp"
#include "temporary_directory.hpp"

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

// A process that claims, and what it prints. See claiming.cpp.
class claiming_process : public piped_process {
 public:
  // No file that it writes becomes larger than `largest_file`.
  claiming_process(const std::filesystem::path& ledger, unsigned number, unsigned calls,
                   rlim_t largest_file = RLIM_INFINITY)
      : piped_process({CLAIMING_PROGRAM, ledger.string(), std::to_string(number), std::to_string(calls)}, [&] {
          std::signal(SIGXFSZ, SIG_IGN);  // an error of the write in place of a death
          const rlimit limit{largest_file, largest_file};
          return largest_file == RLIM_INFINITY || ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
        }) {}
};

// Everything that was answered, as who was answered keeps it.
class record_of_answers {
 public:
  void add(const std::string& line) {
    std::istringstream in(line);
    unsigned license = 0, machine = 0, what = 0;
    std::uint64_t uses = 0;
    REQUIRE(in >> license >> machine >> what >> uses);
    const auto answered = static_cast<claim_result>(what);
    auto& [granted, lowest, full] = licenses_[license];
    if (answered == claim_result::at_limit)
      full = true;
    else
      granted.insert(numbered_key(machine));
    taken_ += answered == claim_result::taken;
    lowest = std::min(lowest, uses);
    ++answers_;
  }

  // Whether each answer is still true in the ledger, and no limit exceeded.
  void check(ledger& in) const {
    std::map<license_id, std::set<machine_id>> places;
    const auto slots = in.slots_of(claiming_owner()).value();
    for (const owned_slot& slot : slots) places[slot.license].insert(slot.machine);
    for (const auto& [id, machines] : places) REQUIRE(machines.size() <= 4);
    for (const auto& [license, known] : licenses_) {
      const auto& there = places[numbered_license(license)];
      REQUIRE(std::ranges::includes(there, known.granted));
      const slot_claim claim = numbered_claim(license, origin_number);
      const auto now = in.claim({&claim, 1}, claiming_time).value().front();
      REQUIRE(now.decision == claim_result::known);
      REQUIRE(now.state.uses_left.value() <= known.lowest);
      if (known.full) REQUIRE(there.size() == 4);
    }
  }

  std::size_t answers() const { return answers_; }
  std::size_t taken() const { return taken_; }

 private:
  struct answered_license {
    std::set<machine_id> granted;
    std::uint64_t lowest = std::uint64_t(-1);
    bool full = false;
  };
  std::map<unsigned, answered_license> licenses_;
  std::size_t answers_ = 0, taken_ = 0;
};

}  // namespace

TEST_CASE("several processes use one ledger at a time and no limit is exceeded", "[ledger][process]") {
  const temporary_directory folder;
  const auto file = folder.path() / "ledger";
  std::vector<std::unique_ptr<claiming_process>> processes;  // from the first on: they make the file together
  for (unsigned number = 1; number <= 3; ++number)
    processes.push_back(std::make_unique<claiming_process>(file, number, 40));
  record_of_answers record;
  for (const auto& process : processes) {
    for (std::string line = process->line(); !line.empty(); line = process->line()) record.add(line);
    CHECK(process->wait() == 0);
  }
  const auto ledger = open_sqlite_ledger(file).value();
  record.check(*ledger);
  CHECK(record.taken() == claimed_licenses * 3);  // each place beside the origin's, once
}

// What a killed process leaves behind does not depend on a disk, and waiting for one would take most of the time.
TEST_CASE("no answer of a ledger is forgotten when its processes are killed a hundred times", "[ledger][process]") {
  const temporary_directory folder(temporary_directory::in_memory());
  std::mt19937 random(7);
  record_of_answers record;
  std::filesystem::path file;
  for (unsigned round = 0; round != 100; ++round) {
    // Every fourth time with a ledger that has yet to be made and filled.
    if (round % 4 == 0) {
      file = folder.path() / ("ledger" + std::to_string(round));
      record = {};
    }
    // Alone, or beside another that is killed too. Two that claim without a pause wait for each other for long.
    std::vector<std::unique_ptr<claiming_process>> killed;
    for (unsigned i = 0; i <= round % 2; ++i)
      killed.push_back(std::make_unique<claiming_process>(file, 2 * round + 10 + i, 0));
    for (unsigned answers = static_cast<unsigned>(random() % 40); answers != 0; --answers)
      record.add(killed[0]->line());
    for (const auto& process : killed) {
      const int status = process->kill();
      REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    }
    for (const auto& process : killed)
      for (std::string line = process->line(); line.ends_with('\n'); line = process->line()) record.add(line);
    CAPTURE(round, record.answers());
    const auto ledger = open_sqlite_ledger(file).value();
    record.check(*ledger);
  }
}

TEST_CASE("no answer of a ledger is forgotten where there is no more room for it", "[ledger][process]") {
  const temporary_directory folder(temporary_directory::in_memory());
  const auto file = folder.path() / "ledger";
  record_of_answers record;
  for (const rlim_t kilobytes : {60U, 90U, 130U, 200U}) {
    claiming_process process(file, static_cast<unsigned>(kilobytes), 0, kilobytes * 1'024);
    for (std::string line = process.line(); !line.empty(); line = process.line()) record.add(line);
    const int status = process.wait();
    REQUIRE(WIFEXITED(status));
    CAPTURE(kilobytes, record.answers());
    CHECK(WEXITSTATUS(status) == 1);  // told that it failed
    const auto ledger = open_sqlite_ledger(file).value();
    record.check(*ledger);
  }
  CHECK(record.answers() > 0);
}
