// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_CORPUS_HPP
#define REINSTATE_BENCH_CORPUS_HPP

#include <reinstate/license.hpp>
#include <reinstate/license_store.hpp>
#include <reinstate/machine_identity.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

// The licenses that everything is measured with, and the forms that the programs measured need them in.
//
// License number i is the same in every form, in every corpus that is large enough, and in every run. Payloads are
// random bytes, log-normal around 2 KiB and between 512 bytes and 8 KiB; metadata is about 400 bytes.
//
// For measurements only: what goes wrong is thrown.
namespace bench {

namespace fs = std::filesystem;

reinstate::license make_license(std::uint32_t number, std::uint64_t revision = 1);

// The numbers from 0 to `count`, in ascending order of license id.
std::vector<std::uint32_t> in_order_of_id(std::size_t count);

// The numbers of one license in so many: those that change.
std::vector<std::uint32_t> changing(std::size_t count, std::size_t every);

// A machine with a player: its identity, its store, and the age key that its backups can be opened with.
struct home {
  fs::path folder;

  fs::path store_file() const { return folder / "licenses.db"; }
  std::shared_ptr<reinstate::machine_identity> identity() const;
  std::shared_ptr<reinstate::license_store> store(boost::asio::any_io_executor helpers = {}) const;
};

// Makes the identity where there is none yet.
void individualize(const home& at);

// Fills an empty store in one batch, in ascending order of id: what a restore leaves behind.
void fill(const home& at, std::size_t count);

// Fills an empty store one license at a time, in another order than that of the ids: what a player leaves behind.
void grow(const home& at, std::size_t count);

// Gives one license in so many a new payload and its next revision.
void change(const home& at, std::size_t count, std::size_t every);

// What other programs read.
void make_plain_database(const fs::path& file, std::size_t count);
void make_sealed_database(const fs::path& file, std::size_t count);  // for the floor, see floor.hpp
void make_directory(const fs::path& folder, std::size_t count);
void make_stream(const fs::path& file, std::size_t count);
void change_directory(const fs::path& folder, std::size_t count, std::size_t every, std::uint64_t revision);

// An age key, for whoever opens backups elsewhere: writes FOLDER/age.key and FOLDER/recipient.
void make_age_key(const fs::path& folder);

}  // namespace bench

#endif
