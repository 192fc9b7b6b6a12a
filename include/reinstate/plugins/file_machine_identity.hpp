// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_PLUGINS_FILE_MACHINE_IDENTITY_HPP
#define REINSTATE_PLUGINS_FILE_MACHINE_IDENTITY_HPP

#include <reinstate/machine_identity.hpp>

#include <filesystem>
#include <memory>

namespace reinstate {

// Creates an identity that is kept in a file that only its owner can read.
//
// Guarantees: individualize writes the file whole or not at all, makes it durable before it returns, and never replaces
// an existing one, even if two processes try at once. Private keys are in memory only while in use.
//
// The file protects against other users of the machine and against copies of the store alone. An attacker who can read
// both the store and the identity file has the licenses: if necessary, keep them on an encrypted disk.
//
// Individualizing takes a lock (flock) on the folder and fails with errc::individualizing while another process holds
// one there.
//
// Errors when used: needs_individualization (no file), identity_exposed (other users can read the file or own it),
// identity_damaged, identity_version_unsupported (written by a newer version), path_not_accessible,
// path_not_a_directory. Individualizing when the file exists reports these errors too and leaves the file alone.
std::unique_ptr<machine_identity> make_file_machine_identity(std::filesystem::path file);

}  // namespace reinstate

#endif
