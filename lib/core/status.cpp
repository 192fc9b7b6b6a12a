// SPDX-License-Identifier: BSL-1.0
#include <reinstate/status.hpp>
#include <reinstate/status_callback.hpp>

namespace reinstate {
namespace {

class function_callback final : public status_callback {
 public:
  explicit function_callback(std::function<void(const status_event&)> function) : function_(std::move(function)) {}
  void on_status(const status_event& event) override { function_(event); }

 private:
  std::function<void(const status_event&)> function_;
};

}  // namespace

std::shared_ptr<status_callback> make_status_callback(std::function<void(const status_event&)> function) {
  if (!function) return nullptr;
  return std::make_shared<function_callback>(std::move(function));
}

std::string_view name_of(status value) noexcept {
  switch (value) {
    case status::begin: return "BACKUPRESTORE_BEGIN";
    case status::individualize: return "INDIVIDUALIZE";
    case status::needs_individualization: return "NEEDS_INDIVIDUALIZATION";
    case status::end: return "BACKUPRESTORE_END";
    case status::connecting: return "BACKUPRESTORE_CONNECTING";
    case status::disconnecting: return "BACKUPRESTORE_DISCONNECTING";
    case status::error_with_url: return "ERROR_WITHURL";
    case status::restricted_license: return "RESTRICTED_LICENSE";
    case status::progress: return "PROGRESS";
  }
  return "UNKNOWN";
}

}  // namespace reinstate
