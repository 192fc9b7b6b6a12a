// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_OPERATIONS_HPP
#define REINSTATE_BENCH_OPERATIONS_HPP

#include "corpus.hpp"

#include <string>

// What is measured of this library, through its public headers. Each of these is all that a process does, so that its
// start, its memory and the joining of its threads are measured with it.
namespace bench {

// Who runs an operation.
enum class run_by {
  runtime,  // the two that the library offers
  one,      // a single one, for events and work alike: that of the caller
};

// Backs up to a folder, which opens with FOLDER/recipient of the corpus elsewhere: no passphrase, so no scrypt.
void back_up(const home& from, const fs::path& medium, const fs::path& keys, bool update, run_by by);

// Restores on a machine that is individualized and has no store yet, with FOLDER/age.key.
void restore(const home& to, const fs::path& medium, const fs::path& keys, run_by by);

// A player changes single licenses, for as long as several backups take in turn with the floor's, of the same licenses,
// and with time of quiet. Prints how long its commits took, in seconds, one object of JSON:
// {"idle": [...], "backup": [...], "floor": [...]}.
void measure_writer(const home& of, const fs::path& sealed, const fs::path& folder, const fs::path& keys,
                    std::size_t count, int backups);

// Cancels operations at different moments. Prints how long they took to end: {"backup": [...], "restore": [...]}.
void measure_cancel(const home& of, const fs::path& folder, const fs::path& keys, int times);

}  // namespace bench

#endif
