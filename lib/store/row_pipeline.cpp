// SPDX-License-Identifier: BSL-1.0
#include "store/row_pipeline.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace reinstate::store {

// --- portion ---

std::size_t portion::size_of(const license_record& record) noexcept {
  return record.metadata.size() + license_seal::overhead + record.payload.size();
}

bool portion::has_room_for(std::size_t size) const noexcept {
  return rows_.size() != max_rows && used_ + size <= usual_bytes;
}

// Returns the next `size` bytes of the buffer.
crypto::writable_bytes portion::allocate(std::size_t size) {
  const std::size_t needed = used_ + size;
  if (needed > bytes_.size()) bytes_.resize(std::max(needed, std::min(4 * needed, usual_bytes)));
  return std::span(bytes_).subspan(std::exchange(used_, needed), size);
}

void portion::add(const license_record& record, const std::optional<row_location>& known) {
  rows_.reserve(max_rows);
  const auto memory = allocate(size_of(record));
  const auto payload = memory.subspan(record.metadata.size() + license_seal::payload_offset);
  // Not std::ranges::copy, which copies byte by byte in some standard libraries.
  std::copy(record.metadata.begin(), record.metadata.end(), memory.begin());
  std::copy(record.payload.begin(), record.payload.end(), payload.begin());
  rows_.push_back({record, record.metadata.size(), record.payload.size(), known});
}

void portion::seal(const license_seal& seal) {
  crypto::writable_bytes rest = bytes_;
  for (row& each : rows_) {
    const auto metadata = rest.first(each.metadata_size);
    const auto sealed = rest.subspan(metadata.size(), license_seal::overhead + each.payload_size);
    rest = rest.subspan(metadata.size() + sealed.size());
    each.record.metadata = metadata;
    each.record.payload = sealed.subspan(license_seal::payload_offset, each.payload_size);
    seal.seal(each.record, nonces_, context_, sealed);
    each.record.payload = sealed;
  }
}

result<std::size_t> portion::insert(row_writer& writer) noexcept {
  for (const row& each : rows_)
    if (const auto done = writer.put(each.record, each.known); !done) return done.error();
  rows_.clear();
  if (bytes_.size() > usual_bytes)
    crypto::secret_buffer().swap(bytes_);  // beyond the usual size only for a large license
  return std::exchange(used_, 0);
}

// --- row_pipeline ---

row_pipeline::row_pipeline(row_writer writer, const license_seal& seal, fill_options options,
                           boost::asio::any_io_executor helpers)
    : seal_(&seal),
      helpers_(std::move(helpers)),
      window_(helpers_ ? max_portions : 1),
      writer_(std::move(writer)),
      options_(std::move(options)) {
}

row_pipeline::~row_pipeline() {
  {
    const lock held(mutex_);
    fail(errc::store_failed);  // so that no thread begins new work
  }
  for (worker& each : workers_) each.work.withdraw();
}

// --- the interface ---

result<std::optional<license_version>> row_pipeline::find(const license_id& id) {
  lock held(mutex_);
  const auto location = look_up(id, held);
  if (!location) return location.error();
  found_ = {id, *location};
  if (!location->row_id) return std::nullopt;
  return location->version;
}

result<void> row_pipeline::put(const license_record& record) {
  const std::size_t max_size = writer_.max_size();
  if (record.metadata.size() > max_size || record.payload.size() + license_seal::overhead > max_size)
    return errc::license_too_large;
  lock held(mutex_);
  if (!failure_.failed()) make_room(portion::size_of(record), held);
  if (failure_.failed()) return failure_;
  at(handed_over_).rows.add(record, known_of(record.id));
  if (is_new(record.id)) last_ = record.id;
  return {};
}

result<void> row_pipeline::remove(const license_id& id) {
  lock held(mutex_);
  found_.reset();
  wait_for_all(held);
  if (failure_.failed()) return failure_;
  auto removed = writer_.remove(id);
  if (!removed) fail(removed.error());
  return removed;
}

result<void> row_pipeline::finish() {
  lock held(mutex_);
  wait_for_all(held);
  if (failure_.failed()) return failure_;
  return {};
}

// Searches for a license. An id above all that were put is in no portion, so only the database has to be free.
result<row_location> row_pipeline::look_up(const license_id& id, lock& held) {
  if (!is_new(id))
    wait_for_all(held);
  else if (!options_.is_empty)
    wait_until(held, [this] { return !is_inserting_; });
  if (failure_.failed()) return failure_;
  if (is_new(id) && options_.is_empty) return row_location{};
  return writer_.find(id);
}

std::optional<row_location> row_pipeline::known_of(const license_id& id) noexcept {
  const auto found = std::exchange(found_, std::nullopt);
  if (found && found->id == id) return found->location;
  if (options_.is_empty && is_new(id)) return row_location{};
  return std::nullopt;
}

// Makes room in the current portion. A license larger than a portion has one to itself and waits for all others: there
// is only one such buffer.
void row_pipeline::make_room(std::size_t size, lock& held) {
  const bool is_large = size > portion::usual_bytes;
  if (!is_large && at(handed_over_).rows.has_room_for(size)) return;
  if (!at(handed_over_).rows.is_empty()) {
    hand_over();
    wake_worker();
  }
  wait_until(held, [&] { return handed_over_ - inserted_ < (is_large ? 1 : window_); });
}

void row_pipeline::wait_for_all(lock& held) {
  if (failure_.failed()) return;
  if (!at(handed_over_).rows.is_empty()) hand_over();
  wait_until(held, [this] { return inserted_ == handed_over_; });
}

// --- the work ---

void row_pipeline::hand_over() noexcept {
  at(handed_over_).is_sealed = false;
  ++handed_over_;
}

void row_pipeline::wake_worker() {
  const auto idle = std::ranges::find(workers_, false, &worker::is_busy);
  if (!helpers_ || idle == workers_.end()) return;
  idle->work.finish();  // all but over: waits for its last step
  try {
    idle->work.offer(helpers_, [this, idle] {
      lock held(mutex_);
      while (advance(held)) {
      }
      idle->is_busy = false;
    });
    idle->is_busy = true;
  } catch (const std::bad_alloc&) {
    // The caller does the work.
  }
}

// Works until the condition is met or there is a failure; waits if other threads do all the work that is left.
template <class Condition>
void row_pipeline::wait_until(lock& held, Condition met) {
  while (!failure_.failed() && !met())
    if (!advance(held)) changed_.wait(held);
}

// Does the next piece of work that no other thread has begun. Returns false if there is none.
bool row_pipeline::advance(lock& held) noexcept {
  if (failure_.failed()) return false;
  if (!is_inserting_ && inserted_ != taken_ && at(inserted_).is_sealed)
    insert_next(held);
  else if (taken_ != handed_over_)
    seal_next(held);
  else
    return false;
  changed_.notify_all();
  return true;
}

void row_pipeline::seal_next(lock& held) noexcept {
  stage& next = at(taken_++);
  held.unlock();
  bool is_sealed = true;
  try {
    next.rows.seal(*seal_);
  } catch (const std::bad_alloc&) {
    is_sealed = false;
  }
  held.lock();
  next.is_sealed = is_sealed;
  if (!is_sealed) fail(errc::out_of_memory);
}

void row_pipeline::insert_next(lock& held) noexcept {
  stage& next = at(inserted_);
  is_inserting_ = true;
  held.unlock();
  const auto inserted = next.rows.insert(writer_);
  if (inserted && options_.early_writing) options_.early_writing->count_written(*inserted);
  held.lock();
  is_inserting_ = false;
  ++inserted_;
  if (!inserted) fail(inserted.error());
}

void row_pipeline::fail(const error_code& error) noexcept {
  if (!failure_.failed()) failure_ = error;
  changed_.notify_all();
}

}  // namespace reinstate::store
