// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/faulty_medium.hpp>

#include <utility>

namespace reinstate::testing {
namespace {

enum class fate { pass_on, forget, fail };

bool is_reached(std::uint64_t threshold, std::uint64_t call) noexcept {
  return threshold != 0 && call >= threshold;
}

// Counts a call and decides whether it fails, is forgotten or is passed on.
fate fate_of(medium_call call, medium_faults& faults) noexcept {
  const bool is_counted = !faults.only || *faults.only == call;
  if (is_counted) ++faults.calls;
  const bool is_faulty = faults.keeps_failing ? is_reached(faults.fail_at, faults.calls)
                                              : faults.fail_at != 0 && faults.calls == faults.fail_at;
  if (is_counted && is_faulty) return fate::fail;
  // Uncounted calls too: what follows a forgotten change is forgotten as well.
  return is_reached(faults.forget_from, faults.calls) ? fate::forget : fate::pass_on;
}

using shared_faults = std::shared_ptr<medium_faults>;

class faulty_reader final : public medium_reader {
 public:
  faulty_reader(std::unique_ptr<medium_reader> inner, shared_faults faults) noexcept
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  std::uint64_t size() const override { return inner_->size(); }

  result<std::size_t> read(std::span<std::byte> buffer) override {
    if (fate_of(medium_call::read, *faults_) == fate::fail) return faults_->error;
    return inner_->read(buffer);
  }

 private:
  std::unique_ptr<medium_reader> inner_;
  shared_faults faults_;
};

class faulty_writer final : public medium_writer {
 public:
  // `inner` is null if the creation of the file was forgotten.
  faulty_writer(std::unique_ptr<medium_writer> inner, shared_faults faults) noexcept
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  result<void> write(std::span<const std::byte> bytes) override {
    return run(medium_call::write, [&] { return inner_->write(bytes); });
  }

  void begin_finish() noexcept override {
    if (inner_) inner_->begin_finish();
  }

  result<void> finish() override {
    return run(medium_call::finish, [&] { return inner_->finish(); });
  }

 private:
  template <class Call>
  result<void> run(medium_call call, Call pass_on) {
    const fate decided = fate_of(call, *faults_);
    if (dead_.failed()) return dead_;
    if (decided == fate::fail) return dead_ = faults_->error;
    if (decided == fate::forget || inner_ == nullptr) {
      inner_.reset();
      return {};
    }
    return pass_on();
  }

  std::unique_ptr<medium_writer> inner_;
  shared_faults faults_;
  error_code dead_;
};

class faulty_medium final : public backup_medium {
 public:
  faulty_medium(std::unique_ptr<backup_medium> inner, shared_faults faults) noexcept
      : inner_(std::move(inner)), faults_(std::move(faults)) {}

  result<std::vector<medium_entry>> list() override {
    if (fate_of(medium_call::list, *faults_) == fate::fail) return faults_->error;
    return inner_->list();
  }

  result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
    if (fate_of(medium_call::open, *faults_) == fate::fail) return faults_->error;
    auto opened = inner_->open(name);
    if (!opened) return opened.error();
    return std::make_unique<faulty_reader>(std::move(*opened), faults_);
  }

  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    switch (fate_of(medium_call::create, *faults_)) {
      case fate::fail: return faults_->error;
      case fate::forget: return std::make_unique<faulty_writer>(nullptr, faults_);
      case fate::pass_on: break;
    }
    auto created = inner_->create(name);
    if (!created) return created.error();
    return std::make_unique<faulty_writer>(std::move(*created), faults_);
  }

  result<void> remove(std::string_view name) override {
    switch (fate_of(medium_call::remove, *faults_)) {
      case fate::fail: return faults_->error;
      case fate::forget: return {};
      case fate::pass_on: break;
    }
    return inner_->remove(name);
  }

 private:
  std::unique_ptr<backup_medium> inner_;
  shared_faults faults_;
};

}  // namespace

std::unique_ptr<backup_medium> make_faulty_medium(std::unique_ptr<backup_medium> medium,
                                                  std::shared_ptr<medium_faults> faults) {
  return std::make_unique<faulty_medium>(std::move(medium), std::move(faults));
}

}  // namespace reinstate::testing
