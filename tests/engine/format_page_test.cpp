// SPDX-License-Identifier: BSL-1.0
#include "backup_fixture.hpp"
#include "catch.hpp"
#include "crypto/base64.hpp"
#include "format/age/age_identity.hpp"
#include "format/archive/archive_set.hpp"
#include "slot_names.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <sstream>

using namespace reinstate;
using namespace reinstate::test;

// The real example on docs/format.md is read as it stands there, for as long as that page is true.

namespace {

using content = std::vector<std::byte>;

constexpr const char* passphrase = "correct horse battery staple";

license example_license() {
  license item;
  for (unsigned i = 0; i != 16; ++i) {
    item.id.bytes[i] = static_cast<std::byte>(i);
    item.key.bytes[i] = static_cast<std::byte>(16 + i);
  }
  item.format = "opaque";
  item.title = "A film";
  item.rights.backup = backup_right::granted;
  item.state = {3, std::chrono::sys_seconds(std::chrono::seconds(1'735'689'600))};
  item.payload = secret_bytes::copy_of(std::as_bytes(std::span("payload", 7)));
  return item;
}

// Digits in lines, each with spaces and a comment behind a semicolon.
content from_annotated_hex(std::istream& lines) {
  std::string digits;
  for (std::string line; std::getline(lines, line);)
    for (const char c : line.substr(0, line.find(';')))
      if (c != ' ') digits += c;
  REQUIRE(digits.size() % 2 == 0);
  content out;
  for (std::size_t i = 0; i != digits.size(); i += 2)
    out.push_back(static_cast<std::byte>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return out;
}

content from_lines_of_base64(std::istream& lines) {
  std::string all;
  for (std::string line; std::getline(lines, line);) all += line;
  while (all.ends_with('=')) all.pop_back();
  const auto out = crypto::base64_decode(all);
  REQUIRE(out);
  return *out;
}

// The blocks of the page whose heading names what is in them.
struct page_example {
  memory_files files, plaintexts;

  page_example() {
    std::ifstream page(REINSTATE_SOURCE_FOLDER "/docs/format.md");
    const std::regex heading("(Plaintext of )?`([^`]+)`, ([0-9]+) bytes( in base64| of text)?:");
    std::smatch found;
    for (std::string line; std::getline(page, line);) {
      if (!std::regex_match(line, found, heading)) continue;
      const std::string name = found[2], form = found[4];
      const std::size_t size = std::stoul(found[3]);
      content bytes = block_behind(page, form);
      INFO(line);
      CHECK(bytes.size() == size);
      (found[1].matched ? plaintexts : files)[name] = std::move(bytes);
    }
  }

 private:
  static content block_behind(std::istream& page, const std::string& form) {
    std::string line, text;
    REQUIRE((std::getline(page, line) && line.empty()));
    REQUIRE((std::getline(page, line) && line == "```"));
    while (std::getline(page, line) && line != "```") text += line + "\n";
    std::istringstream lines(text);
    if (form == " in base64") return from_lines_of_base64(lines);
    if (form != " of text") return from_annotated_hex(lines);
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
  }
};

void print_hex(const secret_bytes& from) {
  for (std::size_t i = 0; i != from.size(); ++i)
    std::printf("%02x%s", std::to_integer<unsigned>(from.expose()[i]), i % 32 == 31 ? "\n" : "");
  std::printf("\n");
}

content copy_of(const secret_bytes& from) {
  return {from.expose().begin(), from.expose().end()};
}

// Everything in the files opened as a person with age would: by the passphrase and then by the key it gives.
template <class Visit>
void open_all(const memory_files& files, Visit visit) {
  const std::string slot = slot_name(files, passphrase_slot);
  REQUIRE(files.contains(slot));
  const auto text = age::decrypt(files.at(slot), age::scrypt_identity(secret_bytes::locked_copy_of(passphrase), 20));
  REQUIRE(text.has_value());
  visit(slot, *text);
  const age::x25519_identity who(archive::parse_recovery(*text)->recovery.clone());
  for (const char* name : {"000001/licenses-001.age", "000001/index.age"}) {
    const auto plaintext = age::decrypt(files.at(name), who);
    REQUIRE(plaintext.has_value());
    visit(name, *plaintext);
  }
}

}  // namespace

TEST_CASE("the real example on docs/format.md is restored", "[engine][docs]") {
  const page_example page;
  machine other;
  other.passphrase = passphrase;
  const auto stick = std::make_shared<memory_files>(page.files);
  const ended got = other.restore(stick);
  CHECK(!got.error);
  const auto restored = contents(*other.store);
  REQUIRE(restored.size() == 1);
  CHECK(same(restored.begin()->second, example_license()));
  CHECK(restored.begin()->second.format == "opaque");
}

TEST_CASE("the plaintexts on docs/format.md are those of the files there", "[engine][docs]") {
  const page_example page;
  std::size_t compared = 0;
  open_all(page.files, [&](const std::string& name, const secret_bytes& plaintext) {
    INFO(name);
    REQUIRE(page.plaintexts.contains(name));
    CHECK((page.plaintexts.at(name) == copy_of(plaintext)));
    ++compared;
  });
  CHECK(compared == page.plaintexts.size());
}

// Prints what the example consists of, made anew. Comments of the hexadecimal digits are written by hand.
TEST_CASE("the example on docs/format.md is made anew", "[.][make-format-example]") {
  machine owner;
  individualized(owner);
  owner.passphrase = passphrase;
  owner.limits = {};
  owner.put(example_license());
  const auto stick = std::make_shared<memory_files>();
  REQUIRE(!owner.backup(stick).error);
  for (const auto& [name, file] : *stick)
    std::cout << "`" << name << "`, " << file.size() << " bytes in base64:\n" << crypto::base64_encode(file) << "\n";
  std::cout << "`000001/manifest`, " << stick->at("000001/manifest").size() << " bytes:" << std::endl;
  print_hex(secret_bytes::copy_of(stick->at("000001/manifest")));
  open_all(*stick, [](const std::string& name, const secret_bytes& plaintext) {
    std::cout << "Plaintext of `" << name << "`, " << plaintext.size() << " bytes:\n";
    std::cout << crypto::text_of(plaintext.expose()) << std::endl;
    print_hex(plaintext);
  });
}
