// SPDX-License-Identifier: BSL-1.0
#include "forged_backup.hpp"
#include "format/archive/archive_manifest.hpp"
#include "hooked_store.hpp"
#include "three_generations.hpp"

using namespace reinstate;
using namespace reinstate::test;

// Whether a backup could be restored, without restoring it. What one damaged byte does stands in damaged_backup_test.

namespace {

// A verification on another machine, which has no identity and whose store must not be touched.
ended verify(const shared_files& stick, verify_options options, std::string passphrase = machine().passphrase) {
  machine other;
  other.passphrase = std::move(passphrase);
  other.store = std::make_shared<hooked_store>(make_memory_license_store(), [](store_call) -> error_code {
    FAIL("the store was touched");
    return {};
  });
  const memory_files before = *stick;
  const ended outcome = ask(other, stick, options);
  CHECK(*stick == before);
  CHECK_FALSE(other.identity->public_identity().has_value());
  return outcome;
}

std::map<std::string, error_code> damage_in(const operation_report& report) {
  std::map<std::string, error_code> out;
  for (const backup_damage& each : report.damage)
    if (!out.emplace(each.file, each.error).second) FAIL(each.file << " is listed twice");
  return out;
}

std::string slot_of(const three_generations& t) {
  for (const std::string& name : t.names())
    if (name.starts_with("recovery-") && name.find("passphrase") != std::string::npos) return name;
  return {};
}

}  // namespace

TEST_CASE("a verification is about the newest generation or a chosen one", "[engine][verify]") {
  three_generations t;
  for (const bool continue_after_damage : {false, true}) {
    for (const std::uint32_t generation : {0u, 1u, 2u, 3u}) {
      const ended verified =
          verify(t.stick, {.generation = generation, .continue_after_damage = continue_after_damage});
      CHECK(!verified.error);
      CHECK(verified.report.generation == (generation == 0 ? 3 : generation));
      CHECK(verified.report.licenses_done == t.holds[generation == 0 ? 3 : generation].size());
      CHECK(verified.report.damage.empty());
      CHECK(verified.report.bytes != 0);
    }
    CHECK(verify(t.stick, {.generation = 4, .continue_after_damage = continue_after_damage}).error ==
          errc::generation_not_found);
  }
}

TEST_CASE("a chosen generation does not suffer from newer ones, nor the newest hide behind older ones",
          "[engine][verify]") {
  three_generations t;
  t.stick->at("000003/licenses-001.age").back() ^= std::byte{1};
  t.stick->at("000003/manifest").pop_back();
  t.stick->erase("000003/manifest-copy");
  CHECK(!verify(t.stick, {.generation = 2}).error);
  CHECK(!verify(t.stick, {.generation = 2, .continue_after_damage = true}).error);
  const ended newest = verify(t.stick, {});
  CHECK(newest.error == errc::manifest_damaged);
  CHECK(newest.report.file == "000003/manifest");
  CHECK(verify(t.stick, {.continue_after_damage = true}).error == errc::manifest_damaged);
}

TEST_CASE("every chunk of every generation in the chain is opened", "[engine][verify]") {
  three_generations t;
  for (const std::string& name : t.names()) {
    if (!name.ends_with(".age") || !name.starts_with("0")) continue;
    for (std::size_t chunk = 0; three_generations::chunk_at(t.stick->at(name), chunk) + 6 < t.stick->at(name).size();
         ++chunk) {
      const auto files = copy_of(t.stick);
      auto& file = files->at(name);
      file[three_generations::chunk_at(file, chunk) + 5] ^= std::byte{1};
      for (const bool continue_after_damage : {false, true}) {
        const ended verified = verify(files, {.continue_after_damage = continue_after_damage});
        INFO(name << ' ' << chunk << ' ' << continue_after_damage);
        CHECK(verified.error == errc::backup_damaged);
        CHECK(verified.report.file == name);
      }
    }
  }
}

TEST_CASE("a wrong passphrase is told apart from damage", "[engine][verify]") {
  three_generations t;
  for (const bool continue_after_damage : {false, true}) {
    CHECK(verify(t.stick, {.continue_after_damage = continue_after_damage}, "another").error == errc::wrong_passphrase);
    const auto files = copy_of(t.stick);
    files->at("000001/licenses-001.age").back() ^= std::byte{1};
    CHECK(verify(files, {.continue_after_damage = continue_after_damage}, "another").error == errc::wrong_passphrase);
    CHECK(verify(files, {.continue_after_damage = continue_after_damage}).error == errc::backup_damaged);
  }
}

TEST_CASE("a verification to the end names every file that is damaged", "[engine][verify]") {
  three_generations t;
  const std::string code = "recovery-000001-code-00000000.age";  // whose name does not fit what is in it
  (*t.stick)[code] = {std::byte{1}};
  t.stick->at("README.txt").push_back(std::byte{'!'});
  t.stick->at("000003/index.age").back() ^= std::byte{1};
  t.stick->erase("000002/index.age");
  t.stick->at("000002/licenses-001.age").resize(70'000);
  t.stick->at("000001/licenses-001.age").back() ^= std::byte{1};
  t.stick->at("000002/manifest").clear();
  t.stick->erase("000001/manifest-copy");
  t.stick->at("000003/manifest-copy").pop_back();
  const ended verified = verify(t.stick, {.continue_after_damage = true});
  CHECK(damage_in(verified.report) ==
        std::map<std::string, error_code>{{code, errc::key_slot_damaged},
                                          {"README.txt", errc::backup_damaged},
                                          {"000003/index.age", errc::backup_damaged},
                                          {"000003/manifest-copy", errc::manifest_damaged},
                                          {"000002/manifest", errc::manifest_damaged},
                                          {"000001/manifest-copy", errc::manifest_damaged},
                                          {"000002/index.age", errc::volume_missing},
                                          {"000002/licenses-001.age", errc::backup_truncated},
                                          {"000001/licenses-001.age", errc::backup_damaged}});
  CHECK(verified.error.failed());
  CHECK(verified.report.file == verified.report.damage.front().file);
  CHECK(verified.error == verified.report.damage.front().error);
  // Otherwise the first is enough.
  CHECK(verify(t.stick, {}).report.damage.empty());
}

TEST_CASE("a slot or README that is damaged or gone is found without costing a license", "[engine][verify]") {
  three_generations t;
  const std::string slot = slot_of(t);
  for (const std::string& name : {slot, std::string("README.txt")}) {
    for (const bool is_gone : {false, true}) {
      const auto files = copy_of(t.stick);
      if (is_gone)
        files->erase(name);
      else
        files->at(name)[20] ^= std::byte{1};
      for (const bool continue_after_damage : {false, true}) {
        // On the machine that made it, which needs none of them.
        const ended verified = ask(t.owner, files, verify_options{.continue_after_damage = continue_after_damage});
        INFO(name << ' ' << is_gone << ' ' << continue_after_damage);
        CHECK(verified.error.failed());
        CHECK(verified.report.outcomes.empty());
        if (continue_after_damage) CHECK(verified.report.licenses_done == t.holds[3].size());
      }
    }
  }
}

TEST_CASE("an index that says something else than the volumes is found", "[engine][verify]") {
  three_generations t;
  // Both genuine, each as its manifest says, and not of one another: as a writer with a mistake would make them.
  for (const bool continue_after_damage : {false, true}) {
    const auto files = std::make_shared<memory_files>();
    machine a;
    individualized(a);
    for (unsigned i = 0; i != 3; ++i) a.put(make_license(i));
    REQUIRE(!a.backup(files).error);
    const auto with_index_of = [&](const shared_files& other) {
      archive::parsed_manifest parsed = archive::parse_manifest(files->at("000001/manifest")).value();
      parsed.manifest.index = archive::parse_manifest(other->at("000001/manifest"))->manifest.index;
      files->at("000001/index.age") = other->at("000001/index.age");
      files->at("000001/manifest") = files->at("000001/manifest-copy") = archive::write_manifest(
          parsed.manifest,
          archive::authentication_key(*a.identity->store_key(), parsed.manifest.set, recovery_key_storage::passphrase));
    };
    const auto other = std::make_shared<memory_files>(*files);
    std::vector<license> newer;
    for (unsigned i = 0; i != 3; ++i) newer.push_back(with_uses(make_license(i), std::nullopt, 2));
    put_into_backup(other, *a.identity, newer);
    with_index_of(other);
    const ended verified = ask(a, files, verify_options{.continue_after_damage = continue_after_damage});
    CHECK(verified.error == errc::backup_damaged);
    CHECK(verified.report.file == "000001/index.age");
  }
}

TEST_CASE("a verification to the end names the licenses that a salvage would lose", "[engine][verify]") {
  three_generations t;
  t.stick->erase("000003/licenses-001.age");
  const ended verified = verify(t.stick, {.continue_after_damage = true});
  CHECK(verified.error == errc::volume_missing);
  machine b;
  const ended salvaged = ask(b, t.stick, restore_options{.salvage = true});
  CHECK(reasons(verified.report.outcomes) == reasons(salvaged.report.outcomes));
  CHECK(reasons(verified.report.warnings) == reasons(salvaged.report.warnings));
  CHECK(verified.report.licenses_left_out == verified.report.outcomes.size());
  CHECK_FALSE(verified.report.outcomes.empty());
  for (const license_outcome& each : verified.report.outcomes) CHECK(each.reason == errc::license_lost);
}
