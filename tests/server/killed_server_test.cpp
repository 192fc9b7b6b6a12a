// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "served_folder.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace reinstate;
using namespace reinstate::tests;

constexpr unsigned license_count = 8, machine_limit = 4, machine_count = 12, player_count = 4;

license_id id_of(unsigned license) {
  license_id out;
  out.bytes.fill(static_cast<std::byte>(license));
  return out;
}

// A machine, what is known of its places, and an order to release it that was sent and not answered.
struct machine : asking_machine {
  enum class place { no, yes, unknown };

  std::array<place, license_count> places{};
  std::optional<owner_proof> order;
  std::uint64_t released = 0;  // places at least, by the order
};

// Everything that was answered, as those who were answered keep it. Each machine belongs to one thread.
class record_of_answers {
 public:
  using place = machine::place;

  void granted(machine& to, unsigned license) {
    const std::lock_guard lock(mutex_);
    to.places[license] = place::yes;
    const auto holders = 1 + std::ranges::count_if(machines, [&](const machine& each) {
                           return each.places[license] == place::yes;
                         });  // with the origin, which nobody releases
    if (holders > machine_limit) problems_.emplace_back("a limit was exceeded");
    ++grants_;
  }

  void refused(machine& one, unsigned license, const error_code& why) {
    const std::lock_guard lock(mutex_);
    if (one.places[license] == place::yes) problems_.emplace_back("a grant was forgotten");
    if (why != errc::machine_limit_reached) problems_.push_back(why.message());
    one.places[license] = place::no;
    ++refusals_;
  }

  void not_answered(machine& one, unsigned license) {
    const std::lock_guard lock(mutex_);
    if (one.places[license] != place::yes) one.places[license] = place::unknown;
  }

  // From now on the places may be gone, whether there is an answer or not.
  void releases(machine& one, const owner_proof& order) {
    const std::lock_guard lock(mutex_);
    one.order = order;
    one.released = static_cast<std::uint64_t>(std::ranges::count(one.places, place::yes));
    for (place& each : one.places)
      if (each == place::yes) each = place::unknown;
  }

  void released(machine& one, const result<release_receipt>& answer) {
    const std::lock_guard lock(mutex_);
    const auto licenses = answer ? answer->licenses : 0;
    if (!answer && answer.error() != errc::machine_not_found) problems_.push_back(answer.error().message());
    if (licenses < one.released) problems_.emplace_back("a release missed a grant");
    one.order.reset();
    one.places.fill(place::no);
    releases_ += licenses;
  }

  // One call was answered.
  void count_answer() {
    const std::lock_guard lock(mutex_);
    ++answers_;
    changed_.notify_all();
  }

  // Returns whether so many more were answered while all players asked.
  bool wait_for(unsigned more) {
    std::unique_lock lock(mutex_);
    const auto target = answers_ + more;
    changed_.wait(lock, [&] { return answers_ >= target || ended_ == player_count; });
    return ended_ == 0;
  }
  void begin() { ended_ = 0; }
  void player_ended() {
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_all();
  }

  // Whether each answer is still true in the ledger.
  void check(ledger& in, const x25519_public_key& owner) const {
    std::map<license_id, std::set<machine_id>> there;
    for (const owned_slot& slot : in.slots_of(owner).value())
      if (!slot.released_by) there[slot.license].insert(slot.machine);
    for (unsigned license = 0; license != license_count; ++license) {
      const auto& holders = there[id_of(license)];
      CHECK(holders.size() <= machine_limit);
      for (const machine& one : machines) {
        if (one.places[license] == place::yes) CHECK(holders.contains(one.id));
        if (one.places[license] == place::no) CHECK_FALSE(holders.contains(one.id));
      }
    }
    CHECK(problems_ == std::vector<std::string>());
  }

  std::array<machine, machine_count> machines;
  std::uint64_t grants() const { return grants_; }
  std::uint64_t refusals() const { return refusals_; }
  std::uint64_t releases() const { return releases_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t answers_ = 0, grants_ = 0, refusals_ = 0, releases_ = 0;
  unsigned ended_ = 0;
  std::vector<std::string> problems_;
};

// At no moment did a license have more machines than it may: so says the trail, line by line.
void check_trail(ledger& in) {
  std::map<license_id, std::set<machine_id>> holders;
  std::uint64_t last = 0;
  for (auto some = in.records().audit(0, 1'000).value(); !some.empty(); some = in.records().audit(last, 1'000).value())
    for (const audit_entry& line : some) {
      last = line.number;
      if (line.event == "origin_counted" || line.event == "slot_taken") {
        auto& of = holders[line.license.value()];
        REQUIRE(of.insert(line.machine.value()).second);
        REQUIRE(of.size() <= machine_limit);
      }
      if (line.event == "released") REQUIRE(holders[line.license.value()].erase(line.machine.value()) == 1);
    }
  CHECK(holders.size() == license_count);
}

// One who asks with some machines until nobody answers.
class player {
 public:
  player(const served_folder& in, const std::string& url, record_of_answers& record, unsigned number, unsigned seed)
      : in_(in), record_(record), random_(seed) {
    for (unsigned i = number; i < machine_count; i += player_count)
      machines_.push_back({&record.machines[i], in.client(url, record.machines[i])});
  }

  ~player() { record_.player_ended(); }

  void play() {
    while (ask_once()) record_.count_answer();
  }

 private:
  struct asking {
    machine* self;
    std::shared_ptr<license_management_service> service;
  };

  bool ask_once() {
    const asking& with = machines_[random_() % machines_.size()];
    if (with.self->order || random_() % 4 == 0) return release(with);
    return restore(with);
  }

  bool restore(const asking& with) {
    std::vector<unsigned> licenses(license_count);
    std::iota(licenses.begin(), licenses.end(), 0U);
    std::ranges::shuffle(licenses, random_);
    licenses.resize(1 + random_() % license_count);
    restore_request request = in_.request(*with.self);
    for (const unsigned license : licenses)
      request.licenses.push_back({in_.statement(id_of(license), machine_limit), 0, {}});

    const auto answer = with.service->decide(request, {});
    for (std::size_t i = 0; i != licenses.size(); ++i) {
      if (!answer)
        record_.not_answered(*with.self, licenses[i]);
      else if (answer->licenses[i].refused)
        record_.refused(*with.self, licenses[i], answer->licenses[i].refused);
      else
        record_.granted(*with.self, licenses[i]);
    }
    return answer.has_value();
  }

  // An order that was not answered is sent again.
  bool release(const asking& with) {
    machine& self = *with.self;
    if (!self.order) record_.releases(self, in_.proof(owner_action::release, self, self.id));
    const auto answer = with.service->release(*self.order, {});
    if (!answer && answer.error() == errc::service_unavailable) return false;
    record_.released(self, answer);
    return true;
  }

  const served_folder& in_;
  record_of_answers& record_;
  std::mt19937 random_;
  std::vector<asking> machines_;
};

}  // namespace

TEST_CASE("no answer of a server is forgotten when it is killed a hundred times under load", "[server][process]") {
  // In memory: what a killed process leaves behind does not depend on a disk.
  const served_folder service(temporary_directory::in_memory());
  record_of_answers record;
  std::mt19937 random(11);
  for (unsigned round = 0; round != 100; ++round) {
    CAPTURE(round);
    served_ledger server(SERVED_LEDGER, service);
    record.begin();
    std::vector<std::future<void>> players;
    for (unsigned number = 0; number != player_count; ++number)
      players.push_back(std::async(std::launch::async, [&, number] {
        player(service, server.url(), record, number, round * player_count + number).play();
      }));
    CHECK(record.wait_for(static_cast<unsigned>(random() % 40)));
    const int status = server.kill();
    for (auto& one : players) one.get();
    REQUIRE((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    if (round % 10 == 9) record.check(*service.book(), service.owner());
  }
  check_trail(*service.book());
  CHECK(record.grants() > 0);
  CHECK(record.refusals() > 0);
  CHECK(record.releases() > 0);
}
