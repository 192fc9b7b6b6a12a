// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_SET_SMALL_FILE_HPP
#define REINSTATE_ENGINE_SET_SMALL_FILE_HPP

#include "core/failure.hpp"
#include "crypto/secret_buffer.hpp"

#include <reinstate/backup_medium.hpp>

#include <string_view>

// Whole files of a medium, in memory that is wiped, since one of them may be a key.

namespace reinstate::engine {

// The largest key slot, and the largest README.txt, that is read.
inline constexpr std::size_t max_text_file = 64 * 1024;

// Reads a file of at most `max_size` bytes. Errors: backup_damaged if it is larger, and those of the medium.
result<crypto::secret_buffer> read_small_file(backup_medium& medium, std::string_view name, std::size_t max_size);

}  // namespace reinstate::engine

#endif
