// SPDX-License-Identifier: BSL-1.0
#include "engine/operation/guarded_plugins.hpp"

#include <new>
#include <utility>

namespace reinstate::engine {
namespace {

// Returns what the call returns, or `error` if it throws.
template <class Call>
auto guarded(errc error, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    return error;
  }
}

struct guarded_reader final : medium_reader {
  guarded_reader(std::unique_ptr<medium_reader> inner, std::uint64_t size) : inner(std::move(inner)), file_size(size) {}

  std::uint64_t size() const override { return file_size; }
  result<std::size_t> read(std::span<std::byte> into) override {
    return guarded(errc::medium_failed, [&] { return inner->read(into); });
  }

  const std::unique_ptr<medium_reader> inner;
  const std::uint64_t file_size;
};

struct guarded_writer final : medium_writer {
  explicit guarded_writer(std::unique_ptr<medium_writer> inner) : inner(std::move(inner)) {}

  result<void> write(std::span<const std::byte> bytes) override {
    return guarded(errc::medium_failed, [&] { return inner->write(bytes); });
  }
  void begin_finish() noexcept override { inner->begin_finish(); }
  result<void> finish() override {
    return guarded(errc::medium_failed, [&] { return inner->finish(); });
  }

  const std::unique_ptr<medium_writer> inner;
};

struct guarded_medium final : backup_medium {
  explicit guarded_medium(std::unique_ptr<backup_medium> inner) : inner(std::move(inner)) {}

  result<std::vector<medium_entry>> list() override {
    return guarded(errc::medium_failed, [&] { return inner->list(); });
  }
  result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
    auto file = guarded(errc::medium_failed, [&] { return inner->open(name); });
    if (!file) return file;
    const auto size = guarded(errc::medium_failed, [&]() -> result<std::uint64_t> { return (*file)->size(); });
    if (!size) return size.error();
    return std::make_unique<guarded_reader>(std::move(*file), *size);
  }
  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    auto file = guarded(errc::medium_failed, [&] { return inner->create(name); });
    if (!file) return file;
    return std::make_unique<guarded_writer>(std::move(*file));
  }
  result<void> remove(std::string_view name) override {
    return guarded(errc::medium_failed, [&] { return inner->remove(name); });
  }

  const std::unique_ptr<backup_medium> inner;
};

struct guarded_identity final : machine_identity {
  explicit guarded_identity(std::shared_ptr<machine_identity> inner) : inner(std::move(inner)) {}

  result<machine_public_identity> public_identity() override {
    return guarded(errc::identity_damaged, [&] { return inner->public_identity(); });
  }
  result<ed25519_signature> sign(std::span<const std::byte> message) override {
    return guarded(errc::identity_damaged, [&] { return inner->sign(message); });
  }
  result<secret_bytes> agree(const x25519_public_key& peer) override {
    return guarded(errc::identity_damaged, [&] { return inner->agree(peer); });
  }
  result<secret_bytes> store_key() override {
    return guarded(errc::identity_damaged, [&] { return inner->store_key(); });
  }
  result<void> individualize() override {
    return guarded(errc::individualization_failed, [&] { return inner->individualize(); });
  }

  const std::shared_ptr<machine_identity> inner;
};

struct guarded_service final : license_management_service {
  explicit guarded_service(std::shared_ptr<license_management_service> inner) : inner(std::move(inner)) {}

  const service_description& description() const noexcept override { return inner->description(); }
  result<restore_answer> decide(const restore_request& request, std::stop_token stop) override {
    return guarded(errc::service_unavailable, [&] { return inner->decide(request, std::move(stop)); });
  }
  result<void> report(const std::vector<use_report>& uses, std::stop_token stop) override {
    return guarded(errc::service_unavailable, [&] { return inner->report(uses, std::move(stop)); });
  }
  result<machine_list> machines(const owner_proof& owner, std::stop_token stop) override {
    return guarded(errc::service_unavailable, [&] { return inner->machines(owner, std::move(stop)); });
  }
  result<release_receipt> release(const owner_proof& order, std::stop_token stop) override {
    return guarded(errc::service_unavailable, [&] { return inner->release(order, std::move(stop)); });
  }

  const std::shared_ptr<license_management_service> inner;
};

}  // namespace

backup_restorer_config guarded_plugins(backup_restorer_config config) {
  config.medium = [inner =
                       std::move(config.medium)](const std::string& path) -> result<std::unique_ptr<backup_medium>> {
    auto medium = guarded(errc::medium_failed, [&] { return inner(path); });
    if (!medium) return medium;
    return std::make_unique<guarded_medium>(std::move(*medium));
  };
  config.identity = std::make_shared<guarded_identity>(std::move(config.identity));
  if (config.passphrase)
    config.passphrase = [inner = std::move(config.passphrase)](passphrase_purpose purpose) {
      return guarded(errc::passphrase_required, [&] { return inner(purpose); });
    };
  if (config.service) config.service = std::make_shared<guarded_service>(std::move(config.service));
  if (config.consent)
    config.consent = [inner = std::move(config.consent)](const service_contact& contact) {
      return guarded(errc::service_contact_refused, [&] { return inner(contact); });
    };
  return config;
}

}  // namespace reinstate::engine
