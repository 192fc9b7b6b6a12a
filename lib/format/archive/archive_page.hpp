// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_ARCHIVE_ARCHIVE_PAGE_HPP
#define REINSTATE_FORMAT_ARCHIVE_ARCHIVE_PAGE_HPP

#include "crypto/secret_buffer.hpp"
#include "format/age/age_stream.hpp"

#include <reinstate/error.hpp>

#include <functional>
#include <optional>

// How records lie in the pages of a license file. [docs/format.md, "Pages"]
//
// A page is the plaintext of one age chunk. A record that fits in a page never straddles two; a larger one is cut into
// pieces, each in a page of its own. The rest of a page is filled with CBOR null. So every chunk can be sealed, opened
// and read on its own, and a damaged one costs only the records in it: no bytes inside a license are ever taken for the
// beginning of another one.

namespace reinstate::archive {

using crypto::byte_span;

inline constexpr std::size_t page_size = age::chunk_size;

// Lays records into pages and passes each page to the sink as soon as it is known whether it is the last.
class page_writer {
 public:
  // May swap the page for another buffer with any content.
  using page_sink = std::function<result<void>(crypto::secret_buffer& page, bool last)>;

  explicit page_writer(page_sink sink);

  // Appends an encoded record. Errors: those of the sink.
  result<void> append(byte_span record) {
    return append(record.size(), [record](auto& page) { page.insert(page.end(), record.begin(), record.end()); });
  }

  // Makes room for a record of exactly `size` bytes, which `write` appends to the buffer that is its argument.
  // Errors: those of the sink.
  template <class Write>
  result<void> append(std::size_t size, Write write) {
    if (const auto room = make_room(size); !room) return room;
    write(page_);
    return page_.size() > page_size ? pass_on_pieces() : result<void>();
  }

  // Passes on the last page. The last call.
  result<void> finish();

 private:
  result<void> make_room(std::size_t size);
  result<void> pass_on_pieces();

  page_sink sink_;
  crypto::secret_buffer page_;  // not passed on yet; more than a page only while a large record is appended
  bool is_full_ = false;        // the page ends a large record
};

// Reads records from pages.
//
// Guarantees: a record of more than `max_record` bytes is refused, and memory is allocated only for bytes that have
// arrived.
class page_reader {
 public:
  explicit page_reader(std::size_t max_record) : max_record_(max_record) {}

  // Begins a page. Preconditions: `next` returned needs_page. The caller keeps the page until the next one.
  void add_page(byte_span page) noexcept { page_ = page; }

  enum class state { record, needs_page };

  struct step {
    page_reader::state state = page_reader::state::needs_page;
    byte_span content;  // of the record: valid until the next page is added
  };

  // Errors: backup_damaged if the page is not laid out as above; license_too_large.
  result<step> next();

  // Returns true if a record has begun and its end was not read.
  bool inside_record() const noexcept { return large_size_ != 0; }

  // Drops the page and the record that it is part of: the next page begins anew.
  void skip_page() noexcept;

 private:
  result<step> begin_large();
  result<step> take_piece();
  result<step> take_record();

  std::size_t max_record_;
  byte_span page_;
  bool at_page_start_ = true;
  bool is_full_ = false;         // a large record has ended: no record may follow it in its page
  crypto::secret_buffer large_;  // a record larger than a page, as far as it has arrived
  std::size_t large_size_ = 0;   // its whole size; 0 if there is none
};

}  // namespace reinstate::archive

#endif
