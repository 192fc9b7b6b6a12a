// SPDX-License-Identifier: BSL-1.0
// README.txt in every backup promises that it can be opened without reinstate.
#include "../support/temporary_directory.hpp"
#include "age_program.hpp"
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "crypto/bytes.hpp"
#include "format/cbor/cbor.hpp"

#include <reinstate/plugins/directory_medium.hpp>
#include <reinstate/recovery/key_slots.hpp>
#include <reinstate/recovery/recovery_code.hpp>

#include <set>

using namespace reinstate;
using namespace reinstate::test;

namespace {

constexpr std::uint64_t embedded_cbor_tag = 24, license_type = 1, id_field = 1;

// The id in the content of a record; nothing where the record is not a license.
std::optional<license_id> id_in(std::span<const std::byte> record) {
  cbor::reader whole(record);
  whole.skip();
  REQUIRE((whole.ok() && whole.at_end()));

  cbor::reader in(record);
  REQUIRE(in.array() == 2);
  if (in.unsigned_integer() != license_type) return std::nullopt;
  license_id id;
  REQUIRE(in.map() > 0);
  REQUIRE(in.unsigned_integer() == id_field);
  in.fixed(id.bytes);
  REQUIRE(in.ok());
  return id;
}

// The content of the next record, in one item or in pieces.
std::vector<std::byte> record_in(cbor::reader& in) {
  std::uint64_t size = 0;
  const bool is_whole = std::to_integer<unsigned>(in.rest().front()) >> 5 == 6;  // a tag, and no array
  if (is_whole) {
    REQUIRE(in.tag() == embedded_cbor_tag);
  } else {
    REQUIRE(in.array() == 2);
    size = in.unsigned_integer();
  }
  std::vector<std::byte> out;
  do {
    const auto piece = in.bytes();
    REQUIRE((in.ok() && !piece.empty()));
    out.insert(out.end(), piece.begin(), piece.end());
  } while (out.size() < size);
  CHECK((is_whole || out.size() == size));
  return out;
}

// Reads a CBOR sequence of records, pieces and padding as docs/format.md describes it to others.
std::set<license_id> ids_in(std::span<const std::byte> sequence) {
  std::set<license_id> ids;
  cbor::reader in(sequence);
  while (in.ok() && !in.at_end()) {
    if (in.rest().front() == cbor::null_item) {
      in.skip();
      continue;
    }
    const auto record = record_in(in);
    if (const auto id = id_in(record)) CHECK(ids.insert(*id).second);
  }
  REQUIRE(in.ok());
  return ids;
}

// The path of the slot whose name begins so.
std::string slot_in(const std::filesystem::path& backup, std::string_view start) {
  for (const auto& file : std::filesystem::directory_iterator(backup))
    if (file.path().filename().string().starts_with(start)) return file.path().string();
  return {};
}

}  // namespace

TEST_CASE("a backup is opened with age and its passphrase alone", "[interop]") {
  const tests::temporary_directory folder;
  const std::filesystem::path backup = folder.path() / "backup", key = folder.path() / "key.txt",
                              plain = folder.path() / "licenses.cbor";
  create_directory(backup);

  machine player;
  individualized(player);
  std::set<license_id> stored;
  const std::size_t payload_sizes[] = {1, 200, 65000, 65536, 70000, 200000, 131072, 300};
  for (unsigned number = 0; number != 40; ++number) {
    const license item = make_license(number, payload_sizes[number % std::size(payload_sizes)]);
    player.put(item);
    stored.insert(item.id);
  }
  player.open(directory_medium_factory());
  REQUIRE(player.restorer->set_prop(backup_path_property, backup.string()));
  const ended made =
      player.run([&](auto handler) { async_backup_licenses(*player.restorer, backup_flags::none, handler); });
  REQUIRE(made.error == error_code());

  const program_end recovered =
      run_age({"-d", "-o", key.string(), slot_in(backup, "recovery-000001-passphrase")}, {player.passphrase});
  INFO(recovered.transcript);
  REQUIRE(recovered.succeeded);

  const program_end opened =
      run_age({"-d", "-i", key.string(), "-o", plain.string(), (backup / "000001" / "licenses-001.age").string()});
  INFO(opened.transcript);
  REQUIRE(opened.succeeded);
  CHECK((ids_in(read_file(plain)) == stored));
}

TEST_CASE("a readable recovery file is an age identity file, and one for a recipient opens with his", "[interop]") {
  const tests::temporary_directory folder;
  const std::filesystem::path backup = folder.path() / "backup", identity = folder.path() / "identity.txt",
                              key = folder.path() / "key.txt", plain = folder.path() / "licenses.cbor";
  create_directory(backup);
  const program_end generated = run_on_terminal({REINSTATE_AGE_KEYGEN, "-o", identity.string()});
  INFO(generated.transcript);
  REQUIRE(generated.succeeded);
  const std::size_t at = generated.transcript.find("age1");
  REQUIRE(at != std::string::npos);

  machine player;
  individualized(player);
  player.put(make_license(1));
  auto config = player.config_with(directory_medium_factory());
  const bool for_recipient = GENERATE(true, false);
  config.recovery_key = for_recipient ? recovery_key_storage::recipient : recovery_key_storage::readable;
  config.recipient = generated.transcript.substr(at, 62);
  player.open(std::move(config));
  REQUIRE(player.restorer->set_prop(backup_path_property, backup.string()));
  const ended made =
      player.run([&](auto handler) { async_backup_licenses(*player.restorer, backup_flags::none, handler); });
  REQUIRE(made.error == error_code());

  if (for_recipient) {
    const program_end recovered =
        run_age({"-d", "-i", identity.string(), "-o", key.string(), slot_in(backup, "recovery-000001-recipient")});
    INFO(recovered.transcript);
    REQUIRE(recovered.succeeded);
  }
  const std::filesystem::path opens =
      for_recipient ? key : std::filesystem::path(slot_in(backup, "recovery-000001-readable"));
  const program_end opened =
      run_age({"-d", "-i", opens.string(), "-o", plain.string(), (backup / "000001" / "licenses-001.age").string()});
  INFO(opened.transcript);
  REQUIRE(opened.succeeded);
  CHECK((ids_in(read_file(plain)) == std::set{make_license(1).id}));
}

TEST_CASE("every slot that somebody has a secret for is opened with age", "[interop]") {
  const tests::temporary_directory folder;
  const std::filesystem::path backup = folder.path() / "backup", key = folder.path() / "key.txt",
                              mine = folder.path() / "mine.txt", plain = folder.path() / "licenses.cbor";
  create_directory(backup);
  machine player;
  individualized(player);
  player.put(make_license(1));
  player.open(directory_medium_factory());
  REQUIRE(player.restorer->set_prop(backup_path_property, backup.string()));
  REQUIRE(
      player.run([&](auto handler) { async_backup_licenses(*player.restorer, backup_flags::none, handler); }).error ==
      error_code());

  new_slot what;
  what.scrypt_work_factor = 4;
  what.kind = GENERATE(slot_kind::passphrase, slot_kind::code, slot_kind::key_file);
  const age_identity identity = make_age_identity();
  std::string typed = "an additional passphrase";
  if (what.kind == slot_kind::code) typed = std::string(crypto::text_of(make_recovery_code().expose()));
  what.secret = secret_bytes::locked_copy_of(typed);
  what.recipient = identity.recipient;
  const auto medium = *open_directory_medium(backup);
  const auto slot = add_key_slot(*medium, {player.identity, {}}, what);
  REQUIRE(slot.has_value());

  std::vector<std::string> command{"-d", "-o", key.string()};
  if (what.kind == slot_kind::key_file) {
    write_file(mine, identity.secret.expose());
    command.insert(command.end(), {"-i", mine.string()});
    typed.clear();
  }
  command.push_back((backup / slot->file).string());
  const program_end recovered = run_age(command, typed.empty() ? std::vector<std::string>() : std::vector{typed});
  INFO(recovered.transcript);
  REQUIRE(recovered.succeeded);
  const program_end opened =
      run_age({"-d", "-i", key.string(), "-o", plain.string(), (backup / "000001" / "licenses-001.age").string()});
  INFO(opened.transcript);
  REQUIRE(opened.succeeded);
  CHECK((ids_in(read_file(plain)) == std::set{make_license(1).id}));
}
