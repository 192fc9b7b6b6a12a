// SPDX-License-Identifier: BSL-1.0
#include "wmsdk/user_store.hpp"

#include <reinstate/plugins/data_folder.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>

#include <mutex>
#include <utility>

namespace reinstate::wmsdk {
namespace {

class user_store final : public license_store, private note_store {
 public:
  user_store(std::filesystem::path file, std::optional<std::filesystem::path> own_folder,
             std::shared_ptr<machine_identity> identity, boost::asio::any_io_executor helpers)
      : file_(std::move(file)),
        own_folder_(std::move(own_folder)),
        identity_(std::move(identity)),
        helpers_(std::move(helpers)) {}

  result<store_description> describe() override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->describe();
  }

  result<std::unique_ptr<license_cursor>> open_cursor() override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->open_cursor();
  }

  result<std::unique_ptr<write_batch>> begin_batch() override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->begin_batch();
  }

  result<license> find(const license_id& id) override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->find(id);
  }

  note_store* notes() noexcept override { return this; }

 private:
  result<std::optional<document>> read(std::string_view name) override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->notes()->read(name);
  }

  result<void> update(std::string_view name, const change& edit) override {
    if (const auto ready = open(); !ready) return ready.error();
    return store_->notes()->update(name, edit);
  }

  result<void> open() {
    const std::lock_guard lock(open_mutex_);  // notes are used from any thread
    if (store_) return {};
    if (own_folder_)
      if (const auto created = create_private_folder(*own_folder_); !created) return created;
    auto opened = open_sqlite_license_store(file_, identity_, helpers_);
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    return {};
  }

  std::filesystem::path file_;
  std::optional<std::filesystem::path> own_folder_;
  std::shared_ptr<machine_identity> identity_;
  boost::asio::any_io_executor helpers_;
  std::mutex open_mutex_;
  std::unique_ptr<license_store> store_;
};

}  // namespace

std::shared_ptr<license_store> make_user_store(std::filesystem::path file,
                                               std::optional<std::filesystem::path> own_folder,
                                               std::shared_ptr<machine_identity> identity,
                                               boost::asio::any_io_executor helpers) {
  return std::make_shared<user_store>(std::move(file), std::move(own_folder), std::move(identity), std::move(helpers));
}

}  // namespace reinstate::wmsdk
