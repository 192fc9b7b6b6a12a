// SPDX-License-Identifier: BSL-1.0
#include "store/license_reader.hpp"

#include "store/store_error.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace reinstate::store {
namespace {

// The order of columns in the statements.
enum column { id, key, revision, backup, uses_left, first_use, metadata, place };

#define COLUMNS "SELECT id, key, revision, backup, uses_left, first_use, metadata, place FROM license "

// The index is named, since sorting whole rows instead would fill memory or a temporary file.
constexpr const char* select_all = COLUMNS "INDEXED BY license_by_id ORDER BY id";
constexpr const char* select_one = COLUMNS "WHERE id = ?1";

#undef COLUMNS

// Returns false if the column does not hold 16 bytes.
template <class Tag>
bool read_id(const sqlite::statement& row, int column, identifier<Tag>& id) noexcept {
  const auto bytes = row.blob(column);
  if (bytes.size() != id.bytes.size()) return false;
  std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
  return true;
}

// Returns false if the column does not hold the number of a right.
bool read_right(const sqlite::statement& row, int column, backup_right& right) noexcept {
  const std::int64_t value = row.integer(column);
  if (value < 0 || value > static_cast<int>(backup_right::managed)) return false;
  right = static_cast<backup_right>(value);
  return true;
}

// Keeps all 64 bits: SQLite's integers are signed.
std::uint64_t unsigned_at(const sqlite::statement& row, int column) noexcept {
  return static_cast<std::uint64_t>(row.integer(column));
}

// Limits a damaged page of payloads to the licenses on it: reading the others goes on.
errc failure_of(sqlite::error reading) noexcept {
  return reading == sqlite::error::damaged ? errc::license_damaged : errc_of(reading);
}

}  // namespace

// --- license_batch ---

void license_batch::clear() noexcept {
  rows.clear();
  end.reset();
  used_ = 0;
  if (memory_.size() > usual_size_) memory_ = {};
}

std::optional<crypto::writable_bytes> license_batch::allocate(std::size_t size) {
  if (size > memory_.size() - used_) {
    if (!rows.empty()) return std::nullopt;
    memory_ = crypto::secret_buffer(std::max(size, usual_size_));
  }
  const auto out = crypto::writable_bytes(memory_).subspan(used_, size);
  used_ += size;
  return out;
}

// --- license_reader ---

result<license_reader> license_reader::all(sqlite::database& database, sqlite::database& payloads) noexcept {
  auto rows = database.prepare(select_all);
  if (!rows) return errc_of(rows.error());
  license_reader out(*std::move(rows), payloads);
  if (&payloads != &database) out.prefetch_.emplace(payloads);
  return out;
}

result<license_reader> license_reader::one(sqlite::database& database, const license_id& id) noexcept {
  auto rows = database.prepare(select_one);
  if (!rows) return errc_of(rows.error());
  rows->bind(1, id.bytes);
  return license_reader(*std::move(rows), database);
}

void license_reader::read(license_batch& batch, bool with_payloads) noexcept {
  batch.clear();
  batch.has_payloads = with_payloads;
  if (prefetch_) prefetch_->read_more();
  try {
    batch.rows.reserve(license_batch::max_rows);
    while (batch.rows.size() != license_batch::max_rows && read_row(batch, with_payloads)) continue;
  } catch (const std::bad_alloc&) {
    batch.end = make_error_code(errc::out_of_memory);
  }
}

// Returns false if the batch takes no more.
bool license_reader::read_row(license_batch& batch, bool with_payload) {
  if (!is_ahead_) {
    const auto stepped = rows_.step();
    if (!stepped || !*stepped) batch.end = stepped ? error_code() : errc_of(stepped.error());
    if (batch.end) return false;
  }
  const auto metadata = rows_.blob(column::metadata);
  const std::int64_t row_id = rows_.integer(column::place);
  const auto sealed_size = with_payload ? payloads_.seek(row_id) : sqlite::result<std::size_t>(0);
  const std::size_t open_size = license_seal::head_size + metadata.size();
  const auto memory = batch.allocate(open_size + (sealed_size ? *sealed_size : 0));
  is_ahead_ = !memory;
  if (is_ahead_) return false;

  license_row& row = batch.rows.emplace_back();
  row.row_id = row_id;
  row.context = memory->first(open_size);
  if (!read_open(row, metadata)) {
    batch.rows.pop_back();
    batch.end = make_error_code(errc::store_damaged);
    return false;
  }
  if (with_payload) read_sealed(row, sealed_size, memory->subspan(open_size));
  return true;
}

// Reads everything but the payload. Returns false if the id is damaged: the walk is ordered by id.
bool license_reader::read_open(license_row& row, std::span<const std::byte> metadata) const noexcept {
  license_record& record = row.record;
  if (!read_id(rows_, column::id, record.id)) return false;
  if (!read_id(rows_, column::key, record.key) || !read_right(rows_, column::backup, record.backup))
    row.failure = make_error_code(errc::license_damaged);
  record.revision = unsigned_at(rows_, column::revision);
  if (!rows_.is_null(column::uses_left)) record.state.uses_left = unsigned_at(rows_, column::uses_left);
  if (!rows_.is_null(column::first_use))
    record.state.first_use = std::chrono::sys_seconds{std::chrono::seconds{rows_.integer(column::first_use)}};
  const auto copy = row.context.subspan(license_seal::head_size);
  if (!metadata.empty()) std::memcpy(copy.data(), metadata.data(), metadata.size());
  record.metadata = copy;
  return true;
}

void license_reader::read_sealed(license_row& row, const sqlite::result<std::size_t>& size,
                                 crypto::writable_bytes memory) noexcept {
  if (prefetch_) prefetch_->count_payload();
  license_seal::write_head(row.record, row.context.first<license_seal::head_size>());
  row.bytes = memory;
  const auto done = size ? payloads_.read(memory) : sqlite::result<void>(size.error());
  if (!done && !row.failure.failed()) row.failure = failure_of(done.error());
}

void license_reader::read_payload(license_row& row, crypto::secret_buffer& memory) {
  if (row.is_open || row.failure.failed()) return;
  const auto size = payloads_.seek(row.row_id);
  const std::size_t needed = size ? *size : 0;
  if (needed > memory.size()) memory = crypto::secret_buffer(needed);
  read_sealed(row, size, crypto::writable_bytes(memory).first(needed));
}

// --- opening ---

void open_payload(license_row& row, const license_seal& seal) noexcept {
  if (row.is_open || row.failure.failed()) return;
  const auto opened = seal.open(row.bytes, row.context);
  row.is_open = opened.has_value();
  if (opened)
    row.bytes = *opened;
  else
    row.failure = make_error_code(errc::license_damaged);
}

result<std::span<const std::byte>> payload_of(const license_row& row) noexcept {
  if (row.failure.failed()) return row.failure;
  return row.bytes;
}

}  // namespace reinstate::store
