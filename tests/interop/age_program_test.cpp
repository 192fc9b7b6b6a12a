// SPDX-License-Identifier: BSL-1.0
#include "age_program.hpp"
#include "../support/temporary_directory.hpp"
#include "catch.hpp"
#include "crypto/bech32.hpp"
#include "crypto/x25519.hpp"
#include "format/age/age_identity.hpp"
#include "format/age/age_recipient.hpp"
#include "format/age/age_stream.hpp"

#include <reinstate/recovery/recovery_code.hpp>

#include <algorithm>

using namespace reinstate;
using namespace reinstate::test;
using bytes = std::vector<std::byte>;

namespace {

// Around the sizes of one and two chunks.
constexpr std::size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200000};

bytes payload_of(std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i != size; ++i) out[i] = static_cast<std::byte>((i * 131 + i / 256) & 0xff);
  return out;
}

// A key pair that age-keygen made.
struct key_pair {
  std::filesystem::path file;
  secret_bytes private_key;
  std::string recipient;
};

std::string line_with(const std::string& text, std::string_view start) {
  const std::size_t at = text.find(start);
  if (at == std::string::npos) return {};
  return text.substr(at, text.find('\n', at) - at);
}

key_pair generate(const std::filesystem::path& file) {
  REQUIRE(run_on_terminal({REINSTATE_AGE_KEYGEN, "-o", file.string()}).succeeded);
  const bytes content = read_file(file);
  const std::string text(crypto::text_of(content));
  auto private_key = age::parse_identity(line_with(text, "AGE-SECRET-KEY-1"));
  REQUIRE(private_key.has_value());
  return {file, std::move(*private_key), line_with(text, "age1")};
}

// Opens a file as a restore does: header first, then one chunk after the other.
age::result<bytes> open_by_chunks(const bytes& file, const age::identity& who) {
  const auto opened = age::open_file(file, who);
  if (!opened) return opened.error();
  bytes out;
  std::uint64_t index = 0;
  std::span<const std::byte> rest = std::span(file).subspan(opened->payload_at);
  do {
    const auto sealed = rest.first(std::min(rest.size(), age::sealed_chunk_size));
    rest = rest.subspan(sealed.size());
    bytes plaintext(age::chunk_size);
    const auto chunk = age::open_chunk(opened->key, index++, sealed, rest.empty(), plaintext);
    if (chunk.failed) return chunk.why;
    out.insert(out.end(), plaintext.begin(), plaintext.begin() + static_cast<std::ptrdiff_t>(chunk.plaintext_size));
  } while (!rest.empty());
  return out;
}

bytes seal_by_chunks(std::span<const x25519_public_key> recipients, const bytes& plaintext) {
  age::file_start start = *age::start_file(recipients);
  bytes file = std::move(start.bytes);
  std::span<const std::byte> rest = plaintext;
  for (std::uint64_t index = 0;; ++index) {
    const auto chunk = rest.first(std::min(rest.size(), age::chunk_size));
    rest = rest.subspan(chunk.size());
    const std::size_t at = file.size();
    file.resize(at + chunk.size() + age::chunk_overhead);
    start.key.seal(index, rest.empty(), chunk, std::span(file).subspan(at));
    if (rest.empty()) return file;
  }
}

struct fixture {
  tests::temporary_directory folder;
  std::filesystem::path plain = folder.path() / "plain", sealed = folder.path() / "sealed.age";
};

constexpr const char* passphrase = "correct horse battery staple";

}  // namespace

TEST_CASE("keys that age-keygen makes are read and written as it does", "[interop]") {
  fixture f;
  const key_pair key = generate(f.folder.path() / "key.txt");
  const x25519_public_key own = crypto::x25519_public_key(key.private_key);
  CHECK(age::recipient_text(own) == key.recipient);
  CHECK(crypto::bech32_decode("age", key.recipient) == own);
  const bytes content = read_file(key.file);
  const std::string identity(crypto::text_of(age::identity_text(key.private_key).expose()));
  CHECK(crypto::text_of(content).find(identity + "\n") != std::string_view::npos);
}

TEST_CASE("what age encrypts to a recipient is opened", "[interop]") {
  const std::size_t size = GENERATE(from_range(std::begin(sizes), std::end(sizes)));
  INFO(size << " bytes");
  fixture f;
  const key_pair key = generate(f.folder.path() / "key.txt");
  const bytes plaintext = payload_of(size);
  write_file(f.plain, plaintext);
  REQUIRE(run_age({"-r", key.recipient, "-o", f.sealed.string(), f.plain.string()}).succeeded);

  const auto opened = open_by_chunks(read_file(f.sealed), age::x25519_identity(key.private_key.clone()));
  REQUIRE(opened.has_value());
  CHECK((*opened == plaintext));
}

TEST_CASE("age opens what is encrypted to a recipient", "[interop]") {
  const std::size_t size = GENERATE(from_range(std::begin(sizes), std::end(sizes)));
  INFO(size << " bytes");
  fixture f;
  const key_pair key = generate(f.folder.path() / "key.txt");
  const bytes plaintext = payload_of(size);
  const x25519_public_key recipient = crypto::x25519_public_key(key.private_key);
  write_file(f.sealed, seal_by_chunks({&recipient, 1}, plaintext));

  const program_end age = run_age({"-d", "-i", key.file.string(), "-o", f.plain.string(), f.sealed.string()});
  INFO(age.transcript);
  REQUIRE(age.succeeded);
  // age makes no output file where there is nothing to put in it.
  CHECK(((size == 0 && !exists(f.plain)) || read_file(f.plain) == plaintext));
}

TEST_CASE("age opens a file for several recipients with the key of any, and with no other", "[interop]") {
  fixture f;
  const key_pair first = generate(f.folder.path() / "1.txt"), second = generate(f.folder.path() / "2.txt");
  const key_pair stranger = generate(f.folder.path() / "3.txt");
  const x25519_public_key recipients[] = {crypto::x25519_public_key(first.private_key),
                                          crypto::x25519_public_key(second.private_key)};
  const bytes plaintext = payload_of(100);
  write_file(f.sealed, seal_by_chunks(recipients, plaintext));
  for (const key_pair* key : {&first, &second}) {
    REQUIRE(run_age({"-d", "-i", key->file.string(), "-o", f.plain.string(), f.sealed.string()}).succeeded);
    CHECK((read_file(f.plain) == plaintext));
  }
  CHECK_FALSE(run_age({"-d", "-i", stranger.file.string(), "-o", f.plain.string(), f.sealed.string()}).succeeded);
}

TEST_CASE("what age encrypts with a passphrase is opened with that one and no other", "[interop]") {
  fixture f;
  const bytes plaintext = payload_of(1000);
  write_file(f.plain, plaintext);
  const program_end age = run_age({"-p", "-o", f.sealed.string(), f.plain.string()}, {passphrase, passphrase});
  INFO(age.transcript);
  REQUIRE(age.succeeded);

  const bytes file = read_file(f.sealed);
  const auto opened = age::decrypt(file, age::scrypt_identity(secret_bytes::locked_copy_of(passphrase), 20));
  REQUIRE(opened.has_value());
  CHECK(*opened == secret_bytes::copy_of(plaintext));
  const auto refused = age::decrypt(file, age::scrypt_identity(secret_bytes::locked_copy_of("wrong"), 20));
  CHECK((refused.has_error() && refused.error() == age::failure::no_match));
}

TEST_CASE("age opens what is encrypted with a passphrase with that one and no other", "[interop]") {
  // With spaces and beyond ASCII: the bytes are the passphrase, and nobody normalizes them.
  const std::string secret = GENERATE("correct horse battery staple", "Gr\xc3\xbc\xc3\x9f Gott", "x");
  fixture f;
  const bytes plaintext = payload_of(1000);
  const auto file = age::encrypt_with_passphrase(secret_bytes::locked_copy_of(secret), 10, plaintext);
  REQUIRE(file.has_value());
  write_file(f.sealed, *file);

  const program_end age = run_age({"-d", "-o", f.plain.string(), f.sealed.string()}, {secret});
  INFO(age.transcript);
  REQUIRE(age.succeeded);
  CHECK((read_file(f.plain) == plaintext));
  CHECK_FALSE(run_age({"-d", "-o", f.plain.string(), f.sealed.string()}, {"wrong"}).succeeded);
}

TEST_CASE("age opens what a recovery code encrypts with the code as it is printed", "[interop]") {
  fixture f;
  const bytes plaintext = payload_of(1000);
  const secret_bytes code = make_recovery_code();
  const auto file = age::encrypt_with_passphrase(code, 10, plaintext);
  REQUIRE(file.has_value());
  write_file(f.sealed, *file);

  const std::string printed(crypto::text_of(code.expose()));
  REQUIRE(run_age({"-d", "-o", f.plain.string(), f.sealed.string()}, {printed}).succeeded);
  CHECK((read_file(f.plain) == plaintext));
}
