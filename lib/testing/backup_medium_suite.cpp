// SPDX-License-Identifier: BSL-1.0
#include <reinstate/testing/backup_medium_suite.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace reinstate::testing {
namespace {

using content = std::vector<std::byte>;
using medium_ptr = std::unique_ptr<backup_medium>;

// Returns bytes without repeated patterns, different for every seed.
content patterned_bytes(std::size_t size, std::uint32_t seed = 1) {
  content out(size);
  std::uint32_t state = seed * 2'654'435'761U + 1;
  for (std::byte& b : out) {
    state = state * 1'664'525U + 1'013'904'223U;
    b = static_cast<std::byte>(state >> 24);
  }
  return out;
}

medium_ptr open_medium(const medium_opener& open) {
  return require_value(open(), "a medium can be opened");
}

void put(backup_medium& medium, std::string_view name, std::span<const std::byte> bytes) {
  const auto writer = require_value(medium.create(name), "a file can be created under a name that does not exist");
  require_value(writer->write(bytes), "a file can be written");
  require_value(writer->finish(), "a file can be finished");
}

content rest_of(medium_reader& reader, std::size_t piece = 65'536) {
  content out;
  content buffer(piece);
  for (;;) {
    const std::size_t got = require_value(reader.read(buffer), "a file can be read");
    require(got <= buffer.size(), "read returns no more than was asked for");
    out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    if (got != buffer.size()) return out;
  }
}

content get(backup_medium& medium, std::string_view name) {
  const auto reader = require_value(medium.open(name), "a finished file can be opened");
  content bytes = rest_of(*reader);
  require(reader->size() == bytes.size(), "size is the number of bytes in the file");
  return bytes;
}

std::vector<medium_entry> listed(backup_medium& medium) {
  return require_value(medium.list(), "the medium can be listed");
}

bool is_listed(backup_medium& medium, std::string_view name) {
  return std::ranges::count(listed(medium), name, &medium_entry::name) != 0;
}

template <class T>
error_code error_of(const result<T>& outcome) {
  return outcome ? error_code() : outcome.error();
}

void check_empty(const medium_opener& open) {
  const auto medium = open_medium(open);
  require(listed(*medium).empty(), "nothing is listed on an empty medium");
  require_error(error_of(medium->open("README.txt")), errc::path_not_found,
                "opening a missing file reports path_not_found");
  require_error(error_of(medium->open("000001/manifest")), errc::path_not_found,
                "opening a file in a missing folder reports path_not_found");
}

void check_round_trip(const medium_opener& open) {
  const content bytes = patterned_bytes(1'000);
  {
    const auto medium = open_medium(open);
    put(*medium, "README.txt", bytes);
    put(*medium, "000001/manifest", patterned_bytes(2'000));
    require(get(*medium, "README.txt") == bytes, "a finished file reads as it was written");
  }
  const auto again = open_medium(open);
  require(get(*again, "README.txt") == bytes, "a finished file is there when the medium is opened anew");
  require(get(*again, "000001/manifest") == patterned_bytes(2'000),
          "a finished file in a folder is there when the medium is opened anew");
}

void check_empty_file(const medium_opener& open) {
  const auto medium = open_medium(open);
  const auto writer = require_value(medium->create("000001/empty"), "a file can be created");
  require_value(writer->finish(), "a file without a byte can be finished");
  require(get(*medium, "000001/empty").empty(), "a file without a byte reads as one");
  require(listed(*medium) == std::vector<medium_entry>{{"000001/empty", 0}}, "a file without a byte is listed");
}

void check_pieces(const medium_opener& open) {
  const content bytes = patterned_bytes((std::size_t{5} << 20) + 3);
  const auto medium = open_medium(open);
  const auto writer = require_value(medium->create("000001/licenses-001.age"), "a file can be created");
  std::span<const std::byte> rest = bytes;
  for (std::size_t piece = 1; !rest.empty(); piece = piece * 7 + 1) {
    const auto next = rest.first(std::min(piece, rest.size()));
    require_value(writer->write(next), "a file can be written in pieces of any size");
    require_value(writer->write({}), "writing no bytes is not an error");
    rest = rest.subspan(next.size());
  }
  require_value(writer->finish(), "a file can be finished");
  require(get(*medium, "000001/licenses-001.age") == bytes, "pieces of a file are put together in order");
}

void check_reading(const medium_opener& open) {
  const content bytes = patterned_bytes(100'000);
  const auto medium = open_medium(open);
  put(*medium, "data", bytes);

  const auto whole = require_value(medium->open("data"), "a file can be opened");
  require(rest_of(*whole, 1'000'000) == bytes, "a read larger than the file gives all of it");
  const auto exact = require_value(medium->open("data"), "a file can be opened");
  require(rest_of(*exact, bytes.size()) == bytes, "a read of the size of the file gives all of it");
  content buffer(10);
  require(require_value(exact->read(buffer), "reading at the end is not an error") == 0, "read gives 0 at the end");
  require(require_value(exact->read(buffer), "reading at the end is not an error") == 0, "and goes on to do so");

  const auto small = require_value(medium->open("data"), "a file can be opened");
  require(require_value(small->read({}), "reading no bytes is not an error") == 0, "reading no bytes gives none");
  require(rest_of(*small, 7) == bytes, "small reads are filled, each continuing at the end of the last one");
}

void check_side_by_side(const medium_opener& open) {
  const content a = patterned_bytes(5'000, 1);
  const content b = patterned_bytes(7'000, 2);
  const auto medium = open_medium(open);
  put(*medium, "000001/a", a);
  put(*medium, "000001/b", b);

  const auto first = require_value(medium->open("000001/a"), "a file can be opened");
  const auto second = require_value(medium->open("000001/a"), "a file can be opened twice");
  const auto other = require_value(medium->open("000001/b"), "another file can be opened beside it");
  content head(1'000);
  require_value(first->read(head), "a file can be read");
  put(*medium, "000001/c", a);
  require(rest_of(*other) == b, "readers of different files do not disturb each other");
  require(rest_of(*second) == a, "readers of the same file do not disturb each other");
  const content tail = rest_of(*first);
  require(std::ranges::equal(tail, std::span(a).subspan(1'000)), "a reader goes on after other calls on the medium");
}

void check_created(const medium_opener& open) {
  const content bytes = patterned_bytes(1'000);
  for (const std::string_view name : {"README.txt", "000001/manifest"}) {
    const auto medium = open_medium(open);
    const auto writer = require_value(medium->create(name), "a file can be created under a name that does not exist");
    require(is_listed(*medium, name), "a file is listed as soon as it has been created");
    require(is_listed(*open_medium(open), name), "another object on the same medium lists it too");
    require_error(error_of(medium->create(name)), errc::medium_failed, "its name is taken although it is not finished");
    require_error(error_of(open_medium(open)->create(name)), errc::medium_failed,
                  "another object on the same medium cannot create it either");
    require_value(writer->write(bytes), "failed attempts to create the file do not disturb its writer");
    require_value(writer->finish(), "the writer can finish the file");
    require(get(*medium, name) == bytes, "the file has the content that was written");
  }
}

void check_never_overwrites(const medium_opener& open) {
  const content bytes = patterned_bytes(1'000);
  for (const std::string_view name : {"README.txt", "000001/manifest"}) {
    const auto medium = open_medium(open);
    put(*medium, name, bytes);
    require_error(error_of(medium->create(name)), errc::medium_failed, "a name that exists cannot be created");
    require(get(*medium, name) == bytes, "and its file is unchanged");
    require_error(error_of(open_medium(open)->create(name)), errc::medium_failed,
                  "a name that exists cannot be created when the medium is opened anew");
    require(get(*medium, name) == bytes, "and its file is still unchanged");
  }
}

void check_bad_names(const medium_opener& open) {
  const std::string long_name(65, 'x');
  const std::vector<std::string> bad = {"",
                                        "/",
                                        "/x",
                                        "x/",
                                        ".",
                                        "..",
                                        "../x",
                                        "x/..",
                                        "x/../y",
                                        "a//b",
                                        "a/b/c",
                                        ".hidden",
                                        "a/.hidden",
                                        "-x",
                                        "_x",
                                        "a b",
                                        "a\\b",
                                        "a:b",
                                        "a*",
                                        "\xC3\xA4",
                                        "a\n",
                                        long_name,
                                        "a/" + long_name,
                                        long_name + "/a",
                                        std::string("a\0b", 3)};
  const auto medium = open_medium(open);
  put(*medium, "x", patterned_bytes(10));
  for (const std::string& name : bad) {
    require_error(error_of(medium->open(name)), errc::invalid_argument, "open refuses an invalid name");
    require_error(error_of(medium->create(name)), errc::invalid_argument, "create refuses an invalid name");
    require_error(error_of(medium->remove(name)), errc::invalid_argument, "remove refuses an invalid name");
  }
  require(listed(*medium) == std::vector<medium_entry>{{"x", 10}}, "refused calls change nothing");
}

void check_longest_name(const medium_opener& open) {
  const std::string name = std::string(64, 'd') + "/" + std::string(64, 'f');
  const auto medium = open_medium(open);
  put(*medium, name, patterned_bytes(10));
  require(get(*medium, name) == patterned_bytes(10), "names may have two segments of 64 characters");
}

void check_list(const medium_opener& open) {
  const auto medium = open_medium(open);
  const std::vector<std::string> names = {"recovery-000001.age", "000002/manifest", "README.txt",
                                          "000001/manifest",     "000001/b",        "000001/a-2"};
  for (std::size_t i = 0; i != names.size(); ++i) put(*medium, names[i], patterned_bytes(i * 10));

  const std::vector<medium_entry> expected = {{"000001/a-2", 50},      {"000001/b", 40},   {"000001/manifest", 30},
                                              {"000002/manifest", 10}, {"README.txt", 20}, {"recovery-000001.age", 0}};
  require(listed(*medium) == expected, "list gives every file once, ascending by the bytes of its name, with its size");
  require(listed(*medium) == expected, "and does so again");
  require_error(error_of(medium->open("000001")), errc::path_not_found, "a folder cannot be opened as a file");
}

void check_remove(const medium_opener& open) {
  const auto medium = open_medium(open);
  put(*medium, "000001/a", patterned_bytes(10));
  put(*medium, "000001/b", patterned_bytes(20));
  require_value(medium->remove("000001/a"), "a file can be removed");
  require(listed(*medium) == std::vector<medium_entry>{{"000001/b", 20}},
          "a removed file is gone, its neighbor is not");
  require_error(error_of(medium->open("000001/a")), errc::path_not_found, "a removed file cannot be opened");

  require_value(medium->remove("000001/a"), "removing a file that does not exist is not an error");
  require_value(medium->remove("000009/a"), "removing a file from a folder that does not exist is not an error");
  require_value(medium->remove("missing"), "removing a file that never existed is not an error");
  require(get(*medium, "000001/b") == patterned_bytes(20), "other files are unchanged");

  put(*medium, "000001/a", patterned_bytes(30));
  require(get(*medium, "000001/a") == patterned_bytes(30), "the name of a removed file can be used again");
}

void check_remove_folder(const medium_opener& open) {
  const auto medium = open_medium(open);
  put(*medium, "000001/a", patterned_bytes(10));
  put(*medium, "000001/b", patterned_bytes(10));
  require_value(medium->remove("000001/a"), "a file can be removed");
  require_value(medium->remove("000001/b"), "the last file of a folder can be removed");
  put(*medium, "000001", patterned_bytes(10));
  require(get(*medium, "000001") == patterned_bytes(10),
          "a folder is gone with its last file, so that its name is free");
}

// A medium may keep or drop an abandoned file, but the file must not block its name.
void check_abandoned(const medium_opener& open) {
  const auto medium = open_medium(open);
  {
    const auto writer = require_value(medium->create("000001/abandoned"), "a file can be created");
    require_value(writer->write(patterned_bytes(1'000)), "a file can be written");
  }
  require(is_listed(*medium, "000001/abandoned") == medium->open("000001/abandoned").has_value(),
          "an abandoned file is either listed and can be opened, or neither");
  require_value(medium->remove("000001/abandoned"), "an abandoned file can be removed, whether it stayed or not");
  require(!is_listed(*medium, "000001/abandoned"), "a removed abandoned file is not listed");
  put(*medium, "000001/abandoned", patterned_bytes(2'000, 2));
  require(get(*medium, "000001/abandoned") == patterned_bytes(2'000, 2), "its name can be used again");
}

constexpr backup_medium_check checks[] = {
    {"a medium on which nothing was written is empty", check_empty},
    {"a finished file reads as it was written", check_round_trip},
    {"a file may be empty", check_empty_file},
    {"a file may be large and written in pieces", check_pieces},
    {"reads are filled up to the end of the file", check_reading},
    {"readers and writers do not disturb each other", check_side_by_side},
    {"a name is taken as soon as a file has been created", check_created},
    {"a file is never overwritten", check_never_overwrites},
    {"an invalid name is refused", check_bad_names},
    {"the longest medium names are accepted", check_longest_name},
    {"files are listed in ascending order of name", check_list},
    {"a removed file is gone, and removing it again is not an error", check_remove},
    {"a folder is removed with its last file", check_remove_folder},
    {"an abandoned file can be removed and its name used again", check_abandoned},
};

}  // namespace

std::span<const backup_medium_check> backup_medium_contract() noexcept {
  return checks;
}

}  // namespace reinstate::testing
