// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "hooked_store.hpp"
#include "scripted_service.hpp"

#include <stdexcept>

using namespace reinstate;
using namespace reinstate::test;

// Plug-ins that break their promise not to throw: the error says which of them it was.

namespace {

struct thrown final : std::runtime_error {
  thrown() : std::runtime_error("a plug-in's own exception") {}
};

struct throwing_reader final : medium_reader {
  explicit throwing_reader(bool throws_at_size) : throws_at_size(throws_at_size) {}
  std::uint64_t size() const override { return throws_at_size ? throw thrown() : 10; }
  result<std::size_t> read(std::span<std::byte>) override { throw thrown(); }
  bool throws_at_size;
};

// A medium that throws at one of its calls.
struct throwing_medium final : backup_medium {
  enum class call { list, open, size, read, create, write, finish, remove, none };

  struct writer final : medium_writer {
    writer(call at, std::unique_ptr<medium_writer> inner) : at(at), inner(std::move(inner)) {}
    result<void> write(std::span<const std::byte> bytes) override {
      if (at == call::write) throw thrown();
      return inner->write(bytes);
    }
    result<void> finish() override {
      if (at == call::finish) throw thrown();
      return inner->finish();
    }
    call at;
    std::unique_ptr<medium_writer> inner;
  };

  throwing_medium(call at, std::unique_ptr<backup_medium> inner) : at(at), inner(std::move(inner)) {}

  result<std::vector<medium_entry>> list() override {
    if (at == call::list) throw thrown();
    return inner->list();
  }
  result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
    if (at == call::open) throw thrown();
    if (at == call::size || at == call::read) return std::make_unique<throwing_reader>(at == call::size);
    return inner->open(name);
  }
  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    if (at == call::create) throw thrown();
    return std::make_unique<writer>(at, inner->create(name).value());
  }
  result<void> remove(std::string_view name) override {
    if (at == call::remove) throw thrown();
    return inner->remove(name);
  }

  call at;
  std::unique_ptr<backup_medium> inner;
};

struct throwing_identity final : machine_identity {
  explicit throwing_identity(bool is_individualized) : is_individualized(is_individualized) {}
  result<machine_public_identity> public_identity() override {
    if (is_individualized) throw thrown();
    return errc::needs_individualization;
  }
  result<ed25519_signature> sign(std::span<const std::byte>) override { throw thrown(); }
  result<secret_bytes> agree(const x25519_public_key&) override { throw thrown(); }
  result<secret_bytes> store_key() override { throw thrown(); }
  result<void> individualize() override { throw thrown(); }
  bool is_individualized;
};

struct owner final : machine {
  std::shared_ptr<memory_files> stick = std::make_shared<memory_files>();

  owner() {
    individualized(*this);
    put(make_license(1));
  }

  ended backup_with(backup_restorer_config config) {
    open(std::move(config));
    return run([&](auto handler) { async_backup_licenses(*restorer, backup_flags::none, handler); });
  }

  ended restore_with(backup_restorer_config config) {
    open(std::move(config));
    return run([&](auto handler) { async_restore_licenses(*restorer, restore_flags::individualize, handler); });
  }

  backup_restorer_config config() {
    return config_with([this](const std::string&) { return make_memory_medium(stick); });
  }
};

}  // namespace

TEST_CASE("an exception of a medium is medium_failed", "[engine][plugins]") {
  using call = throwing_medium::call;
  owner a;
  REQUIRE(!a.backup(a.stick).error);
  const call at = GENERATE(call::list, call::open, call::size, call::read, call::create, call::write, call::finish,
                           call::remove, call::none);
  const bool is_for_restore = at == call::open || at == call::size || at == call::read;
  const auto files = is_for_restore ? a.stick : std::make_shared<memory_files>();
  backup_restorer_config config = a.config();
  config.medium = [&](const std::string&) -> result<std::unique_ptr<backup_medium>> {
    if (at == call::none) throw thrown();
    return std::make_unique<throwing_medium>(at, make_memory_medium(files));
  };
  const ended got = is_for_restore ? a.restore_with(std::move(config)) : a.backup_with(std::move(config));
  CHECK(got.error == (at == call::remove ? error_code() : make_error_code(errc::medium_failed)));
}

TEST_CASE("an exception of a medium leaves the documented method without an answer at once", "[engine][plugins]") {
  owner a;
  backup_restorer_config config = a.config();
  config.medium = [](const std::string&) -> result<std::unique_ptr<backup_medium>> { throw thrown(); };
  a.open(std::move(config));
  REQUIRE(a.restorer->backup_licenses(
      backup_flags::none, make_status_callback([&](const status_event& event) { a.events.push_back(event); })));
  a.executors.run_until_idle();
  REQUIRE_FALSE(a.events.empty());
  CHECK(a.events.back().error == errc::medium_failed);
}

TEST_CASE("an exception of the store is store_failed", "[engine][plugins]") {
  owner a;
  const store_call at = GENERATE(store_call::describe, store_call::open_cursor, store_call::next, store_call::payload);
  a.store = std::make_shared<hooked_store>(a.store, [at](store_call call) -> error_code {
    if (call == at) throw thrown();
    return {};
  });
  CHECK(a.backup_with(a.config()).error == errc::store_failed);
  CHECK_FALSE(a.stick->contains("000001/manifest"));
}

TEST_CASE("an exception of the identity is identity_damaged, or individualization_failed", "[engine][plugins]") {
  owner a;
  REQUIRE(!a.backup(a.stick).error);
  a.identity = std::make_shared<throwing_identity>(true);
  CHECK(a.restore_with(a.config()).error == errc::identity_damaged);
  a.identity = std::make_shared<throwing_identity>(false);
  CHECK(a.restore_with(a.config()).error == errc::individualization_failed);
}

TEST_CASE("an exception of the passphrase source is passphrase_required", "[engine][plugins]") {
  owner a;
  backup_restorer_config config = a.config();
  config.passphrase = [](passphrase_purpose) -> result<secret_bytes> { throw thrown(); };
  CHECK(a.backup_with(std::move(config)).error == errc::passphrase_required);
  CHECK(a.stick->empty());
}

TEST_CASE("an exception of the service, or of the consent, refuses managed licenses for that reason",
          "[engine][plugins]") {
  const issuer issued;
  const auto service = std::make_shared<scripted_service>();
  owner a;
  a.put(issued.managed(2));
  REQUIRE(!a.backup_with(with_service(a.config(), service)).error);

  machine b;
  backup_restorer_config config =
      with_service(b.config_with([&](const std::string&) { return make_memory_medium(a.stick); }), service);
  errc expected = errc::service_unavailable;
  SECTION("service") {
    service->before_answer = [](std::stop_token) -> result<void> { throw thrown(); };
  }
  SECTION("consent") {
    config.consent = [](const service_contact&) -> result<consent_answer> { throw thrown(); };
    expected = errc::service_contact_refused;
  }
  b.open(std::move(config));
  const ended got =
      b.run([&](auto handler) { async_restore_licenses(*b.restorer, restore_flags::individualize, handler); });
  CHECK(got.error == errc::not_all_licenses_stored);
  REQUIRE(got.report.outcomes.size() == 1);
  CHECK(got.report.outcomes.front().reason == expected);
  CHECK(contents(*b.store).size() == 1);
}

TEST_CASE("a plug-in that runs out of memory is out_of_memory, whichever it is", "[engine][plugins]") {
  owner a;
  backup_restorer_config config = a.config();
  SECTION("medium") {
    config.medium = [](const std::string&) -> result<std::unique_ptr<backup_medium>> { throw std::bad_alloc(); };
  }
  SECTION("passphrase source") {
    config.passphrase = [](passphrase_purpose) -> result<secret_bytes> { throw std::bad_alloc(); };
  }
  CHECK(a.backup_with(std::move(config)).error == errc::out_of_memory);
}
