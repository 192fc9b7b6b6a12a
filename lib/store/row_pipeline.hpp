// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_ROW_PIPELINE_HPP
#define REINSTATE_STORE_ROW_PIPELINE_HPP

#include "store/license_rows.hpp"
#include "store/license_seal.hpp"
#include "core/offered_work.hpp"
#include "crypto/secret_buffer.hpp"
#include "store/write_back.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace reinstate::store {

// Some licenses on their way into a database, copied to one buffer in which their payloads are sealed where they are.
// Thread safety: one call at a time.
class portion {
 public:
  static constexpr std::size_t most_rows = 64, usual_bytes = 256 * 1024;

  // What a license takes of a portion's buffer.
  static std::size_t size_of(const license_record& record) noexcept;

  bool is_empty() const noexcept { return rows_.empty(); }
  bool has_room_for(std::size_t size) const noexcept;

  // Copies a license. Throws std::bad_alloc; then nothing is added.
  void add(const license_record& record, const std::optional<whereabouts>& known);

  // Seals all that was added, once. Throws std::bad_alloc; then the portion is of no use any more.
  void seal(const license_seal& by);

  // Puts what was sealed, empties the portion, and gives the bytes that it held.
  result<std::size_t> insert(row_writer& into) noexcept;

 private:
  struct row {
    license_record record;
    std::size_t metadata_size, payload_size;  // of what lies in `bytes_`, and in `record` once it is sealed
    std::optional<whereabouts> known;
  };

  crypto::writable_bytes take(std::size_t size);

  std::vector<row> rows_;
  crypto::secret_buffer bytes_;  // metadata, room for a nonce, payload, room for a tag; and the next license
  std::size_t used_ = 0;
  nonce_supply nonces_;
  seal_context context_;
};

// What speeds up filling a database.
struct fill {
  bool is_fresh = false;            // it holds no license yet
  std::optional<write_back> early;  // is told what goes to its file
};

// Puts licenses into a database while the caller goes on with the next ones: some are copied while those before them
// are sealed and those before these are inserted, each by whoever has the time: threads of `helpers`, or the caller
// where it would have to wait. So nobody waits for work that nobody does. Insertions happen one at a time and in order.
//
// What is asked of it is answered as if everything put before had been inserted. An insertion that fails is told by a
// later call, at the latest by `finish`; nothing is inserted after it.
//
// Memory: four portions, one where there are no helpers; and the largest license.
// Lifetime: must not outlive the database and the seal. The destructor waits for what others have begun.
// Thread safety: one call at a time. While it lives, nobody else uses the database's connection.
class row_pipeline {
 public:
  row_pipeline(row_writer rows, const license_seal& seal, fill what, boost::asio::any_io_executor helpers);
  row_pipeline(const row_pipeline&) = delete;
  row_pipeline& operator=(const row_pipeline&) = delete;
  ~row_pipeline();

  result<std::optional<license_version>> find(const license_id& id);

  // Errors: license_too_large, after which everything is as before; every other is the end.
  result<void> put(const license_record& record);

  result<void> remove(const license_id& id);

  // Returns once everything that was put is inserted.
  result<void> finish();

 private:
  using lock = std::unique_lock<std::mutex>;

  static constexpr std::size_t most_portions = 4;
  struct stage {
    portion rows;
    bool is_sealed = false;
  };
  struct hand {
    bool is_busy = false;  // offered, and not at its end
    offered_work work;
  };

  stage& at(std::uint64_t number) noexcept { return ring_[number % window_]; }
  bool is_new(const license_id& id) const noexcept { return !last_ || *last_ < id; }
  result<whereabouts> look_up(const license_id& id, lock& held);
  std::optional<whereabouts> known_of(const license_id& id) noexcept;
  void make_room(std::size_t size, lock& held);
  void hand_over() noexcept;
  void wake_a_hand();
  bool advance(lock& held) noexcept;
  void seal_next(lock& held) noexcept;
  void insert_next(lock& held) noexcept;
  void fail(const error_code& error) noexcept;
  template <class Condition>
  void wait_until(lock& held, Condition met);
  void wait_for_all(lock& held);

  const license_seal* const seal_;
  const boost::asio::any_io_executor helpers_;
  const std::size_t window_;

  std::mutex mutex_;  // guards what follows; who inserts has `rows_` and `fill_.early`, and who works on a portion that
  std::condition_variable changed_;
  row_writer rows_;
  fill fill_;
  bool is_inserting_ = false;
  // Portions that were handed over, taken to be sealed, inserted. The one being filled has the number `handed_over_`.
  std::uint64_t handed_over_ = 0, taken_ = 0, inserted_ = 0;
  std::array<stage, most_portions> ring_;
  error_code failure_;

  std::optional<license_id> last_;  // the highest id put so far
  struct finding {
    license_id id;
    whereabouts at;
  };
  std::optional<finding> found_;  // by the last call, if it was `find`: who finds a license mostly puts it next
  std::array<hand, 2> hands_;
};

}  // namespace reinstate::store

#endif
