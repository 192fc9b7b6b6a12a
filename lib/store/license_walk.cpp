// SPDX-License-Identifier: BSL-1.0
#include "store/license_walk.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace reinstate::store {

license_walk::license_walk(license_reader reader, std::shared_ptr<const license_seal> seal,
                           boost::asio::any_io_executor helpers)
    : reader_(std::move(reader)), seal_(std::move(seal)), helpers_(std::move(helpers)) {
}

license_walk::~license_walk() {
  {
    const lock held(mutex_);
    wants_payloads_ = false;
  }
  helper_.withdraw();
}

// --- the caller ---

result<std::optional<license_record>> license_walk::next() {
  payload_requested_ = false;
  if (is_at_row()) ++row_;
  if (!is_at_row() && (batch_ == nullptr || !batch_->end)) take_next_batch();
  if (is_at_row()) return batch_->rows[row_].record;
  if (batch_->end->failed()) return *batch_->end;
  return std::nullopt;
}

result<std::span<const std::byte>> license_walk::payload() {
  if (!is_at_row()) return errc::invalid_argument;
  license_row& row = batch_->rows[row_];
  if (!std::exchange(payload_requested_, true)) ++requested_payloads_;
  if (batch_->has_payloads)
    await_piece();
  else
    reader_.read_payload(row, single_);
  open_payload(row, *seal_);
  return payload_of(row);
}

void license_walk::take_next_batch() {
  lock held(mutex_);
  if (batch_ != nullptr) release_batch(held);
  start_helper(held);
  while (count_ == 0) is_reading_ ? progress_.wait(held) : read_batch(held);
  batch_ = &in_use(0).batch;
  row_ = requested_payloads_ = 0;
}

void license_walk::release_batch(lock& held) {
  const auto& pieces = in_use(0).pieces;
  progress_.wait(held, [&] { return std::ranges::count(pieces, stage::begun) == 0; });
  wants_payloads_ = helpers_ && 2 * requested_payloads_ >= batch_->rows.size();
  batch_->clear();
  first_ = (first_ + 1) % slots_.size();
  --count_;
}

void license_walk::await_piece() {
  lock held(mutex_);
  stage& piece = in_use(0).pieces[row_ / piece_size];
  if (piece == stage::sealed) piece = stage::callers_own;
  progress_.wait(held, [&] { return piece != stage::begun; });
}

// Calls at most one helper at a time, so that unanswered calls do not pile up. Calls none for a single batch: waking a
// thread costs as much as a batch.
void license_walk::start_helper(lock& held) {
  if (!wants_payloads_ || is_helping_ || is_over_ || count_ > slots_.size() / 2) return;
  is_helping_ = true;
  held.unlock();
  bool is_called = true;
  try {
    helper_.finish();  // has left already
    helper_.offer(helpers_, [this] { help(); });
  } catch (const std::bad_alloc&) {
    is_called = false;  // the caller does everything
  }
  held.lock();
  if (!is_called) is_helping_ = false;
}

// --- the caller or a helper ---

void license_walk::help() noexcept {
  lock held(mutex_);
  while (wants_payloads_) {
    if (read_ahead(held) || open_ahead(held)) continue;
    if (!is_reading_) break;
    progress_.wait(held);  // the caller reads; there is work afterwards
  }
  is_helping_ = false;
}

// Reads the next batch unless one with a large payload is in memory: one of them at a time is enough.
bool license_walk::read_ahead(lock& held) noexcept {
  if (is_reading_ || is_over_ || count_ == slots_.size()) return false;
  for (std::size_t i = 0; i != count_; ++i)
    if (in_use(i).batch.is_large()) return false;
  read_batch(held);
  return true;
}

void license_walk::read_batch(lock& held) noexcept {
  slot& next = in_use(count_);
  const bool with_payloads = wants_payloads_;
  is_reading_ = true;
  held.unlock();
  reader_.read(next.batch, with_payloads);
  held.lock();
  is_reading_ = false;
  is_over_ = next.batch.end.has_value();
  next.pieces.fill(stage::sealed);
  ++count_;
  progress_.notify_all();
}

bool license_walk::open_ahead(lock& held) noexcept {
  for (std::size_t i = 0; i != count_; ++i) {
    slot& current = in_use(i);
    auto& rows = current.batch.rows;
    for (std::size_t begin = 0; begin < rows.size(); begin += piece_size) {
      stage& piece = current.pieces[begin / piece_size];
      if (!current.batch.has_payloads || piece != stage::sealed) continue;
      piece = stage::begun;
      held.unlock();
      for (std::size_t n = begin; n != std::min(begin + piece_size, rows.size()); ++n) open_payload(rows[n], *seal_);
      held.lock();
      piece = stage::open;
      progress_.notify_all();
      return true;
    }
  }
  return false;
}

}  // namespace reinstate::store
