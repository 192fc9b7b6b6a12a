// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SECRET_BYTES_HPP
#define REINSTATE_SECRET_BYTES_HPP

#include <cstddef>
#include <span>
#include <string_view>

namespace reinstate {

// A run of secret bytes: a key, a passphrase, the payload of a license.
//
// Guarantees: moved, never copied by accident; overwritten before its memory is given back; compared in constant time;
// never printed, since there is no operator<<. Memory made with `locked` is fenced by guard pages, left out of core
// dumps and kept out of swap where the system's limit on locked memory allows it. Ordinary memory is only wiped: use it
// where there may be very many, as for payloads.
//
// Does not guarantee: that the bytes were not copied before they came here, or by whoever reads them through `expose`.
//
// Thread safety: as a built-in type. Reading from several threads at once is safe.
class secret_bytes {
 public:
  // An empty secret.
  secret_bytes() noexcept = default;

  // `size` zero bytes in ordinary memory. Throws std::bad_alloc.
  explicit secret_bytes(std::size_t size);

  // `size` zero bytes in fenced memory, for keys and passphrases; each costs several pages. Throws std::bad_alloc.
  static secret_bytes locked(std::size_t size);

  // A copy of what the caller holds; the caller wipes his own. Throws std::bad_alloc.
  static secret_bytes copy_of(std::span<const std::byte> bytes);
  static secret_bytes locked_copy_of(std::span<const std::byte> bytes);
  static secret_bytes locked_copy_of(std::string_view text);

  secret_bytes(secret_bytes&& other) noexcept;
  secret_bytes& operator=(secret_bytes&& other) noexcept;
  secret_bytes(const secret_bytes&) = delete;
  secret_bytes& operator=(const secret_bytes&) = delete;
  ~secret_bytes();

  // An explicit copy, in the same kind of memory. Throws std::bad_alloc.
  secret_bytes clone() const;

  // The only ways to the bytes themselves: search for them to find every place that handles a secret.
  // The span is valid while this object is neither moved from, assigned to nor destroyed.
  std::span<const std::byte> expose() const noexcept { return {data_, size_}; }
  std::span<std::byte> expose_writable() noexcept { return {data_, size_}; }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Equal length and content. Takes the same time wherever the first difference lies.
  friend bool operator==(const secret_bytes& a, const secret_bytes& b) noexcept;

 private:
  secret_bytes(std::size_t size, bool locked);
  void release() noexcept;

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  bool locked_ = false;
};

}  // namespace reinstate

#endif
