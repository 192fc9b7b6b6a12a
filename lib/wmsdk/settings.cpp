// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/settings.hpp"

#include "wmsdk/boundary.hpp"

#include <mutex>
#include <utility>

namespace reinstate::wmsdk {
namespace {

constexpr std::size_t passphrase_capacity = 4096;

// The settings of the process, because the documented function that creates an object has no parameter for them. Never
// destroyed: threads may read them while the process ends.
class shared_settings {
 public:
  static shared_settings& instance() {
    static auto* const settings_of_process = new shared_settings;
    return *settings_of_process;
  }

  std::shared_ptr<const settings> get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }

  void set(std::shared_ptr<const settings> next) {
    const std::lock_guard lock(mutex_);
    current_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const settings> current_ = std::make_shared<const settings>();
};

result<std::filesystem::path> full_path(const char* text) {
  if (text == nullptr) return std::filesystem::path();
  std::filesystem::path path(text);
  if (!path.is_absolute()) return errc::path_not_absolute;
  return path;
}

passphrase_source make_passphrase_source(reinstate_passphrase_function function, void* context) {
  if (function == nullptr) return {};
  return [function, context](passphrase_purpose purpose) -> result<secret_bytes> {
    secret_bytes buffer = secret_bytes::locked(passphrase_capacity);
    const auto bytes = buffer.expose_writable();
    std::size_t size = 0;
    const HRESULT hr = guarded([&] {
      return function(context, static_cast<std::uint32_t>(purpose), reinterpret_cast<char*>(bytes.data()), bytes.size(),
                      &size);
    });
    if (FAILED(hr)) return from_hresult(static_cast<std::uint32_t>(hr));
    if (size > bytes.size()) return errc::invalid_argument;
    return secret_bytes::locked_copy_of(buffer.expose().first(size));
  };
}

result<recovery_key_storage> storage_of(const reinstate_wmsdk_config& config) {
  switch (config.recovery_key) {
    case REINSTATE_RECOVERY_KEY_READABLE: return recovery_key_storage::readable;
    case REINSTATE_RECOVERY_KEY_PASSPHRASE:
      if (config.passphrase == nullptr) return errc::passphrase_required;
      return recovery_key_storage::passphrase;
    case REINSTATE_RECOVERY_KEY_RECIPIENT:
      if (config.recipient == nullptr || !is_age_recipient(config.recipient)) return errc::invalid_argument;
      return recovery_key_storage::recipient;
    default: return errc::invalid_argument;
  }
}

result<settings> parse(const reinstate_wmsdk_config& config) {
  if (config.size != sizeof config) return errc::invalid_argument;
  auto store = full_path(config.store_path);
  if (!store) return store.error();
  auto identity = full_path(config.identity_path);
  if (!identity) return identity.error();
  const auto recovery_key = storage_of(config);
  if (!recovery_key) return recovery_key.error();
  return settings{.store = std::move(*store),
                  .identity = std::move(*identity),
                  .recovery_key = *recovery_key,
                  .recipient = config.recipient != nullptr ? config.recipient : "",
                  .passphrase = make_passphrase_source(config.passphrase, config.passphrase_context),
                  .post = config.post,
                  .post_context = config.post_context};
}

}  // namespace

std::shared_ptr<const settings> current_settings() {
  return shared_settings::instance().get();
}

}  // namespace reinstate::wmsdk

extern "C" REINSTATE_WMSDK_EXPORT HRESULT STDMETHODCALLTYPE
reinstate_configure_wmsdk(const reinstate_wmsdk_config* config) {
  using namespace reinstate::wmsdk;
  return guarded([&]() -> HRESULT {
    auto next = config != nullptr ? parse(*config) : settings{};
    if (!next) return E_INVALIDARG;
    shared_settings::instance().set(std::make_shared<const settings>(std::move(*next)));
    return S_OK;
  });
}
