// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_INTERRUPTED_MACHINE_HPP
#define REINSTATE_TESTS_INTERRUPTED_MACHINE_HPP

#include "backup_fixture.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace reinstate::test {

// A machine with `count` licenses that does something else at a certain call to its medium.
struct interrupted_machine : machine {
  std::function<void()> meanwhile;
  unsigned at_call = 0, calls = 0;

  explicit interrupted_machine(unsigned count) {
    individualized(*this);
    for (unsigned i = 0; i != count; ++i) put(make_license(i));
  }

  // Passes everything on, and looks away once. Where the content of a file becomes visible counts as well.
  struct medium final : backup_medium {
    medium(interrupted_machine& owner, std::shared_ptr<memory_files> files)
        : owner_(owner), inner_(make_memory_medium(std::move(files))) {}
    result<std::vector<medium_entry>> list() override { return count(), inner_->list(); }
    result<std::unique_ptr<medium_reader>> open(std::string_view name) override { return count(), inner_->open(name); }
    result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
      count();
      auto created = inner_->create(name);
      if (!created) return created;
      return std::make_unique<writer>(*this, std::move(*created));
    }
    result<void> remove(std::string_view name) override { return count(), inner_->remove(name); }

   private:
    struct writer final : medium_writer {
      writer(medium& owner, std::unique_ptr<medium_writer> inner) : owner(owner), inner(std::move(inner)) {}
      result<void> write(std::span<const std::byte> bytes) override { return inner->write(bytes); }
      result<void> finish() override { return owner.count(), inner->finish(); }

      medium& owner;
      std::unique_ptr<medium_writer> inner;
    };

    void count() {
      if (++owner_.calls == owner_.at_call) owner_.meanwhile();
    }

    interrupted_machine& owner_;
    std::unique_ptr<backup_medium> inner_;
  };

  ended backup_interrupted(std::shared_ptr<memory_files> stick, backup_options options) {
    open([this, stick](const std::string&) -> result<std::unique_ptr<backup_medium>> {
      return std::make_unique<medium>(*this, stick);
    });
    return run([&](auto handler) { async_backup_licenses(*restorer, std::move(options), handler); });
  }
};

}  // namespace reinstate::test

#endif
