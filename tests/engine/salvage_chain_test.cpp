// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "three_generations.hpp"

#include <functional>

using namespace reinstate;
using namespace reinstate::test;

// What comes out of a backup that is damaged.

namespace {

// What a test did to the files of a backup, as far as it costs licenses.
struct losses {
  std::array<bool, 4> manifest{}, is_gone{}, copy{}, index{};  // by generation
  std::array<std::function<bool(std::size_t)>, 4> page;        // of the volume: whether that page is lost

  bool has_page(unsigned generation, std::size_t at) const { return !page[generation] || !page[generation](at); }
  bool has_volume(unsigned generation) const { return !page[generation]; }

  // Whether anything tells of a generation. Without a manifest the newest does not exist; others are missed.
  bool has_manifest(unsigned generation, bool is_newest = false) const {
    return !manifest[generation] || (!copy[generation] && !(is_newest && is_gone[generation]));
  }

  // Whether it is certain what a generation held.
  bool knows(unsigned generation) const {
    return has_manifest(generation) && (!index[generation] || has_volume(generation));
  }
};

enum class damage { flip, cut, remove };

// Damages a file: flips a bit in chunk `chunk` of it, or in its middle; cuts it in half; removes it.
void hurt(memory_files& files, const std::string& name, damage how, losses& lost,
          std::optional<std::size_t> chunk = std::nullopt) {
  auto& file = files.at(name);
  const unsigned generation = name[0] == '0' ? static_cast<unsigned>(name[5] - '0') : 0;
  if (name.ends_with("/manifest")) lost.manifest[generation] = true;
  if (name.ends_with("/manifest") && how == damage::remove) lost.is_gone[generation] = true;
  if (name.ends_with("/manifest-copy")) lost.copy[generation] = true;
  if (name.ends_with("index.age")) lost.index[generation] = true;
  const bool is_volume = name.ends_with("licenses-001.age");
  std::size_t at = file.size() / 2;
  if (chunk) at = three_generations::chunk_at(file, *chunk) + 5;
  if (is_volume) {
    const std::size_t first = (at - three_generations::chunk_at(file, 0)) / age::sealed_chunk_size;
    if (how == damage::flip) lost.page[generation] = [first](std::size_t page) { return page == first; };
    if (how == damage::cut) lost.page[generation] = [first](std::size_t page) { return page >= first; };
    if (how == damage::remove) lost.page[generation] = [](std::size_t) { return true; };
  }
  if (how == damage::flip) file[at] ^= std::byte{4};
  if (how == damage::cut) file.resize(at);
  if (how == damage::remove) files.erase(name);
}

bool can_run_out(const license& item) {
  return item.state.uses_left.has_value();
}

struct salvaged {
  const three_generations& t;
  const losses& lost;
  const ended& outcome;
  std::map<license_id, license> got;
  unsigned front = 3;  // the newest generation there is anything to be known of

  salvaged(const three_generations& from, const losses& what, const ended& end, license_store& store)
      : t(from), lost(what), outcome(end), got(contents(store)) {
    while (front != 0 && !lost.has_manifest(front, true)) --front;
  }

  // The newest generation that names a license; 0 for none.
  unsigned named_by(const license_id& id) const {
    for (unsigned g = front; g != 0; --g)
      if (t.says[g].contains(id)) return g;
    return 0;
  }

  bool all_known_above(unsigned generation) const {
    for (unsigned g = front; g > generation; --g)
      if (!lost.knows(g)) return false;
    return true;
  }

  bool is_intact(unsigned generation, const license_id& id) const {
    return lost.has_manifest(generation) && lost.has_page(generation, t.says[generation].at(id).page);
  }

  // What must hold whatever the damage was.
  std::string mistake() const {
    const auto left_out = reasons(outcome.report.outcomes), warned = reasons(outcome.report.warnings);
    for (const auto& [id, item] : t.holds[front]) {
      const unsigned g = named_by(id);
      const bool came_back = got.contains(id), is_same = came_back && same(got.at(id), item);
      const bool must_come = is_intact(g, id) && (!can_run_out(item) || all_known_above(g));
      if (must_come && !is_same) return to_string(id) + " is intact and did not come back";
      if (came_back && !is_same && can_run_out(item)) return to_string(id) + " came back with other uses";
      if (came_back && !is_same && !warned.contains(id)) return to_string(id) + " is an earlier one, without a word";
      if (came_back && left_out.contains(id)) return to_string(id) + " came back, and is called lost";
      const bool is_told = left_out.contains(id) && left_out.at(id) == errc::license_lost;
      if (!came_back && all_known_above(g - 1) && !is_told) return to_string(id) + " is lost, without a word";
    }
    for (const auto& [id, item] : got) {
      if (t.holds[front].contains(id)) continue;
      const unsigned g = named_by(id);
      if (g == 0) return to_string(id) + " was never there";
      if (all_known_above(g - 1)) return to_string(id) + " was removed and is there again";
      if (can_run_out(item)) return to_string(id) + " was removed and can be used again";
    }
    for (const auto& [id, reason] : left_out)
      if (reason != errc::license_lost) return to_string(id) + " is left out for another reason";
    return {};
  }
};

// A salvage on the machine that made the backup, after its store is gone.
std::string salvage_mistake(three_generations& t, const shared_files& files, const losses& lost) {
  t.owner.store = make_memory_license_store();
  const ended outcome = ask(t.owner, files, restore_options{.salvage = true});
  if (outcome.error != errc::backup_salvaged && outcome.error) return outcome.error.message();
  if (outcome.error.failed() == outcome.report.damage.empty()) return "damage and result differ";
  const std::string mistake = salvaged(t, lost, outcome, *t.owner.store).mistake();
  if (!mistake.empty()) return mistake;

  // A verification to the end finds the same, and tells the same licenses.
  const ended verified = ask(t.owner, files, verify_options{.continue_after_damage = true});
  const bool finds = verified.error.failed() && verified.report.damage.size() >= outcome.report.damage.size();
  if (outcome.error && !finds) return "a verification finds less";
  if (reasons(verified.report.outcomes) != reasons(outcome.report.outcomes))
    return "a verification tells other licenses";
  return {};
}

bool costs_licenses(const std::string& name) {
  return name[0] == '0';
}

}  // namespace

TEST_CASE("an intact backup is salvaged as an ordinary restore", "[engine][salvage]") {
  three_generations t;
  machine b;
  const ended restore = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(!restore.error);
  CHECK(restore.report.damage.empty());
  CHECK(restore.report.outcomes.empty());
  CHECK(restore.report.warnings.empty());
  CHECK(restore.report.generation == 3);
  CHECK(same_contents(*b.store, *t.owner.store));
}

TEST_CASE("whichever chunk is damaged, a salvage gives what is intact and names the rest", "[engine][salvage]") {
  three_generations t;
  for (const std::string& name : t.names()) {
    if (!name.ends_with("licenses-001.age")) continue;
    const auto& file = t.stick->at(name);
    for (std::size_t chunk = 0; three_generations::chunk_at(file, chunk) + 6 < file.size(); ++chunk) {
      INFO(name << " chunk " << chunk);
      const auto files = copy_of(t.stick);
      losses lost;
      hurt(*files, name, damage::flip, lost, chunk);
      CHECK(salvage_mistake(t, files, lost) == "");
      t.owner.store = make_memory_license_store();
      CHECK(ask(t.owner, files, restore_options{}).error == errc::backup_damaged);
      CHECK(contents(*t.owner.store).empty());
    }
  }
}

TEST_CASE("whichever two files are damaged, a salvage gives what is intact and names the rest", "[engine][salvage]") {
  three_generations t;
  const std::vector<std::string> names = t.names();
  const std::array all{damage::flip, damage::cut, damage::remove};
  for (std::size_t one = 0; one != names.size(); ++one)
    for (std::size_t other = one; other != names.size(); ++other)
      for (const damage how_one : all)
        for (const damage how_other : all) {
          if (!costs_licenses(names[one]) && !costs_licenses(names[other])) continue;
          if (one == other && how_one != how_other) continue;
          const auto files = copy_of(t.stick);
          losses lost;
          hurt(*files, names[one], how_one, lost);
          if (one != other) hurt(*files, names[other], how_other, lost);
          const std::string mistake = salvage_mistake(t, files, lost);
          if (!mistake.empty())
            FAIL(names[one] << ' ' << static_cast<int>(how_one) << ", " << names[other] << ' '
                            << static_cast<int>(how_other) << ": " << mistake);
        }
}
