// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_WMSDK_COM_POINTER_HPP
#define REINSTATE_WMSDK_COM_POINTER_HPP

#include <reinstate/wmsdk/wmsdk.h>

#include <boost/smart_ptr/intrusive_ptr.hpp>

inline void intrusive_ptr_add_ref(IUnknown* object) {
  object->AddRef();
}
inline void intrusive_ptr_release(IUnknown* object) {
  object->Release();
}

namespace reinstate::wmsdk {

// A counted reference to a COM object.
template <class Interface>
using com_pointer = boost::intrusive_ptr<Interface>;

}  // namespace reinstate::wmsdk

#endif
