// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_ERROR_SUBJECT_HPP
#define REINSTATE_TOOL_ERROR_SUBJECT_HPP

#include <reinstate/error.hpp>

#include <string>

namespace tool {

// The thing an error is about, which tells the user where to look.
enum class error_subject {
  none,         // the request itself, a single license, a service
  backup,       // the folder of the backup, or a file in it
  store,        // the license store of this machine
  identity,     // the identity of this machine
  home,         // the folder that holds both, or another file in it
  input_file,   // a file the tool was to read
  output_file,  // a file the tool was to create
  ledger,       // the ledger of a service
  service_key,  // the private key of a service
};

// Returns what an error of an operation is about, as far as its code tells: the backup, the store, the identity or
// none.
error_subject subject_of(const reinstate::error_code& ec);

// The subject of an error and its name: a file, a folder, an address or an id. An empty name is not printed.
struct error_location {
  error_subject subject = error_subject::none;
  std::string name;
};

}  // namespace tool

#endif
