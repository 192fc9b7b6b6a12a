// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_COM_STATUS_CALLBACK_HPP
#define REINSTATE_WMSDK_COM_STATUS_CALLBACK_HPP

#include "wmsdk/com_pointer.hpp"

#include <reinstate/status_callback.hpp>

namespace reinstate::wmsdk {

// Delivers events to an application's IWMStatusCallback, with values as documented. Drops events that the documented
// object does not have, and ignores the application's return value. [C78 to C82, O3, O4, O12]
class com_status_callback final : public status_callback {
 public:
  explicit com_status_callback(com_pointer<IWMStatusCallback> application) : application_(std::move(application)) {}

  void on_status(const status_event& event) override;

 private:
  com_pointer<IWMStatusCallback> application_;
};

}  // namespace reinstate::wmsdk

#endif
