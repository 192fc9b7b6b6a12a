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

// A holder of a secret that opens files: finds its stanza among those of a header and unwraps the file key.
class identity {
 public:
  virtual ~identity() = default;

  // Errors: no_match if no stanza is for this identity; header_malformed if one is, but breaks the rules.
  virtual result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const = 0;

  // Returns the error behind identity_failed.
  virtual error_code trouble() const noexcept { return {}; }
};

// The holder of an X25519 private key, which may be kept elsewhere: `agree` returns the shared secret with a public
// key.
class x25519_identity final : public identity {
 public:
  using agreement = std::function<reinstate::result<secret_bytes>(const x25519_public_key& share)>;

  explicit x25519_identity(secret_bytes private_key);
  x25519_identity(const x25519_public_key& public_key, agreement agree);

  result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const override;
  error_code trouble() const noexcept override { return trouble_; }

 private:
  std::optional<secret_bytes> try_open(const stanza& s, const x25519_public_key& share,
                                       const secret_bytes& shared) const;

  x25519_public_key public_key_;
  agreement agree_;
  mutable error_code trouble_;
};

// The holder of a passphrase. Refuses a work factor above `max_work_factor` before it allocates memory.
class scrypt_identity final : public identity {
 public:
  scrypt_identity(secret_bytes passphrase, unsigned max_work_factor);

  result<secret_bytes> unwrap(const std::vector<stanza>& stanzas) const override;

 private:
  secret_bytes passphrase_;
  unsigned max_work_factor_;
};

struct opened_file {
  std::size_t payload_at = 0;  // offset of the first chunk
  stream_key key;
};

// Opens the header at the beginning of a file; `start` as for parse_header.
// Errors: as parse_header and unwrap; header_not_authentic; payload_truncated.
result<opened_file> open_file(byte_span start, const identity& identity);

// Decrypts a whole file in memory. Errors: as open_file, payload_damaged, payload_truncated; no plaintext is returned
// then.
result<secret_bytes> decrypt(byte_span file, const identity& identity);

// Returns the private key in "AGE-SECRET-KEY-1...", or nullopt for any other text.
std::optional<secret_bytes> parse_identity(std::string_view text);

}  // namespace reinstate::age

#endif
