// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/com_status_callback.hpp"

#include "crypto/base64.hpp"
#include "wmsdk/boundary.hpp"
#include "wmsdk/utf16.hpp"

#include <string>
#include <utility>

namespace reinstate::wmsdk {
namespace {

// The value of an event, valid during its delivery.
class event_value {
 public:
  explicit event_value(const status_event& event) {
    if (const auto* license = std::get_if<license_reference>(&event.payload)) {
      set(key_id_text(license->key));
    } else if (const auto* page = std::get_if<url_reference>(&event.payload)) {
      set(to_utf16(page->url));
    } else if (const auto* phase = std::get_if<individualization>(&event.payload)) {
      // Individualization downloads nothing, so the HTTP fields stay at "not initiated".
      individualization_.hr = hresult_of(event.error);
      individualization_.enIndiStatus = static_cast<DRM_INDIVIDUALIZATION_STATUS>(*phase);
      type_ = WMT_TYPE_BINARY;
      bytes_ = &individualization_;
    }
  }
  event_value(const event_value&) = delete;
  event_value& operator=(const event_value&) = delete;

  WMT_ATTR_DATATYPE type() const noexcept { return type_; }
  BYTE* bytes() noexcept { return static_cast<BYTE*>(bytes_); }

 private:
  // Returns a key id as licenses of the original write it: base64 with its padding. [O12]
  static std::u16string key_id_text(const key_id& key) {
    const std::string text = crypto::base64_encode(key.bytes) + "==";
    return std::u16string(text.begin(), text.end());
  }

  void set(std::u16string text) {
    text_ = std::move(text);
    type_ = WMT_TYPE_STRING;
    bytes_ = text_.data();
  }

  std::u16string text_;
  WM_INDIVIDUALIZE_STATUS individualization_{};
  DWORD empty_value_ = 0;
  WMT_ATTR_DATATYPE type_ = WMT_TYPE_DWORD;
  void* bytes_ = &empty_value_;
};

// Returns the HRESULT of an event. A license left out is not a failure of the operation. [O3]
HRESULT result_of(const status_event& event) noexcept {
  return event.status == status::restricted_license ? S_OK : hresult_of(event.error);
}

}  // namespace

void com_status_callback::on_status(const status_event& event) {
  if (event.status == status::progress) return;  // the original object sends none
  event_value value(event);
  static_cast<void>(application_->OnStatus(static_cast<WMT_STATUS>(event.status), result_of(event), value.type(),
                                           value.bytes(), nullptr));
}

}  // namespace reinstate::wmsdk
