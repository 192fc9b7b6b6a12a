// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_ENGINE_GENERATION_STORE_COMPARISON_HPP
#define REINSTATE_ENGINE_GENERATION_STORE_COMPARISON_HPP

#include "engine/generation/index_reader.hpp"
#include "engine/generation/merged.hpp"

#include <reinstate/license_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace reinstate::engine {

// Reads a store and the index of its backup in one ordered pass: each license that one of them has, with the entries of
// both.
class store_comparison {
 public:
  // `backup` may be null: then every license is only in the store.
  store_comparison(std::unique_ptr<license_cursor> store, std::unique_ptr<merged_reader<index_reader>> backup)
      : store_(std::move(store)), backup_(std::move(backup)) {}

  struct license {
    const license_record* in_store = nullptr;         // without its payload; null if only the backup has it
    const archive::index_entry* in_backup = nullptr;  // null if only the store has it
  };

  // Returns the next license, valid until the next call, or nullopt at the end, with the store's snapshot released.
  // Errors: those of the store and of index_reader, whose file they name; store_failed if the store's order is wrong.
  result<std::optional<license>> next();

  // Returns the payload of the license in the store. Errors: as license_cursor::payload.
  result<std::span<const std::byte>> payload() { return store_->payload(); }

  std::uint64_t seen_in_store() const noexcept { return seen_in_store_; }
  std::uint64_t bytes_read() const noexcept { return backup_ ? backup_->bytes_read() : 0; }

 private:
  result<void> advance_store();
  result<void> advance_backup();

  std::unique_ptr<license_cursor> store_;
  std::unique_ptr<merged_reader<index_reader>> backup_;
  std::optional<license_record> in_store_;
  std::optional<archive::index_entry> in_backup_;
  bool store_is_due_ = true, backup_is_due_ = true;
  std::optional<license_id> last_id_;
  std::uint64_t seen_in_store_ = 0;
};

}  // namespace reinstate::engine

#endif
