// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_LICENSE_WALK_HPP
#define REINSTATE_STORE_LICENSE_WALK_HPP

#include "store/license_reader.hpp"
#include "core/offered_work.hpp"

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
// Where most payloads of a batch were asked for, a helper reads the next batches with theirs, and opens them a piece at
// a time; the caller does himself whatever he needs before a helper has come to it. Otherwise nothing is read ahead,
// and a payload only when it is asked for.
//
// Memory: four batches of a quarter of a MiB, and the largest payloads; plaintext is wiped.
// Lifetime: must not outlive its database. Thread safety: one call at a time.
class license_walk {
 public:
  license_walk(license_reader reader, std::shared_ptr<const license_seal> seal, boost::asio::any_io_executor helpers);
  ~license_walk();  // waits for the helper that is at work
  license_walk(const license_walk&) = delete;
  license_walk& operator=(const license_walk&) = delete;

  // As license_cursor. After an error of either that ends the walk, neither is called again.
  result<std::optional<license_record>> next();
  result<std::span<const std::byte>> payload();

 private:
  static constexpr std::size_t piece_size = 16;  // rows

  // What becomes of the payloads of a piece. The caller opens his own row by row, and only those he wants.
  enum class stage { sealed, begun, open, callers_own };

  struct slot {
    license_batch batch{std::size_t{256} << 10};
    std::array<stage, license_batch::most_rows / piece_size> pieces{};
  };
  using lock = std::unique_lock<std::mutex>;

  bool is_at_row() const noexcept { return batch_ != nullptr && row_ != batch_->rows.size(); }
  slot& in_use(std::size_t n) noexcept { return slots_[(first_ + n) % slots_.size()]; }
  void take_next_batch();
  void release_batch(lock& held);
  void call_helper(lock& held);
  void help() noexcept;
  bool read_ahead(lock& held) noexcept;
  bool open_ahead(lock& held) noexcept;
  void read_batch(lock& held) noexcept;
  void await_piece();

  license_reader reader_;  // of whoever made `is_reading_` true, or of the caller while nobody reads ahead
  const std::shared_ptr<const license_seal> seal_;
  const boost::asio::any_io_executor helpers_;

  // The caller's place in the walk.
  license_batch* batch_ = nullptr;
  std::size_t row_ = 0;
  bool is_asked_ = false;         // for the payload of this row
  std::size_t asked_ = 0;         // payloads of this batch
  crypto::secret_buffer single_;  // a payload that was not read with its row

  std::mutex mutex_;  // guards what follows; a batch is its reader's, and a piece begun is its opener's
  std::condition_variable progress_;
  std::array<slot, 4> slots_;
  std::size_t first_ = 0, count_ = 0;  // slots in use: the caller's batch, and those after it
  bool is_reading_ = false;
  bool is_over_ = false;         // nothing more to read
  bool wants_payloads_ = false;  // so that reading ahead pays
  bool is_helping_ = false;      // a helper is at work, or was called

  offered_work helper_;
};

}  // namespace reinstate::store

#endif
