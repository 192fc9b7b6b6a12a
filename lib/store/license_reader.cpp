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

// False where the column does not hold 16 bytes.
template <class Tag>
bool read_id(const sqlite::statement& row, int column, identifier<Tag>& into) noexcept {
  const auto bytes = row.blob(column);
  if (bytes.size() != into.bytes.size()) return false;
  std::memcpy(into.bytes.data(), bytes.data(), bytes.size());
  return true;
}

// False where the column does not hold a right that there is.
bool read_right(const sqlite::statement& row, int column, backup_right& into) noexcept {
  const std::int64_t value = row.integer(column);
  if (value < 0 || value > static_cast<int>(backup_right::managed)) return false;
  into = static_cast<backup_right>(value);
  return true;
}

// SQLite's integers are signed; 64 bits are 64 bits.
std::uint64_t unsigned_at(const sqlite::statement& row, int column) noexcept {
  return static_cast<std::uint64_t>(row.integer(column));
}

// A page of payloads that is damaged costs these, and no license beside them.
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

std::optional<crypto::writable_bytes> license_batch::take(std::size_t size) {
  if (size > memory_.size() - used_) {
    if (!rows.empty()) return std::nullopt;
    memory_ = crypto::secret_buffer(std::max(size, usual_size_));
  }
  const auto out = crypto::writable_bytes(memory_).subspan(used_, size);
  used_ += size;
  return out;
}

// --- license_reader ---

result<license_reader> license_reader::all(sqlite::database& in, sqlite::database& payloads) noexcept {
  auto rows = in.prepare(select_all);
  if (!rows) return errc_of(rows.error());
  license_reader out(*std::move(rows), payloads);
  if (&payloads != &in) out.prefetch_.emplace(payloads);
  return out;
}

result<license_reader> license_reader::one(sqlite::database& in, const license_id& id) noexcept {
  auto rows = in.prepare(select_one);
  if (!rows) return errc_of(rows.error());
  rows->bind(1, id.bytes);
  return license_reader(*std::move(rows), in);
}

void license_reader::read(license_batch& into, bool with_payloads) noexcept {
  into.clear();
  into.has_payloads = with_payloads;
  if (prefetch_) prefetch_->go_on();
  try {
    into.rows.reserve(license_batch::most_rows);
    while (into.rows.size() != license_batch::most_rows && read_row(into, with_payloads)) continue;
  } catch (const std::bad_alloc&) {
    into.end = make_error_code(errc::out_of_memory);
  }
}

// False where the batch takes no more.
bool license_reader::read_row(license_batch& into, bool with_payload) {
  if (!is_ahead_) {
    const auto stepped = rows_.step();
    if (!stepped || !*stepped) into.end = stepped ? error_code() : errc_of(stepped.error());
    if (into.end) return false;
  }
  const auto metadata = rows_.blob(column::metadata);
  const std::int64_t place = rows_.integer(column::place);
  const auto sealed_size = with_payload ? payloads_.seek(place) : sqlite::result<std::size_t>(0);
  const std::size_t open_size = license_seal::head_size + metadata.size();
  const auto memory = into.take(open_size + (sealed_size ? *sealed_size : 0));
  is_ahead_ = !memory;
  if (is_ahead_) return false;

  license_row& row = into.rows.emplace_back();
  row.place = place;
  row.context = memory->first(open_size);
  if (!read_open(row, metadata)) {
    into.rows.pop_back();
    into.end = make_error_code(errc::store_damaged);
    return false;
  }
  if (with_payload) read_sealed(row, sealed_size, memory->subspan(open_size));
  return true;
}

// Everything but the payload. False where there is no id: without it a license has no place in the order that the walk
// promises.
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
  if (prefetch_) prefetch_->count();
  license_seal::write_head(row.record, row.context.first<license_seal::head_size>());
  row.bytes = memory;
  const auto done = size ? payloads_.read(memory) : sqlite::result<void>(size.error());
  if (!done && !row.failure.failed()) row.failure = failure_of(done.error());
}

void license_reader::read_payload(license_row& row, crypto::secret_buffer& memory) {
  if (row.is_open || row.failure.failed()) return;
  const auto size = payloads_.seek(row.place);
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
