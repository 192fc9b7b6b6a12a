// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_HOOKED_STORE_HPP
#define REINSTATE_TESTS_HOOKED_STORE_HPP

#include <reinstate/license_store.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace reinstate::test {

enum class store_call { describe, open_cursor, next, payload, begin_batch, batch_find, put, remove, commit, find };

// A store that calls a function before every call it passes on: a test does there what else may happen at that moment,
// such as a cancellation. An error the function returns is the answer, and the call is not passed on; it may throw.
class hooked_store final : public license_store {
 public:
  using hook = std::function<error_code(store_call)>;

  hooked_store(std::shared_ptr<license_store> inner, hook before)
      : inner_(std::move(inner)), before_(std::move(before)) {}

  result<store_description> describe() override {
    if (const error_code ec = before_(store_call::describe)) return ec;
    return inner_->describe();
  }

  result<std::unique_ptr<license_cursor>> open_cursor() override {
    if (const error_code ec = before_(store_call::open_cursor)) return ec;
    auto opened = inner_->open_cursor();
    if (!opened) return opened;
    return std::make_unique<cursor>(before_, std::move(*opened));
  }

  result<std::unique_ptr<write_batch>> begin_batch() override {
    if (const error_code ec = before_(store_call::begin_batch)) return ec;
    auto begun = inner_->begin_batch();
    if (!begun) return begun;
    return std::make_unique<batch>(before_, std::move(*begun));
  }

  result<license> find(const license_id& id) override {
    if (const error_code ec = before_(store_call::find)) return ec;
    return inner_->find(id);
  }

  note_store* notes() noexcept override { return inner_->notes(); }

 private:
  struct cursor final : license_cursor {
    cursor(hook& before, std::unique_ptr<license_cursor> inner) : before(before), inner(std::move(inner)) {}

    result<std::optional<license_record>> next() override {
      if (const error_code ec = before(store_call::next)) return ec;
      return inner->next();
    }
    result<std::span<const std::byte>> payload() override {
      if (const error_code ec = before(store_call::payload)) return ec;
      return inner->payload();
    }

    hook& before;
    std::unique_ptr<license_cursor> inner;
  };

  struct batch final : write_batch {
    batch(hook& before, std::unique_ptr<write_batch> inner) : before(before), inner(std::move(inner)) {}

    result<std::optional<license_version>> find(const license_id& id) override {
      if (const error_code ec = before(store_call::batch_find)) return ec;
      return inner->find(id);
    }
    result<void> put(const license_record& record) override {
      if (const error_code ec = before(store_call::put)) return ec;
      return inner->put(record);
    }
    result<void> remove(const license_id& id) override {
      if (const error_code ec = before(store_call::remove)) return ec;
      return inner->remove(id);
    }
    result<void> commit() override {
      if (const error_code ec = before(store_call::commit)) return ec;
      return inner->commit();
    }

    hook& before;
    std::unique_ptr<write_batch> inner;
  };

  std::shared_ptr<license_store> inner_;
  hook before_;
};

}  // namespace reinstate::test

#endif
