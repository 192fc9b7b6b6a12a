// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_FILE_MACHINE_IDENTITY_HPP
#define REINSTATE_PLUGINS_FILE_MACHINE_IDENTITY_HPP

#include <reinstate/machine_identity.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// An identity kept in one file that only its owner can read.
//
// Guarantees: individualize writes the file whole or not at all and makes it durable before it returns, and never
// replaces one that exists, also when two processes try at once. Private keys are in memory only while in use.
//
// The file protects against other users of the machine and against copies of the store alone. Somebody who can read
// both store and identity file has the licenses: keep them on a disk that is encrypted where that matters.
//
// Individualizing takes a lock (flock) on the folder, and is refused with errc::individualizing while somebody else has
// one there.
//
// Errors when used: needs_individualization (no file), identity_exposed (others may read it, or it is theirs),
// identity_damaged, identity_version_unsupported (written by a newer version), path_not_accessible,
// path_not_a_directory. Individualizing where there is a file gives these errors too and leaves the file alone.
std::unique_ptr<machine_identity> make_file_machine_identity(std::filesystem::path file);

}  // namespace reinstate

#endif
