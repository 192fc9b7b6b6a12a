// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BENCH_PEERS_HPP
#define REINSTATE_BENCH_PEERS_HPP

#include <string>
#include <vector>

// What people would take instead. All commands are for bash, and end when what they wrote is on the disk. They find
//
//   $CORPUS   what is backed up: directory, plain.db, stream
//   $KEYS     recipient and age.key
//   $OUT      where the backup goes; what they know of it lies beside it
//   $BACK     where a restore goes
namespace bench {

struct peer {
  const char* name;
  const char* needs;    // programs
  const char* reads;    // of the corpus
  const char* prepare;  // before the first backup, not measured
  const char* backup;
  const char* restore;
  const char* open = "";  // takes as long as its passphrase does: a backup with a key needs none
  bool updates = false;   // `backup` again adds what has changed
  bool backs_up = true;   // otherwise the backup is measured under another name
};

const std::vector<peer>& all_peers();

// The first program that a peer needs and the machine does not have; empty where all are there.
std::string missing_program(const peer& of);

}  // namespace bench

#endif
