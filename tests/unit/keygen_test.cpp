// SPDX-License-Identifier: BSL-1.0
#include "keygen_files.hpp"

#include <string>
#include <string_view>

using namespace reinstate;
using namespace reinstate::tests;
using namespace reinstate::tests::keygen_files;

TEST_CASE("A signed license file becomes one license", "[keygen]") {
  const std::string file = license_file(license_document());
  const license item = imported(file);
  check_license(item);
  CHECK(text_of(item) == file);
  CHECK(item.rights.document ==
        R"({"name":"Film editor","expiry":"2031-01-01T00:00:00.000Z","uses":3,"suspended":false,"maxUses":10,)"
        R"("metadata":{"seats":[1,-2,2.50,true,null,{},[],"say \"no\" \\ \u000a)"
        "\xc3\xa9"
        R"("]},"created":"2024-05-06T07:08:09.000Z"})");
}

TEST_CASE("An encrypted license file becomes one license, and stays encrypted", "[keygen]") {
  if (is_aes_missing()) return;
  const license item = imported(encrypted_license(), options_with(license_key));
  check_license(item);
  CHECK(text_of(item) == encrypted_license());
  CHECK(item.id == imported(license_file(license_document())).id);
  CHECK(imported(encrypted_license(), options_with(license_key, "of no use here")).id == item.id);
}

TEST_CASE("A machine file becomes the license it includes", "[keygen]") {
  const license item = imported(machine_file(machine_document()));
  check_license(item);
  CHECK(item.rights.document == imported(license_file(license_document())).rights.document);
}

TEST_CASE("What else a machine file includes is not its license", "[keygen]") {
  const std::string same_id = R"("id":"9c1b5d4e-0000-4000-8000-000000000001")";
  check_license(imported(machine_file(with(machine_document(), R"("id":"e")", same_id))));
}

TEST_CASE("An encrypted machine file opens with license key and fingerprint", "[keygen]") {
  if (is_aes_missing()) return;
  const license item = imported(encrypted_machine(), options_with(license_key, fingerprint));
  check_license(item);
  CHECK(text_of(item) == encrypted_machine());
}

TEST_CASE("A machine file that leaves its license out says less", "[keygen]") {
  const std::string other = with(license_resource, "000000000001", "000000000002");
  const license item = imported(machine_file(machine_document(other)));
  CHECK(item.key == imported(license_file(license_document())).key);
  CHECK(item.issuer == "account-1");
  CHECK(item.title.empty());
  CHECK(item.rights.document.empty());
  CHECK(seconds(item.rights.not_before) == issued);
  CHECK(seconds(item.rights.not_after) == file_ends);
  CHECK_FALSE(item.state.uses_left);
}

TEST_CASE("The license key is not in the metadata of a license", "[keygen]") {
  for (const license& item : {imported(license_file(license_document())), imported(machine_file(machine_document()))}) {
    const auto metadata = pack_metadata(item);
    const std::string_view text = crypto::text_of(metadata);
    CHECK(text.find("maxUses") != text.npos);
    CHECK(text.find(license_key) == text.npos);
    CHECK(text.find("\"key\"") == text.npos);
  }
}

TEST_CASE("A Keygen license may be backed up only where the caller says so", "[keygen]") {
  keygen_import_options how = options();
  CHECK(imported(license_file(license_document()), how).rights.backup == backup_right::denied);
  how.backup = backup_right::granted;
  how.title = "My editor";
  const license item = imported(license_file(license_document()), how);
  CHECK(item.rights.backup == backup_right::granted);
  CHECK(item.title == "My editor");
}

TEST_CASE("The same Keygen license imported again is the same license", "[keygen]") {
  const license once = imported(license_file(license_document()));
  const license renewed = imported(license_file(with(license_document(), "\"uses\": 3", "\"uses\": 4")));
  CHECK(renewed.id == once.id);
  CHECK(renewed.key == once.key);

  const license other = imported(license_file(with(license_document(), "000000000001", "000000000002")));
  CHECK(other.id != once.id);
  CHECK(other.key != once.key);
}

TEST_CASE("Files for several machines are several licenses with one key id", "[keygen]") {
  const license item = imported(license_file(license_document()));
  const license one = imported(machine_file(machine_document()));
  const license two = imported(machine_file(with(machine_document(), "machine-1", "machine-2")));
  CHECK(one.id != item.id);
  CHECK(two.id != item.id);
  CHECK(two.id != one.id);
  CHECK(one.key == item.key);
  CHECK(two.key == item.key);
}

TEST_CASE("Another account cannot take the place of a license", "[keygen]") {
  const license mine = imported(license_file(license_document()));
  const std::string forged = signed_license(base64(bytes_of(license_document())), plain, 2);
  CHECK(error_of(forged) == errc::import_signature_invalid);
  CHECK(imported(forged, options(2)).id != mine.id);
  CHECK(imported(forged, options(2)).key != mine.key);
}

TEST_CASE("A license ends with the file or with itself, whichever is first", "[keygen]") {
  struct row {
    const char* from;
    const char* to;
    std::optional<std::int64_t> not_before, not_after;
  };
  const auto [from, to, not_before, not_after] = GENERATE(values<row>({
      {"\"expiry\": \"2031", "\"expiry\": \"2020", issued, 1'577'836'800},
      {R"("expiry": "2025-02-02T03:04:05.678Z", "ttl": 2678400)", R"("expiry": null, "ttl": null)", issued,
       license_ends},
      {R"("2031-01-01T00:00:00.000Z")", "null", issued, file_ends},
      {R"("issued": "2025-01-02T03:04:05.678Z", )", "", created, file_ends},
      {R"("meta")", R"("other")", created, license_ends},
  }));
  CAPTURE(to);
  const license item = imported(license_file(with(license_document(), from, to)));
  CHECK(seconds(item.rights.not_before) == not_before);
  CHECK(seconds(item.rights.not_after) == not_after);
}

TEST_CASE("The uses left are those that were not used when the file was issued", "[keygen]") {
  struct row {
    const char* uses;
    const char* max_uses;
    std::optional<std::uint64_t> left;
  };
  const auto [uses, max_uses, left] = GENERATE(values<row>({
      {"3", "10", 7},
      {"0", "10", 10},
      {"10", "10", 0},
      {"11", "10", 0},  // overage is allowed by some policies
      {"3", "null", std::nullopt},
      {"null", "10", 10},
      {"0", "18446744073709551615", 18446744073709551615u},
  }));
  CAPTURE(uses, max_uses);
  const std::string text = with(license_document(), "\"uses\": 3", std::string("\"uses\": ") + uses);
  CHECK(
      imported(license_file(with(text, "\"maxUses\": 10", std::string("\"maxUses\": ") + max_uses))).state.uses_left ==
      left);
}

TEST_CASE("Times are read as ISO 8601 writes them", "[keygen]") {
  const auto [text, expected] = GENERATE(table<const char*, std::int64_t>({
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999Z", -1},
      {"2024-02-29T12:00:00Z", 1'709'208'000},
      {"2024-02-29T12:00:00.123456789Z", 1'709'208'000},
      {"2024-02-29T14:00:00+02:00", 1'709'208'000},
      {"2024-02-29T06:30:00-05:30", 1'709'208'000},
  }));
  CAPTURE(text);
  const license item = imported(license_file(with(license_document(), "2025-01-02T03:04:05.678Z", text)));
  CHECK(seconds(item.rights.not_before) == expected);
}

TEST_CASE("The frame may have other line ends, and blanks around it", "[keygen]") {
  std::string lines;
  for (const char c : license_file(license_document())) (lines += c == '\n' ? "\r" : "") += c;
  const std::string file =
      GENERATE_COPY(as<std::string>(), lines, " \n\t" + lines + "\r\n\n", std::string(lines, 0, lines.size() - 2));
  const license item = imported(file);
  check_license(item);
  CHECK(text_of(item) == file);
}

TEST_CASE("Unknown members of a document are ignored wherever they stand", "[keygen]") {
  const std::string unknown = R"("x": { "data": { "id": [1] }, "attributes": "y", "uses": -1, "meta": [[]] }, )";
  const std::string name = GENERATE(as<std::string>(), "\"id\"", "\"suspended\"", "\"account\"", "\"links\"",
                                    "\"data\": { \"type\"", "\"meta\"", "\"issued\"");
  CAPTURE(name);
  check_license(imported(license_file(with(license_document(), name, unknown + name))));
}

TEST_CASE("Only members in their own place mean something", "[keygen]") {
  const std::string text = with(license_document(), "\"meta\"",
                                R"("uses": 9, "expiry": "never", "maxUses": null, "attributes": [], "meta")");
  check_license(imported(license_file(with(text, "\"seats\"", R"("name": 1, "key": {}, "expiry": 5, "seats")"))));
}
