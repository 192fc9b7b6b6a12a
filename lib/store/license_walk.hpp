// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_WALK_HPP
#define REINSTATE_STORE_LICENSE_WALK_HPP

#include "core/offered_work.hpp"
#include "store/license_reader.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

namespace reinstate::store {

// A walk over all licenses of a database, batch by batch.
//
// If the caller asked for most payloads of a batch, a helper thread reads the next batches with their payloads and
// opens them a piece at a time; the caller's thread does whatever the helper has not begun. Otherwise nothing is read
// ahead, and a payload is read only when the caller asks for it.
//
// Memory: four batches of a quarter of a MiB, and the largest payloads; plaintext is wiped.
// Lifetime: must not outlive its database. Thread safety: one call at a time.
class license_walk {
 public:
  license_walk(license_reader reader, std::shared_ptr<const license_seal> seal, boost::asio::any_io_executor helpers);
  ~license_walk();  // waits for the helper
  license_walk(const license_walk&) = delete;
  license_walk& operator=(const license_walk&) = delete;

  // As in license_cursor. Neither is called again after an error that ends the walk.
  result<std::optional<license_record>> next();
  result<std::span<const std::byte>> payload();

 private:
  static constexpr std::size_t piece_size = 16;  // rows

  // The state of the payloads of a piece. In one of the caller, the caller opens row by row, and only those it wants.
  enum class stage { sealed, begun, open, callers_own };

  struct slot {
    license_batch batch{std::size_t{256} << 10};
    std::array<stage, license_batch::max_rows / piece_size> pieces{};
  };
  using lock = std::unique_lock<std::mutex>;

  bool is_at_row() const noexcept { return batch_ != nullptr && row_ != batch_->rows.size(); }
  slot& in_use(std::size_t n) noexcept { return slots_[(first_ + n) % slots_.size()]; }
  void take_next_batch();
  void release_batch(lock& held);
  void start_helper(lock& held);
  void help() noexcept;
  bool read_ahead(lock& held) noexcept;
  bool open_ahead(lock& held) noexcept;
  void read_batch(lock& held) noexcept;
  void await_piece();

  license_reader reader_;  // of the thread that set `is_reading_`, or of the caller if no thread reads ahead
  const std::shared_ptr<const license_seal> seal_;
  const boost::asio::any_io_executor helpers_;

  // The caller's position in the walk.
  license_batch* batch_ = nullptr;
  std::size_t row_ = 0;
  bool payload_requested_ = false;      // of this row
  std::size_t requested_payloads_ = 0;  // of this batch
  crypto::secret_buffer single_;        // a payload that was not read with its row

  std::mutex mutex_;  // guards the following; a batch belongs to its reader, and a begun piece to its opener
  std::condition_variable progress_;
  std::array<slot, 4> slots_;
  std::size_t first_ = 0, count_ = 0;  // slots in use: the caller's batch, and those after it
  bool is_reading_ = false;
  bool is_over_ = false;         // no more to read
  bool wants_payloads_ = false;  // reading ahead pays
  bool is_helping_ = false;      // a helper works or was called

  offered_work helper_;
};

}  // namespace reinstate::store

#endif
