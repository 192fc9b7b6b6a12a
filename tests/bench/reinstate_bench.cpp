// SPDX-License-Identifier: BSL-1.0
// Measures backup, restore and update side by side with the floor and with what people would take instead; see
// docs/performance.md.
#include "corpus.hpp"
#include "figures.hpp"
#include "floor.hpp"
#include "machine.hpp"
#include "operations.hpp"
#include "scenarios.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>

namespace {

using namespace bench;

constexpr const char* usage_text = R"(usage:
  reinstate_bench --folder DIR [--licenses N,...] [--runs R] [--what NAME,...] [--peers-up-to N] [--quiet S]
                  [--json FILE]
      --folder       an empty folder, or that of an earlier run, on the disk to be measured: 15 times the licenses
      --licenses     how many: 1000,100000 unless told; 100,000 are 290 MB
      --runs         of each: 5 unless told
      --what         of backup, restore, update, cold, grown, one-core, writer, cancel; all of them unless told
      --peers-up-to  how many licenses are measured with other programs, too: 100000 unless told
      --quiet        before each run, wait at most so many seconds for the processors to be idle: 0 unless told

  reinstate_bench fill HOME N            a store of N licenses, for measurements with the command line tool
  reinstate_bench change HOME N EVERY    one license in so many becomes another
)";

std::vector<std::string> parts_of(const std::string& list) {
  std::vector<std::string> out;
  std::istringstream in(list);
  for (std::string part; std::getline(in, part, ',');) out.push_back(part);
  return out;
}

// What this program is called with by itself, and by other tests: the first argument is the name.
using arguments = std::vector<std::string>;

std::size_t number(const std::string& text) {
  return std::stoul(text);
}

run_by who_runs(const arguments& given) {
  return given.back() == "one" ? run_by::one : run_by::runtime;
}

const std::map<std::string, std::function<void(const arguments&)>>& subcommands() {
  static const std::map<std::string, std::function<void(const arguments&)>> all = {
      {"fill", [](const arguments& a) { fill({a.at(1)}, number(a.at(2))); }},
      {"grow", [](const arguments& a) { grow({a.at(1)}, number(a.at(2))); }},
      {"change", [](const arguments& a) { change({a.at(1)}, number(a.at(2)), number(a.at(3))); }},
      {"individualize", [](const arguments& a) { individualize({a.at(1)}); }},
      {"plain", [](const arguments& a) { make_plain_database(a.at(1), number(a.at(2))); }},
      {"sealed", [](const arguments& a) { make_sealed_database(a.at(1), number(a.at(2))); }},
      {"directory", [](const arguments& a) { make_directory(a.at(1), number(a.at(2))); }},
      {"change-directory",
       [](const arguments& a) { change_directory(a.at(1), number(a.at(2)), number(a.at(3)), number(a.at(4))); }},
      {"stream", [](const arguments& a) { make_stream(a.at(1), number(a.at(2))); }},
      {"keys", [](const arguments& a) { make_age_key(a.at(1)); }},
      {"floor-backup",
       [](const arguments& a) { floor_backup(a.at(1), a.at(2), static_cast<unsigned>(number(a.at(3)))); }},
      {"floor-restore",
       [](const arguments& a) { floor_restore(a.at(1), a.at(2), static_cast<unsigned>(number(a.at(3)))); }},
      {"backup", [](const arguments& a) { back_up({a.at(1)}, a.at(2), a.at(3), false, who_runs(a)); }},
      {"update", [](const arguments& a) { back_up({a.at(1)}, a.at(2), a.at(3), true, who_runs(a)); }},
      {"restore", [](const arguments& a) { restore({a.at(1)}, a.at(2), a.at(3), who_runs(a)); }},
      {"writer",
       [](const arguments& a) {
         measure_writer({a.at(1)}, a.at(2), a.at(3), a.at(4), number(a.at(5)), static_cast<int>(number(a.at(6))));
       }},
      {"cancel",
       [](const arguments& a) { measure_cancel({a.at(1)}, a.at(2), a.at(3), static_cast<int>(number(a.at(4)))); }},
  };
  return all;
}

void measure(const arguments& given) {
  std::map<std::string, std::string> options = {{"--licenses", "1000,100000"},
                                                {"--runs", "5"},
                                                {"--what", ""},
                                                {"--peers-up-to", "100000"},
                                                {"--quiet", "0"},
                                                {"--json", ""},
                                                {"--folder", ""}};
  for (std::size_t i = 0; i < given.size(); i += 2) options.at(given[i]) = given.at(i + 1);
  if (options["--folder"].empty()) throw std::out_of_range("--folder");

  plan what;
  what.folder = fs::absolute(options["--folder"]);
  for (const auto& each : parts_of(options["--licenses"])) what.licenses.push_back(number(each));
  for (const auto& each : parts_of(options["--what"])) what.scenarios.insert(each);
  what.runs = static_cast<int>(number(options["--runs"]));
  what.peers_up_to = number(options["--peers-up-to"]);
  what.quiet_seconds = std::stod(options["--quiet"]);

  const nlohmann::json machine = describe_machine(what.folder);
  what.so_far = [&](nlohmann::json figures) {
    figures["machine"] = machine;
    if (!options["--json"].empty()) std::ofstream(options["--json"]) << figures.dump(1) << '\n';
  };
  print(measure_all(what));
}

}  // namespace

int main(int argc, char** argv) {
  const arguments given(argv + 1, argv + argc);
  try {
    const auto found = given.empty() ? subcommands().end() : subcommands().find(given[0]);
    if (found != subcommands().end())
      found->second(given);
    else
      measure(given);
    return 0;
  } catch (const std::out_of_range&) {
    std::cerr << usage_text;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "reinstate_bench: " << error.what() << '\n';
    return 1;
  }
}
