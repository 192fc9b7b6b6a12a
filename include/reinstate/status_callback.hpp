// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STATUS_CALLBACK_HPP
#define REINSTATE_STATUS_CALLBACK_HPP

#include <reinstate/status.hpp>

#include <functional>
#include <memory>

namespace reinstate {

// Receives the events of an operation. [docs/contract.md]
//
// Thread safety and executor: called on the `io` executor, one event at a time and in order, never from inside the call
// that started the operation. The operation waits while a call runs. The callback may do anything with the restorer:
// cancel, set properties, release the last reference, and start the next operation from the terminal event. [C69, C75]
//
// Lifetime: the event is valid during the call. The operation keeps the callback until the terminal event is delivered.
// Errors: an exception thrown from here is discarded, and the operation continues. [C78]
class status_callback {
 public:
  virtual ~status_callback() = default;
  virtual void on_status(const status_event& event) = 0;
};

// Makes a status_callback that calls a function. Returns null for an empty function; every start call refuses null.
std::shared_ptr<status_callback> make_status_callback(std::function<void(const status_event&)> function);

}  // namespace reinstate

#endif
