// SPDX-License-Identifier: BSL-1.0
#include "store/memory_notes.hpp"

#include <reinstate/plugins/memory_license_store.hpp>

#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

namespace reinstate {
namespace {

// An immutable license, which any thread may read.
struct entry {
  license_record fields;  // whose spans refer to the two members below
  std::vector<std::byte> metadata;
  secret_bytes payload;
};

using entry_map = std::map<license_id, std::shared_ptr<const entry>>;

std::shared_ptr<const entry> copy_of(const license_record& record) {
  auto copy = std::make_shared<entry>(
      entry{record, {record.metadata.begin(), record.metadata.end()}, secret_bytes::copy_of(record.payload)});
  copy->fields.metadata = copy->metadata;
  copy->fields.payload = copy->payload.expose();
  return copy;
}

// The licenses and their lock. A map that a cursor walks is never changed: it is copied first.
struct shared_state {
  std::mutex mutex;  // guards all members, and the reference count of `entries` as well
  std::shared_ptr<entry_map> entries = std::make_shared<entry_map>();
  bool batch_open = false;
};

class memory_cursor final : public license_cursor {
 public:
  // Called with the state locked.
  explicit memory_cursor(shared_state& state) : state_(&state), entries_(state.entries), position_(entries_->begin()) {}
  ~memory_cursor() override {
    const std::lock_guard lock(state_->mutex);  // guards the reference count that a batch looks at
    entries_.reset();
  }

  result<std::optional<license_record>> next() override {
    last_ = nullptr;
    if (position_ == entries_->end()) return std::nullopt;
    last_ = (position_++)->second.get();
    license_record record = last_->fields;
    record.payload = {};
    return record;
  }

  result<std::span<const std::byte>> payload() override {
    if (last_ == nullptr) return errc::invalid_argument;
    return last_->fields.payload;
  }

 private:
  shared_state* state_;
  std::shared_ptr<const entry_map> entries_;
  entry_map::const_iterator position_;
  const entry* last_ = nullptr;  // returned by `next`
};

class memory_batch final : public write_batch {
 public:
  explicit memory_batch(shared_state& state) : state_(&state) {}
  ~memory_batch() override { end(); }

  result<std::optional<license_version>> find(const license_id& id) override {
    if (!open_) return errc::store_failed;
    if (const auto changed = put_.find(id); changed != put_.end()) return version_of(*changed->second);
    if (removed_.contains(id)) return std::nullopt;
    const std::lock_guard lock(state_->mutex);
    const auto stored = state_->entries->find(id);
    if (stored == state_->entries->end()) return std::nullopt;
    return version_of(*stored->second);
  }

  result<void> put(const license_record& record) override {
    if (!open_) return errc::store_failed;
    put_.insert_or_assign(record.id, copy_of(record));
    removed_.erase(record.id);
    return {};
  }

  result<void> remove(const license_id& id) override {
    if (!open_) return errc::store_failed;
    removed_.insert(id);
    put_.erase(id);
    return {};
  }

  result<void> commit() override {
    if (!open_) return errc::store_failed;
    apply();
    end();
    return {};
  }

 private:
  static std::optional<license_version> version_of(const entry& stored) {
    return license_version{stored.fields.revision, stored.fields.state};
  }

  void apply() {
    const std::lock_guard lock(state_->mutex);
    auto& entries = state_->entries;
    if (entries.use_count() != 1) entries = std::make_shared<entry_map>(*entries);
    // No allocation from here on, so that no exception leaves half of the changes behind.
    for (const license_id& id : removed_) entries->erase(id);
    while (!put_.empty()) {
      auto added = entries->insert(put_.extract(put_.begin()));
      if (!added.inserted) added.position->second = std::move(added.node.mapped());
    }
  }

  void end() noexcept {
    if (!std::exchange(open_, false)) return;
    put_.clear();
    removed_.clear();
    const std::lock_guard lock(state_->mutex);
    state_->batch_open = false;
  }

  shared_state* state_;
  entry_map put_;
  std::set<license_id> removed_;  // an id is in at most one of `put_` and `removed_`
  bool open_ = true;
};

class memory_license_store final : public license_store {
 public:
  result<store_description> describe() override {
    const std::lock_guard lock(state_.mutex);
    store_description out{state_.entries->size(), 0};
    for (const auto& [id, stored] : *state_.entries) out.payload_bytes += stored->payload.size();
    return out;
  }

  result<std::unique_ptr<license_cursor>> open_cursor() override {
    const std::lock_guard lock(state_.mutex);
    return std::make_unique<memory_cursor>(state_);
  }

  result<std::unique_ptr<write_batch>> begin_batch() override {
    const std::lock_guard lock(state_.mutex);
    if (state_.batch_open) return errc::store_busy;
    auto batch = std::make_unique<memory_batch>(state_);
    state_.batch_open = true;
    return batch;
  }

  result<license> find(const license_id& id) override {
    std::shared_ptr<const entry> found;
    {
      const std::lock_guard lock(state_.mutex);
      const auto position = state_.entries->find(id);
      if (position == state_.entries->end()) return errc::license_not_found;
      found = position->second;
    }
    return unpack(found->fields);
  }

  note_store* notes() noexcept override { return &notes_; }

 private:
  bool batch_is_open() {
    const std::lock_guard lock(state_.mutex);
    return state_.batch_open;
  }

  shared_state state_;
  store::memory_notes notes_{[this] { return batch_is_open(); }};
};

}  // namespace

std::unique_ptr<license_store> make_memory_license_store() {
  return std::make_unique<memory_license_store>();
}

}  // namespace reinstate
