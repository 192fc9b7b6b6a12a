// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_ROW_PIPELINE_HPP
#define REINSTATE_STORE_ROW_PIPELINE_HPP

#include "core/offered_work.hpp"
#include "crypto/secret_buffer.hpp"
#include "store/license_rows.hpp"
#include "store/license_seal.hpp"
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

// Licenses on their way into a database, copied to one buffer in which their payloads are sealed in place.
// Thread safety: one call at a time.
class portion {
 public:
  static constexpr std::size_t max_rows = 64, usual_bytes = 256 * 1024;

  // Returns the bytes that a license takes in the buffer.
  static std::size_t size_of(const license_record& record) noexcept;

  bool is_empty() const noexcept { return rows_.empty(); }
  bool has_room_for(std::size_t size) const noexcept;

  // Copies a license. Throws std::bad_alloc, in which case nothing is added.
  void add(const license_record& record, const std::optional<row_location>& known);

  // Seals all added licenses. Called once. Throws std::bad_alloc, after which the portion is unusable.
  void seal(const license_seal& seal);

  // Puts the sealed licenses into the database, empties the portion, and returns the bytes that it held.
  result<std::size_t> insert(row_writer& writer) noexcept;

 private:
  struct row {
    license_record record;
    std::size_t metadata_size, payload_size;  // in `bytes_`, to which `record` refers once it is sealed
    std::optional<row_location> known;
  };

  crypto::writable_bytes allocate(std::size_t size);

  std::vector<row> rows_;
  crypto::secret_buffer bytes_;  // per license: metadata, room for a nonce, payload, room for a tag
  std::size_t used_ = 0;
  nonce_supply nonces_;
  seal_context context_;
};

// Facts about a database that speed up filling it.
struct fill_options {
  bool is_empty = false;                    // it holds no license yet
  std::optional<write_back> early_writing;  // of its file
};

// Puts licenses into a database while the caller goes on with the next ones: a portion is copied while the one before
// is sealed and the one before that is inserted. The work is done by threads of `helpers`, or by the caller's thread if
// it would have to wait, so that no thread waits for work that has no worker. Insertions happen one at a time and in
// order.
//
// Calls behave as if everything put before had been inserted. A failed insertion is reported by a later call, at the
// latest by `finish`; nothing is inserted after it.
//
// Memory: four portions, or one without helpers; and the largest license.
// Lifetime: must not outlive the database and the seal. The destructor waits for work that has begun.
// Thread safety: one call at a time. During its lifetime, no one else may use the database's connection.
class row_pipeline {
 public:
  row_pipeline(row_writer writer, const license_seal& seal, fill_options options, boost::asio::any_io_executor helpers);
  row_pipeline(const row_pipeline&) = delete;
  row_pipeline& operator=(const row_pipeline&) = delete;
  ~row_pipeline();

  result<std::optional<license_version>> find(const license_id& id);

  // Errors: license_too_large, which changes nothing; any other error is final.
  result<void> put(const license_record& record);

  result<void> remove(const license_id& id);

  // Waits until everything that was put is inserted.
  result<void> finish();

 private:
  using lock = std::unique_lock<std::mutex>;

  static constexpr std::size_t max_portions = 4;
  struct stage {
    portion rows;
    bool is_sealed = false;
  };
  struct worker {
    bool is_busy = false;  // work was offered and has not ended
    offered_work work;
  };

  stage& at(std::uint64_t number) noexcept { return ring_[number % window_]; }
  bool is_new(const license_id& id) const noexcept { return !last_ || *last_ < id; }
  result<row_location> look_up(const license_id& id, lock& held);
  std::optional<row_location> known_of(const license_id& id) noexcept;
  void make_room(std::size_t size, lock& held);
  void hand_over() noexcept;
  void wake_worker();
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

  // Guards the members below. The thread that inserts owns `writer_` and `options_.early_writing`, and the thread that
  // works on a portion owns that portion.
  std::mutex mutex_;
  std::condition_variable changed_;
  row_writer writer_;
  fill_options options_;
  bool is_inserting_ = false;
  // The portions handed over, taken to be sealed, and inserted so far. The one being filled has the number
  // `handed_over_`.
  std::uint64_t handed_over_ = 0, taken_ = 0, inserted_ = 0;
  std::array<stage, max_portions> ring_;
  error_code failure_;

  std::optional<license_id> last_;  // the highest id put so far
  struct found_license {
    license_id id;
    row_location location;
  };
  std::optional<found_license> found_;  // by the last call, if it was `find`: mostly a put of that license follows
  std::array<worker, 2> workers_;
};

}  // namespace reinstate::store

#endif
