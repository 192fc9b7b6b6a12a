// SPDX-License-Identifier: BSL-1.0
// The time of what every license goes through, each part alone. Times mean something with a Release build and on a
// quiet machine only; what holds everywhere are the counts of instructions, see count_instructions.py.
#include "hot_loops.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

constexpr std::size_t licenses = 10'000;

void measure(benchmark::State& state, const bench::hot_loop& prepare, const std::filesystem::path& folder) {
  const auto loop = prepare(folder, licenses);
  for ([[maybe_unused]] auto _ : state) loop();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(licenses));
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = (std::filesystem::temp_directory_path() / "pieces_bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  for (const auto& [name, prepare] : bench::hot_loops())
    benchmark::RegisterBenchmark(name.c_str(), measure, prepare, folder)->Unit(benchmark::kMillisecond)->UseRealTime();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  std::filesystem::remove_all(folder);
}
