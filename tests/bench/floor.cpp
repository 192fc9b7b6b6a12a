// SPDX-License-Identifier: BSL-1.0
#include "floor.hpp"

#include "database.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

namespace bench {
namespace {

using bytes = std::vector<std::byte>;
using byte_span = std::span<const std::byte>;

constexpr std::size_t chunk_size = 64 * 1024, tag_size = 16, id_size = 16, seal_nonce_size = 24;
constexpr std::size_t seal_overhead = seal_nonce_size + tag_size;
constexpr std::array<unsigned char, 32> chunk_key{1}, store_key{2};

unsigned char* chars(std::byte* at) {
  return reinterpret_cast<unsigned char*>(at);
}
const unsigned char* chars(const std::byte* at) {
  return reinterpret_cast<const unsigned char*>(at);
}

void append(bytes& to, byte_span from) {
  to.insert(to.end(), from.begin(), from.end());
}

void append_size(bytes& to, std::size_t size) {
  const auto value = static_cast<std::uint32_t>(size);
  append(to, std::as_bytes(std::span(&value, 1)));
}

// Before it is called, libsodium takes the slowest code it has.
const int sodium_is_ready = ::sodium_init();

// One process, whose only threads are these: what goes wrong ends it.
[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// --- two threads ---

// Hands things from one thread to another, few at a time.
template <class T>
class channel {
 public:
  void put(T item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.size() < 8; });
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  T take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !items_.empty(); });
    T item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> items_;
};

// Calls `consume` for each thing that `produce` gives out: in the same thread, or in another one.
template <class T>
void in_two_stages(unsigned threads, const std::function<void(const std::function<void(T&)>&)>& produce,
                   const std::function<void(T&)>& consume) {
  if (threads == 1) return produce(consume);
  channel<T> full, empty;
  for (int i = 0; i != 8; ++i) empty.put(T());
  std::thread second([&] {
    for (bool last = false; !last;) {
      T item = full.take();
      consume(item);
      last = item.last;
      empty.put(std::move(item));
    }
  });
  produce([&](T& item) {
    full.put(std::move(item));
    item = empty.take();
  });
  second.join();
}

struct chunk {
  bytes content;
  bool last = false;
};

// --- backup ---

class sealed_file {
 public:
  explicit sealed_file(const std::filesystem::path& file)
      : fd_(::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600)) {
    if (fd_ == -1) fail("cannot create");
  }
  ~sealed_file() { ::close(fd_); }

  void append(const chunk& from) {
    std::array<unsigned char, 12> nonce{};
    std::memcpy(nonce.data(), &count_, sizeof count_);
    ++count_;
    sealed_.resize(4 + from.content.size() + tag_size);
    const auto head = static_cast<std::uint32_t>(from.content.size()) | (from.last ? 1u << 31 : 0u);
    std::memcpy(sealed_.data(), &head, sizeof head);
    crypto_aead_chacha20poly1305_ietf_encrypt(chars(sealed_.data() + 4), nullptr, chars(from.content.data()),
                                              from.content.size(), nullptr, 0, nullptr, nonce.data(), chunk_key.data());
    write(sealed_);
  }

  void finish() {
    if (::fsync(fd_) != 0) fail("cannot fsync");
  }

 private:
  void write(byte_span from) {
    while (!from.empty()) {
      const ssize_t written = ::write(fd_, from.data(), from.size());
      if (written < 0) fail("cannot write");
      from = from.subspan(static_cast<std::size_t>(written));
      size_ += written;
    }
    if (size_ - kicked_ < 8 * 1024 * 1024) return;
    // The disk begins now, so that the fsync at the end finds little to do.
    ::sync_file_range(fd_, kicked_, size_ - kicked_, SYNC_FILE_RANGE_WRITE);
    kicked_ = size_;
  }

  int fd_;
  std::uint64_t count_ = 0;
  off_t size_ = 0, kicked_ = 0;
  bytes sealed_;
};

void open_at_rest(byte_span id, byte_span sealed, bytes& to) {
  const std::size_t before = to.size();
  to.resize(before + sealed.size() - seal_overhead);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          chars(to.data() + before), nullptr, nullptr, chars(sealed.data() + seal_nonce_size),
          sealed.size() - seal_nonce_size, chars(id.data()), id.size(), chars(sealed.data()), store_key.data()) != 0)
    fail("a payload does not open");
}

void scan(const std::filesystem::path& from, const std::function<void(chunk&)>& give) {
  database in(from);
  statement rows = in.prepare("SELECT id, metadata, payload FROM licenses");
  chunk out;
  while (rows.step()) {
    const byte_span id = rows.blob(0), metadata = rows.blob(1), sealed = rows.blob(2);
    append_size(out.content, metadata.size());
    append_size(out.content, sealed.size() - seal_overhead);
    append(out.content, id);
    append(out.content, metadata);
    open_at_rest(id, sealed, out.content);
    if (out.content.size() < chunk_size) continue;
    give(out);
    out.content.clear();
  }
  out.last = true;
  give(out);
}

// --- restore ---

class opened_file {
 public:
  explicit opened_file(const std::filesystem::path& file) : fd_(::open(file.c_str(), O_RDONLY)) {
    if (fd_ == -1) fail("cannot open");
  }
  ~opened_file() { ::close(fd_); }

  void next(chunk& to) {
    std::uint32_t head;
    std::memcpy(&head, ahead(sizeof head).data(), sizeof head);
    to.last = head >> 31 != 0;
    const std::size_t size = head & ~(1u << 31);
    to.content.resize(size);
    const byte_span sealed = ahead(size + tag_size);
    std::array<unsigned char, 12> nonce{};
    std::memcpy(nonce.data(), &count_, sizeof count_);
    ++count_;
    if (crypto_aead_chacha20poly1305_ietf_decrypt(chars(to.content.data()), nullptr, nullptr, chars(sealed.data()),
                                                  sealed.size(), nullptr, 0, nonce.data(), chunk_key.data()) != 0)
      fail("a chunk does not open");
  }

 private:
  // The next bytes of the file, valid until the next call.
  byte_span ahead(std::size_t size) {
    while (end_ - at_ < size) {
      std::copy(input_.begin() + static_cast<std::ptrdiff_t>(at_), input_.begin() + static_cast<std::ptrdiff_t>(end_),
                input_.begin());
      end_ -= at_;
      at_ = 0;
      const ssize_t more = ::read(fd_, input_.data() + end_, input_.size() - end_);
      if (more <= 0) fail("cannot read");
      end_ += static_cast<std::size_t>(more);
    }
    at_ += size;
    return byte_span(input_).subspan(at_ - size, size);
  }

  int fd_;
  std::uint64_t count_ = 0;
  bytes input_ = bytes(1024 * 1024);
  std::size_t at_ = 0, end_ = 0;
};

// Rows ready to be inserted: `content` holds id, metadata and sealed payload of each.
struct rows {
  struct sizes {
    std::size_t metadata, sealed;
  };
  bytes content, seal;
  std::vector<sizes> each;
  bool last = false;
};

void seal_again(const chunk& from, rows& to) {
  to.content.clear();
  to.each.clear();
  to.last = from.last;
  for (byte_span rest = from.content; !rest.empty();) {
    std::uint32_t metadata, payload;
    std::memcpy(&metadata, rest.data(), 4);
    std::memcpy(&payload, rest.data() + 4, 4);
    const byte_span id = rest.subspan(8, id_size);
    append(to.content, rest.subspan(8, id_size + metadata));
    seal_at_rest(id, rest.subspan(8 + id_size + metadata, payload), to.seal);
    append(to.content, to.seal);
    to.each.push_back({metadata, to.seal.size()});
    rest = rest.subspan(8 + id_size + metadata + payload);
  }
}

void insert(const rows& from, statement& into) {
  byte_span rest = from.content;
  for (const rows::sizes& size : from.each) {
    into.bind(1, rest.first(id_size)).bind(2, rest.subspan(id_size, size.metadata));
    into.bind(3, rest.subspan(id_size + size.metadata, size.sealed)).run();
    rest = rest.subspan(id_size + size.metadata + size.sealed);
  }
}

}  // namespace

void seal_at_rest(byte_span id, byte_span payload, bytes& sealed) {
  sealed.resize(seal_overhead + payload.size());
  static std::uint64_t count = 0;  // as good as a random nonce here, and faster
  std::memset(sealed.data(), 0, seal_nonce_size);
  std::memcpy(sealed.data(), &++count, sizeof count);
  crypto_aead_xchacha20poly1305_ietf_encrypt(chars(sealed.data() + seal_nonce_size), nullptr, chars(payload.data()),
                                             payload.size(), chars(id.data()), id.size(), nullptr, chars(sealed.data()),
                                             store_key.data());
}

void floor_backup(const std::filesystem::path& from, const std::filesystem::path& file, unsigned threads) {
  sealed_file to(file);
  in_two_stages<chunk>(
      threads, [&](const auto& give) { scan(from, give); }, [&](chunk& each) { to.append(each); });
  to.finish();
}

void floor_restore(const std::filesystem::path& file, const std::filesystem::path& into, unsigned threads) {
  database to(into);
  to.execute("PRAGMA page_size = 16384; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
  to.execute(licenses_table);
  to.execute("BEGIN");
  {
    statement inserting = to.prepare("INSERT INTO licenses VALUES (?1, ?2, ?3)");
    const auto read = [&](const std::function<void(rows&)>& give) {
      opened_file in(file);
      chunk opened;
      rows ready;
      do {
        in.next(opened);
        seal_again(opened, ready);
        give(ready);
      } while (!opened.last);
    };
    in_two_stages<rows>(threads, read, [&](rows& each) { insert(each, inserting); });
  }
  to.execute("COMMIT");
}

}  // namespace bench
