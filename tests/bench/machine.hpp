// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_MACHINE_HPP
#define REINSTATE_BENCH_MACHINE_HPP

#include <nlohmann/json.hpp>

#include <filesystem>

namespace bench {

// What figures depend on: processor, memory, system, the disk under `folder`, compiler and libraries, other programs.
nlohmann::json describe_machine(const std::filesystem::path& folder);

}  // namespace bench

#endif
