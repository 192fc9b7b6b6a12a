// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SECRET_BYTES_HPP
#define REINSTATE_SECRET_BYTES_HPP

#include <cstddef>
#include <span>
#include <string_view>

namespace reinstate {

// A sequence of secret bytes: a key, a passphrase, the payload of a license.
//
// Guarantees: moved, never copied implicitly; overwritten before its memory is freed; compared in constant time; never
// printed, since there is no operator<<. Memory made with `locked` is fenced by guard pages, left out of core dumps and
// kept out of swap if the system's limit on locked memory allows it. Ordinary memory is only wiped: use it for large
// numbers of secrets, such as payloads.
//
// Does not guarantee: that no copy was made before the bytes came here, or is made by a reader through `expose`.
//
// Thread safety: as a built-in type. Concurrent reads are safe.
class secret_bytes {
 public:
  // Makes an empty secret.
  secret_bytes() noexcept = default;

  // Makes `size` zero bytes in ordinary memory. Throws std::bad_alloc.
  explicit secret_bytes(std::size_t size);

  // Makes `size` zero bytes in fenced memory, for keys and passphrases; each costs several pages. Throws
  // std::bad_alloc.
  static secret_bytes locked(std::size_t size);

  // Makes a copy of the caller's bytes; the caller wipes the original. Throws std::bad_alloc.
  static secret_bytes copy_of(std::span<const std::byte> bytes);
  static secret_bytes locked_copy_of(std::span<const std::byte> bytes);
  static secret_bytes locked_copy_of(std::string_view text);

  secret_bytes(secret_bytes&& other) noexcept;
  secret_bytes& operator=(secret_bytes&& other) noexcept;
  secret_bytes(const secret_bytes&) = delete;
  secret_bytes& operator=(const secret_bytes&) = delete;
  ~secret_bytes();

  // Returns a copy in the same kind of memory. Throws std::bad_alloc.
  secret_bytes clone() const;

  // Return the bytes themselves. The only access to them: search for these names to find every use of a secret.
  // Lifetime: the span is valid until this object is moved from, assigned to or destroyed.
  std::span<const std::byte> expose() const noexcept { return {data_, size_}; }
  std::span<std::byte> expose_writable() noexcept { return {data_, size_}; }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Returns true if length and content are equal. Takes the same time wherever the first difference is.
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
