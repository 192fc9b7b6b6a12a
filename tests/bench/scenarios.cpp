// SPDX-License-Identifier: BSL-1.0
#include "scenarios.hpp"

#include "child.hpp"
#include "figures.hpp"
#include "peers.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>

#include <unistd.h>

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* ours = "reinstate";

// One of those that take turns. What it writes is in `out` and `back` of its folder.
struct contender {
  std::string who;
  command what;
  fs::path folder;
  std::vector<fs::path> reads;            // in the page cache when it begins, unless caches are cold
  std::function<void()> prepare = [] {};  // before each run, not measured
  std::uintmax_t bytes_before = 0;        // in `out`, when it begins

  fs::path out() const { return folder / "out"; }
  fs::path back() const { return folder / "back"; }
};

struct conditions {
  bool one_core = false, cold = false;
};

void make_empty(const fs::path& folder) {
  fs::remove_all(folder);
  fs::create_directories(folder);
}

// Makes `to` a copy of `from`, times and all.
void copy_all(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::create_directories(to.parent_path());
  run({"cp", "-a", from.string(), to.string()});
}

// Everything with one number of licenses.
class measurement {
 public:
  measurement(const plan& what, std::size_t licenses, figures& to)
      : plan_(what),
        licenses_(licenses),
        corpus_(what.folder / ("corpus-" + std::to_string(licenses))),
        work_(what.folder / "work"),
        to_(to) {
    fs::create_directories(corpus_);
    ::setenv("CORPUS", corpus_.c_str(), 1);
    ::setenv("KEYS", keys().c_str(), 1);
    for (const char* name : {"RESTIC_PASSWORD", "BORG_PASSPHRASE"}) ::setenv(name, "only for measurements", 1);
    for (const char* name : {"BORG_RELOCATED_REPO_ACCESS_IS_OK", "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK"})
      ::setenv(name, "yes", 1);
    if (!fs::exists(keys() / "recipient")) {
      make_empty(keys());
      run(own({"keys", keys()}));
    }
    make("home", {"fill", corpus_ / "home", count()});
  }
  ~measurement() {
    std::error_code ignored;
    fs::remove_all(work_, ignored);
  }

  void measure() {
    for (const auto& [name, what] : scenarios()) {
      if (!is_wanted(name)) continue;
      std::cerr << licenses_ << " licenses, " << name << '\n';
      make_empty(work_);
      (this->*what)();
      plan_.so_far(to_.as_json());
    }
  }

  using scenario = void (measurement::*)();

  static const std::map<std::string, scenario>& scenarios() {
    static const std::map<std::string, scenario> all = {
        {"backup", &measurement::backup}, {"restore", &measurement::restore}, {"update", &measurement::update},
        {"cold", &measurement::cold},     {"grown", &measurement::grown},     {"one-core", &measurement::one_core},
        {"writer", &measurement::writer}, {"cancel", &measurement::cancel},
    };
    return all;
  }

 private:
  // How a store is used is measured with as many licenses as the targets name, unless it is asked for.
  bool is_wanted(const std::string& scenario) const {
    if (!plan_.scenarios.empty()) return plan_.scenarios.contains(scenario);
    return licenses_ == 100'000 || scenario == "backup" || scenario == "restore" || scenario == "update";
  }

  // --- places ---

  std::string count() const { return std::to_string(licenses_); }
  fs::path keys() const { return plan_.folder / "keys"; }
  fs::path home() const { return corpus_ / "home"; }

  // This program again, with a subcommand.
  static command own(const std::vector<fs::path>& arguments) {
    command out = {fs::read_symlink("/proc/self/exe").string()};
    for (const fs::path& each : arguments) out.push_back(each.string());
    return out;
  }

  // Makes a form of the corpus, unless an earlier run has.
  void make(const std::string& form, const std::vector<fs::path>& arguments) {
    const fs::path done = corpus_ / (form + ".done");
    if (fs::exists(done)) return;
    fs::remove_all(corpus_ / form);
    std::cerr << "making " << (corpus_ / form).string() << '\n';
    run(own(arguments));
    std::ofstream{done};
  }

  void make_for(const peer& which) {
    const fs::path form = corpus_ / which.reads;
    make(which.reads, {form.stem(), form, count()});
  }

  // --- contenders ---

  contender make_contender(const std::string& who, command what, std::vector<fs::path> reads) {
    contender out{who, std::move(what), work_ / who, std::move(reads)};
    make_empty(out.out());
    return out;
  }

  contender own_backup(const std::string& who, const fs::path& from, const char* by = "two") {
    const fs::path out = work_ / who / "out";
    contender each = make_contender(who, own({"backup", from, out, keys(), by}), {from / "licenses.db"});
    each.prepare = [out] { make_empty(out); };
    return each;
  }

  contender own_restore(const std::string& who, const char* by = "two") {
    const fs::path out = work_ / who / "out", back = work_ / who / "back";
    contender each = make_contender(who, own({"restore", back, out, keys(), by}), {out});
    run(own({"backup", home(), out, keys()}));
    each.prepare = [back] {
      fs::remove_all(back);
      run(own({"individualize", back}));
    };
    return each;
  }

  fs::path floor_database() {
    make("sealed.db", {"sealed", corpus_ / "sealed.db", count()});
    return corpus_ / "sealed.db";
  }

  contender floor_backup(unsigned threads) {
    const std::string who = threads == 1 ? "floor, one thread" : "floor, two threads";
    const fs::path out = work_ / who / "out", database = floor_database();
    contender each =
        make_contender(who, own({"floor-backup", database, out / "backup", std::to_string(threads)}), {database});
    each.prepare = [out] { make_empty(out); };
    return each;
  }

  contender floor_restore(unsigned threads) {
    contender each = floor_backup(threads);
    run(each.what);
    each.what = own({"floor-restore", each.out() / "backup", each.back() / "licenses.db", std::to_string(threads)});
    each.reads = {each.out()};
    each.prepare = [back = each.back()] { make_empty(back); };
    return each;
  }

  // Where a peer finds its things, see peers.hpp.
  static void tell_places(const contender& to) {
    ::setenv("OUT", to.out().c_str(), 1);
    ::setenv("BACK", to.back().c_str(), 1);
    for (const char* name : {"RESTIC_REPOSITORY", "BORG_REPO"}) ::setenv(name, to.out().c_str(), 1);
    ::setenv("RESTIC_CACHE_DIR", (to.folder / "cache").c_str(), 1);
    ::setenv("BORG_BASE_DIR", (to.folder / "base").c_str(), 1);
  }

  static void prepare_peer(const contender& of, const peer& which) {
    make_empty(of.folder);
    make_empty(of.out());
    if (*which.prepare != '\0') run(in_shell(which.prepare));
  }

  contender peer_backup(const peer& which) {
    make_for(which);
    contender each = make_contender(which.name, in_shell(which.backup), {corpus_ / which.reads});
    each.prepare = [each, &which] { prepare_peer(each, which); };
    return each;
  }

  contender peer_restore(const peer& which) {
    contender each = peer_backup(which);
    tell_places(each);
    each.prepare();
    run(each.what);
    each.what = in_shell(which.restore);
    each.reads = {each.out()};
    each.prepare = [back = each.back()] { make_empty(back); };
    return each;
  }

  // Calls `what` for every peer there is.
  void for_each_peer(const std::function<void(const peer&)>& what) {
    if (licenses_ > plan_.peers_up_to) return;
    for (const peer& each : all_peers()) {
      const std::string missing = missing_program(each);
      if (missing.empty())
        what(each);
      else
        std::cerr << each.name << " is left out: " << missing << " is not installed\n";
    }
  }

  // --- runs ---

  // Everybody once, and again, so that whatever disturbs the machine for a while disturbs all of them.
  void take_turns(const std::string& what, const std::vector<contender>& all, conditions under = {}) {
    for (int i = 0; i != plan_.runs; ++i)
      for (const contender& each : all) {
        try {
          run_once({licenses_, what, each.who}, each, under);
        } catch (const std::exception& error) {
          if (each.who.starts_with(ours)) throw;
          std::cerr << each.who << " misses a turn: " << error.what() << '\n';
        }
      }
  }

  void run_once(const subject& as, const contender& each, conditions under) {
    tell_places(each);
    each.prepare();
    settle();
    if (!under.cold) warm(each.reads);
    wait_until_quiet(plan_.quiet_seconds);
    if (under.cold && !drop_caches()) throw std::runtime_error("dropping caches needs root");
    const usage sample = run(each.what, under.one_core);
    to_.add(as, sample, bytes_in(each.out()) - each.bytes_before);
    fs::remove_all(each.back());
  }

  void backup() {
    std::vector<contender> all = {own_backup("reinstate", home()), floor_backup(2), floor_backup(1),
                                  own_backup("reinstate, one thread", home(), "one")};
    for_each_peer([&](const peer& each) {
      if (each.backs_up) all.push_back(peer_backup(each));
    });
    take_turns("backup", all);
  }

  void restore() {
    std::vector<contender> all = {own_restore("reinstate"), floor_restore(2), floor_restore(1),
                                  own_restore("reinstate, one thread", "one")};
    for_each_peer([&](const peer& each) { all.push_back(peer_restore(each)); });
    take_turns("restore", all);
    for_each_peer([&](const peer& each) {
      if (*each.open == '\0') return;
      contender opening = peer_restore(each);
      opening.what = in_shell(each.open);
      take_turns(std::string(each.name) + ": opening", {opening});
    });
  }

  void update() {
    for (const auto& [every, share] : {std::pair(1000, "0.1 %"), std::pair(100, "1 %"), std::pair(10, "10 %")}) {
      if (every == 10 && licenses_ > plan_.peers_up_to) continue;  // it says nothing more, and takes much room
      std::vector<contender> all = {own_update(static_cast<std::size_t>(every))};
      if (every == 100)
        for_each_peer([&](const peer& each) {
          if (each.updates) all.push_back(peer_update(each));
        });
      if (all.size() > 1) run(own({"change-directory", corpus_ / "directory", count(), "100", "2"}));
      take_turns(std::string("update, ") + share, all);
      if (all.size() > 1) run(own({"change-directory", corpus_ / "directory", count(), "100", "1"}));
      make_empty(work_);
    }
  }

  contender own_update(std::size_t every) {
    const fs::path changed = changed_home(every);
    const fs::path out = work_ / "reinstate" / "out", first = work_ / "reinstate" / "first";
    contender each = make_contender("reinstate", own({"update", changed, out, keys()}), {changed / "licenses.db"});
    make_empty(first);
    run(own({"backup", home(), first, keys()}));
    each.prepare = [first, out] { copy_all(first, out); };
    each.bytes_before = bytes_in(first);
    return each;
  }

  // The same machine, some time later.
  fs::path changed_home(std::size_t every) {
    const fs::path changed = corpus_ / ("changed-" + std::to_string(every)), unfinished = corpus_ / "unfinished";
    if (fs::exists(changed)) return changed;
    copy_all(home(), unfinished);
    run(own({"change", unfinished, count(), std::to_string(every)}));
    fs::rename(unfinished, changed);
    return changed;
  }

  contender peer_update(const peer& which) {
    contender each = peer_backup(which);
    const fs::path first = each.folder.string() + " first";
    tell_places(each);
    each.prepare();
    run(each.what);
    each.bytes_before = bytes_in(each.out());
    copy_all(each.folder, first);
    each.prepare = [first, to = each.folder] { copy_all(first, to); };
    return each;
  }

  void cold() {
    if (!drop_caches()) {
      std::cerr << "cold caches are left out: dropping them needs root\n";
      return;
    }
    take_turns("backup, cold", {own_backup("reinstate", home()), floor_backup(2)}, {.cold = true});
    take_turns("restore, cold", {own_restore("reinstate"), floor_restore(2)}, {.cold = true});
  }

  // Grown in memory where there is a place for that, since a commit does not wait for a disk there: the file comes out
  // the same.
  void grown() {
    const fs::path memory = "/dev/shm";
    const fs::path fast = (fs::exists(memory) ? memory : corpus_) / ("reinstate_bench." + std::to_string(::getpid()));
    if (!fs::exists(corpus_ / "grown.done")) {
      std::cerr << "growing a store of " << licenses_ << " licenses\n";
      run(own({"grow", fast, count()}));
      copy_all(fast, corpus_ / "grown");
      fs::remove_all(fast);
      std::ofstream{corpus_ / "grown.done"};
    }
    take_turns("backup, grown", {own_backup("reinstate", corpus_ / "grown")});
    if (drop_caches()) take_turns("backup, grown, cold", {own_backup("reinstate", corpus_ / "grown")}, {.cold = true});
  }

  void one_core() {
    take_turns("backup, one core", {own_backup("reinstate", home()), floor_backup(1)}, {.one_core = true});
    take_turns("restore, one core", {own_restore("reinstate"), floor_restore(1)}, {.one_core = true});
  }

  void writer() {
    copy_all(home(), work_ / "home");
    const fs::path output = work_ / "output", sealed = floor_database();
    wait_until_quiet(plan_.quiet_seconds);
    run(own({"writer", work_ / "home", sealed, work_, keys(), count(), std::to_string(4 * plan_.runs)}), false, output);
    add_latencies(output, {{"idle", "commit"},
                           {"backup", "commit while a backup runs"},
                           {"floor", "commit while a backup of the floor runs"}});
  }

  void cancel() {
    const fs::path output = work_ / "output";
    wait_until_quiet(plan_.quiet_seconds);
    run(own({"cancel", home(), work_, keys(), std::to_string(4 * plan_.runs)}), false, output);
    add_latencies(output, {{"backup", "cancel a backup"}, {"restore", "cancel a restore"}});
  }

  void add_latencies(const fs::path& output, const std::vector<std::pair<const char*, const char*>>& names) {
    std::ifstream in(output);
    const auto read = nlohmann::json::parse(in);
    for (const auto& [name, what] : names) to_.add_latencies({licenses_, what, "reinstate"}, read.at(name));
  }

  const plan& plan_;
  std::size_t licenses_;
  fs::path corpus_, work_;
  figures& to_;
};

}  // namespace

nlohmann::json measure_all(const plan& what) {
  for (const std::string& each : what.scenarios)
    if (!measurement::scenarios().contains(each)) throw std::out_of_range(each);
  figures out;
  for (const std::size_t licenses : what.licenses) measurement(what, licenses, out).measure();
  return out.as_json();
}

}  // namespace bench
