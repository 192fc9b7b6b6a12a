// SPDX-License-Identifier: BSL-1.0
// Implements license_store on a std::map, and checks it with the contract suite of license_store.
#include <reinstate/license_store.hpp>
#include <reinstate/testing/license_store_suite.hpp>

#include <iostream>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

using namespace reinstate;

namespace {

// [store]
// A stored license. It is immutable, so snapshots may share it.
struct kept_license {
  license_record record;  // refers to the two members below
  std::vector<std::byte> metadata;
  secret_bytes payload;
};

using license_map = std::map<license_id, std::shared_ptr<const kept_license>>;

std::shared_ptr<const kept_license> keep(const license_record& r) {
  auto kept = std::make_shared<kept_license>(
      kept_license{r, {r.metadata.begin(), r.metadata.end()}, secret_bytes::copy_of(r.payload)});
  kept->record.metadata = kept->metadata;
  kept->record.payload = kept->payload.expose();
  return kept;
}

// The state that the store, its cursors and its batches share.
struct shelf {
  std::mutex mutex;
  license_map licenses;
  bool batch_open = false;
};

// A snapshot is a copy of the map: simple, and good enough for some thousands of licenses.
class map_cursor final : public license_cursor {
 public:
  explicit map_cursor(license_map snapshot) : licenses_(std::move(snapshot)), at_(licenses_.begin()) {}

  result<std::optional<license_record>> next() override {
    last_ = nullptr;
    if (at_ == licenses_.end()) return std::nullopt;
    last_ = (at_++)->second.get();
    license_record record = last_->record;
    record.payload = {};  // returned by `payload`: a store that decrypts or fetches does it there
    return record;
  }

  result<std::span<const std::byte>> payload() override {
    if (last_ == nullptr) return errc::invalid_argument;
    return last_->record.payload;
  }

 private:
  license_map licenses_;
  license_map::const_iterator at_;
  const kept_license* last_ = nullptr;
};

// Changes a copy of the map, and replaces the store's map with it at the commit.
class map_batch final : public write_batch {
 public:
  explicit map_batch(shelf& target) : shelf_(target), licenses_(target.licenses) { shelf_.batch_open = true; }
  ~map_batch() override { end(); }

  result<std::optional<license_version>> find(const license_id& id) override {
    const auto found = licenses_.find(id);
    if (found == licenses_.end()) return std::nullopt;
    return license_version{found->second->record.revision, found->second->record.state};
  }

  result<void> put(const license_record& record) override {
    licenses_[record.id] = keep(record);
    return {};
  }

  result<void> remove(const license_id& id) override {
    licenses_.erase(id);
    return {};
  }

  result<void> commit() override {
    if (!open_) return errc::store_failed;  // spent
    {
      const std::lock_guard lock(shelf_.mutex);
      shelf_.licenses.swap(licenses_);
    }
    end();
    return {};
  }

 private:
  void end() noexcept {
    const std::lock_guard lock(shelf_.mutex);
    if (std::exchange(open_, false)) shelf_.batch_open = false;
  }

  shelf& shelf_;
  license_map licenses_;
  bool open_ = true;
};

class map_store final : public license_store {
 public:
  result<store_description> describe() override {
    const std::lock_guard lock(shelf_.mutex);
    store_description out{shelf_.licenses.size(), 0};
    for (const auto& [id, kept] : shelf_.licenses) out.payload_bytes += kept->payload.size();
    return out;
  }

  result<std::unique_ptr<license_cursor>> open_cursor() override {
    const std::lock_guard lock(shelf_.mutex);
    return std::make_unique<map_cursor>(shelf_.licenses);
  }

  result<std::unique_ptr<write_batch>> begin_batch() override {
    const std::lock_guard lock(shelf_.mutex);
    if (shelf_.batch_open) return errc::store_busy;
    return std::make_unique<map_batch>(shelf_);
  }

  result<license> find(const license_id& id) override {
    const std::lock_guard lock(shelf_.mutex);
    const auto found = shelf_.licenses.find(id);
    if (found == shelf_.licenses.end()) return errc::license_not_found;
    return unpack(found->second->record);
  }

 private:
  shelf shelf_;
};
// [/store]

}  // namespace

// [contract]
int main() {
  for (const auto& check : testing::license_store_contract()) {
    try {
      check.run([] { return std::make_unique<map_store>(); });
      std::cout << "kept: " << check.promise << '\n';
    } catch (const testing::contract_violation& broken) {
      std::cerr << "broken: " << check.promise << ": " << broken.what() << '\n';
      return 1;
    }
  }
}
// [/contract]
