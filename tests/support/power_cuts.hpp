// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_POWER_CUTS_HPP
#define REINSTATE_TESTS_POWER_CUTS_HPP

#include <reinstate/plugins/memory_medium.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace reinstate::test {

// A memory medium that remembers every state a power cut could leave: after each change, and of a file that was not yet
// made durable its name alone, half of it, and all of it.
class power_cuts final : public backup_medium {
 public:
  using states = std::vector<memory_files>;

  power_cuts(std::shared_ptr<memory_files> files, std::shared_ptr<states> seen)
      : files_(std::move(files)), seen_(std::move(seen)), inner_(make_memory_medium(files_)) {}

  result<std::vector<medium_entry>> list() override { return inner_->list(); }
  result<std::unique_ptr<medium_reader>> open(std::string_view name) override { return inner_->open(name); }

  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    auto created = inner_->create(name);
    if (!created) return created;
    seen_->push_back(*files_);
    return std::make_unique<writer>(*this, std::string(name), std::move(*created));
  }

  result<void> remove(std::string_view name) override {
    const auto removed = inner_->remove(name);
    seen_->push_back(*files_);
    return removed;
  }

 private:
  struct writer final : medium_writer {
    writer(power_cuts& owner, std::string name, std::unique_ptr<medium_writer> inner)
        : owner(owner), name(std::move(name)), inner(std::move(inner)) {}

    result<void> write(std::span<const std::byte> bytes) override {
      content.insert(content.end(), bytes.begin(), bytes.end());
      return inner->write(bytes);
    }

    result<void> finish() override {
      memory_files half = *owner.files_;
      half[name].assign(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(content.size() / 2));
      owner.seen_->push_back(std::move(half));
      const auto finished = inner->finish();
      owner.seen_->push_back(*owner.files_);
      return finished;
    }

    power_cuts& owner;
    std::string name;
    std::unique_ptr<medium_writer> inner;
    std::vector<std::byte> content;
  };

  std::shared_ptr<memory_files> files_;
  std::shared_ptr<states> seen_;
  std::unique_ptr<backup_medium> inner_;
};

}  // namespace reinstate::test

#endif
