// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_FORMAT_AGE_AGE_IDENTITY_HPP
#define REINSTATE_FORMAT_AGE_AGE_IDENTITY_HPP

#include "format/age/age_header.hpp"
#include "format/age/age_stream.hpp"

#include <reinstate/error.hpp>
#include <reinstate/machine_identity.hpp>

#include <functional>
#include <optional>
#include <string_view>

// Opening an age v1 file.

namespace reinstate::age {

// Whoever can open files: finds his stanza among those of a header and unwraps the file key.
class identity {
 public:
  virtual ~identity() = default;

  // Errors: no_match where no stanza is for this identity; header_malformed where one is and breaks the rules.
  virtual result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const = 0;

  // What went wrong where `unwrap` gave identity_failed.
  virtual error_code trouble() const noexcept { return {}; }
};

// The holder of an X25519 private key, wherever that key is: `agree` gives the shared secret with a public key.
class x25519_identity final : public identity {
 public:
  using agreement = std::function<reinstate::result<secret_bytes>(const x25519_public_key& share)>;

  explicit x25519_identity(secret_bytes private_key);
  x25519_identity(const x25519_public_key& own, agreement agree);

  result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const override;
  error_code trouble() const noexcept override { return trouble_; }

 private:
  std::optional<secret_bytes> try_open(const stanza& s, const x25519_public_key& share,
                                       const secret_bytes& shared) const;

  x25519_public_key own_;
  agreement agree_;
  mutable error_code trouble_;
};

// Whoever knows a passphrase. Work factors above `max_work_factor` are refused before anything is allocated.
class scrypt_identity final : public identity {
 public:
  scrypt_identity(secret_bytes passphrase, unsigned max_work_factor);

  result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const override;

 private:
  secret_bytes passphrase_;
  unsigned max_work_factor_;
};

struct opened_file {
  std::size_t payload_at = 0;  // where the first chunk begins
  stream_key key;
};

// Opens the header at the beginning of a file; `start` as for parse_header.
result<opened_file> open_file(byte_span start, const identity& who);

// A whole file in memory. Errors: as above and those of the payload; nothing is given out then.
result<secret_bytes> decrypt(byte_span file, const identity& who);

// The private key in "AGE-SECRET-KEY-1...", or nothing.
std::optional<secret_bytes> parse_identity(std::string_view text);

}  // namespace reinstate::age

#endif
