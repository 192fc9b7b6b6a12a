// SPDX-License-Identifier: BSL-1.0
#include "format/archive/archive_page.hpp"

#include "bytes_for_tests.hpp"
#include "catch.hpp"
#include "format/cbor/cbor.hpp"

#include <limits>
#include <memory>
#include <string>

using namespace reinstate;
using namespace reinstate::tests;
using archive::page_reader;
using archive::page_size;
using archive::page_writer;

namespace {

constexpr std::size_t no_limit = 1'000'000'000;

// What a record of `content` bytes takes: tag 24, the head of a byte string, and the content.
std::size_t record_size(std::size_t content) {
  return 2 + cbor::head_size(content) + content;
}

constexpr std::size_t largest_in_a_page = page_size - 5;

// Contents differ from each other, and hold bytes that look like padding and like heads.
bytes content_of(std::size_t number, std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i != size; ++i) out[i] = static_cast<std::byte>((number * 89 + i * 7 + i / 251) & 0xff);
  return out;
}

bytes record_of(const bytes& content) {
  bytes out;
  cbor::writer to(out);
  to.tag(24);
  to.bytes(content);
  return out;
}

// What a record looks like where it lies: itself, or the pieces of one that no page could hold, which begin a page.
bytes laid_out(const bytes& content) {
  bytes out = record_of(content);
  if (out.size() <= page_size) return out;
  out.clear();
  cbor::writer to(out);
  to.array(2);
  to.unsigned_integer(content.size());
  for (crypto::byte_span rest = content; !rest.empty();) {
    const std::size_t room = page_size - out.size() % page_size - 3;
    to.bytes(rest.first(std::min(room, rest.size())));
    rest = rest.subspan(std::min(room, rest.size()));
  }
  return out;
}

struct pages {
  std::vector<bytes> all;
  std::vector<bool> last;
};

pages lay(const std::vector<std::size_t>& sizes) {
  pages out;
  page_writer writer([&](crypto::byte_span page, bool last) -> result<void> {
    out.all.emplace_back(page.begin(), page.end());
    out.last.push_back(last);
    return {};
  });
  for (std::size_t i = 0; i != sizes.size(); ++i) {
    const bytes record = record_of(content_of(i, sizes[i]));
    REQUIRE(writer.append(record.size(), [&](auto& to) { to.insert(to.end(), record.begin(), record.end()); }));
  }
  REQUIRE(writer.finish());
  return out;
}

struct read_back {
  std::vector<bytes> records;
  error_code error;
  bool inside = false;
};

// Each page is in memory of its own that ends where it ends, and is gone when the next one comes.
read_back read(const std::vector<bytes>& all, std::size_t max_record = no_limit) {
  read_back out;
  page_reader reader(max_record);
  std::unique_ptr<guarded> page;
  std::size_t next_page = 0;
  for (;;) {
    const auto step = reader.next();
    if (!step) {
      out.error = step.error();
      break;
    }
    if (step->state == page_reader::state::record) {
      out.records.emplace_back(step->content.begin(), step->content.end());
      continue;
    }
    if (next_page == all.size()) break;
    auto following = std::make_unique<guarded>(all[next_page++]);
    reader.add_page(following->get());
    page = std::move(following);
  }
  out.inside = reader.inside_record();
  return out;
}

// Where records may lie, told without the reader.
void check_layout(const pages& laid, const std::vector<std::size_t>& sizes) {
  for (std::size_t i = 0; i != laid.all.size(); ++i) {
    const bool is_last = i + 1 == laid.all.size();
    CHECK(laid.last[i] == is_last);
    CHECK((is_last ? laid.all[i].size() <= page_size : laid.all[i].size() == page_size));
    if (is_last && laid.all.size() > 1) CHECK_FALSE(laid.all[i].empty());
  }
  bytes plaintext;
  for (const bytes& page : laid.all) plaintext.insert(plaintext.end(), page.begin(), page.end());
  std::size_t at = 0;
  bool ends_large = false;  // what lies before `at` is a record larger than a page, whose last page is its own
  for (std::size_t i = 0; i != sizes.size(); ++i) {
    const bytes record = laid_out(content_of(i, sizes[i]));
    const std::size_t room = page_size - at % page_size;
    if (room != page_size && (ends_large || record.size() > room)) {
      REQUIRE(same_bytes(crypto::byte_span(plaintext).subspan(at, room), repeated(0xf6, room)));
      at += room;
    }
    REQUIRE(plaintext.size() - at >= record.size());
    REQUIRE(same_bytes(crypto::byte_span(plaintext).subspan(at, record.size()), record));
    at += record.size();
    ends_large = record.size() > page_size;
  }
  CHECK(at == plaintext.size());
}

void check(const std::vector<std::size_t>& sizes) {
  std::string shown;
  for (const std::size_t size : sizes) shown += std::to_string(size) + " ";
  INFO("contents of " << shown << "bytes");
  const pages laid = lay(sizes);
  check_layout(laid, sizes);
  const read_back got = read(laid.all);
  CHECK(got.error == error_code());
  CHECK_FALSE(got.inside);
  REQUIRE(got.records.size() == sizes.size());
  for (std::size_t i = 0; i != sizes.size(); ++i) CHECK((got.records[i] == content_of(i, sizes[i])));
}

// A page that holds these bytes and is filled up with padding.
bytes padded(bytes from) {
  from.resize(page_size, cbor::null_item);
  return from;
}

bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("records around the size of a page never straddle two, unless no page could hold them", "[archive]") {
  const std::size_t size =
      GENERATE(std::size_t{1}, std::size_t{23}, std::size_t{24}, std::size_t{255}, std::size_t{256},
               largest_in_a_page - 1, largest_in_a_page, largest_in_a_page + 1, std::size_t{65535}, std::size_t{65536},
               page_size + 1, 2 * page_size - 8, 2 * page_size - 7, 2 * page_size - 6, std::size_t{200'000});
  check({size});
  check({1, size});
  check({size, 1});
  check({size, size, 1, size});
  check({100, size, 30'000, 30'000, size, 10'000});
}

TEST_CASE("records fill a page to any byte before the next one comes", "[archive]") {
  // The second record leaves from 0 to 8 bytes of the page.
  for (std::size_t left = 0; left != 9; ++left) {
    const std::size_t second = page_size - record_size(1000) - left - 5;
    REQUIRE(record_size(1000) + record_size(second) + left == page_size);
    check({1000, second});
    check({1000, second, 1});
    check({1000, second, 5});
    check({1000, second, 70'000, 2});
  }
}

TEST_CASE("a thousand small records take no more pages than they need", "[archive]") {
  const std::vector<std::size_t> sizes(1000, 300);
  check(sizes);
  const std::size_t in_a_page = page_size / record_size(300);
  CHECK(lay(sizes).all.size() == (sizes.size() + in_a_page - 1) / in_a_page);
}

TEST_CASE("a record larger than a page has its pages to itself", "[archive]") {
  const pages laid = lay({10, 70'000, 10});
  REQUIRE(laid.all.size() == 4);
  CHECK(laid.all[0][record_size(10)] == cbor::null_item);
  // Its size and its first 65,527 bytes, and then the other 4,473.
  CHECK(same_bytes(crypto::byte_span(laid.all[1]).first(9), from_hex("821a0001117059fff7")));
  CHECK(same_bytes(crypto::byte_span(laid.all[2]).first(3), from_hex("591179")));
  const std::size_t end = 3 + 4473;
  CHECK(same_bytes(crypto::byte_span(laid.all[2]).subspan(end), repeated(0xf6, page_size - end)));
  CHECK(same_bytes(laid.all[3], record_of(content_of(2, 10))));
}

TEST_CASE("a file without records is one empty page", "[archive]") {
  const pages laid = lay({});
  REQUIRE(laid.all.size() == 1);
  CHECK(laid.all[0].empty());
  CHECK(laid.last[0]);
  CHECK(read(laid.all).records.empty());
}

TEST_CASE("an error of whoever takes the pages ends the writing", "[archive]") {
  const auto fail = [](crypto::byte_span, bool) -> result<void> { return errc::medium_full; };
  const auto append = [](page_writer& writer, std::size_t size) {
    const bytes record = record_of(bytes(size));
    return writer.append(record.size(), [&](auto& to) { to.insert(to.end(), record.begin(), record.end()); });
  };
  page_writer padding(fail);
  REQUIRE(append(padding, 60'000));
  CHECK(append(padding, 60'000).error() == errc::medium_full);
  page_writer large(fail);
  CHECK(append(large, 70'000).error() == errc::medium_full);
  page_writer last(fail);
  REQUIRE(append(last, 1));
  CHECK(last.finish().error() == errc::medium_full);
}

TEST_CASE("a record larger than permitted is refused before it is read", "[archive]") {
  const std::size_t size = GENERATE(1u, 100u, 65'531u, 65'532u, 70'000u);
  INFO(size << " bytes");
  const pages laid = lay({size});
  CHECK(read(laid.all, size).error == error_code());
  const read_back refused = read({laid.all[0]}, size - 1);
  CHECK(refused.error == errc::license_too_large);
  CHECK(refused.records.empty());
  CHECK_FALSE(refused.inside);
}

TEST_CASE("a record that claims to be huge takes no memory for what has not come", "[archive]") {
  const std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  const bytes claim = from_hex("821b7fffffffffffffff59fff3"), goes_on = from_hex("59fffd");
  const bytes page = claim + bytes(page_size - claim.size());
  const read_back got = read({page, goes_on + bytes(page_size - goes_on.size())}, unlimited);
  CHECK(got.error == error_code());
  CHECK(got.records.empty());
  CHECK(got.inside);
  CHECK(read({page}, no_limit).error == errc::license_too_large);
}

TEST_CASE("a page that is not laid out by the rules is damaged", "[archive]") {
  struct row {
    const char* why;
    bytes page;
  };
  const bytes good = record_of(content_of(1, 20));
  const row rows[] = {
      {"another tag", padded(from_hex("d8194101"))},
      {"no tag", padded(from_hex("4101"))},
      {"a text inside the tag", padded(from_hex("d8186131"))},
      {"an empty record", padded(from_hex("d81840"))},
      {"a tag not in its shortest form", padded(from_hex("d900184101"))},
      {"a length not in its shortest form", padded(from_hex("d818580101"))},
      {"an indefinite length", padded(from_hex("d8185f4101ff"))},
      {"zeros", bytes(page_size)},
      {"zeros behind a record", good + bytes(10)},
      {"garbage behind the padding", good + from_hex("f6f6f600")},
      {"a record behind the padding", good + from_hex("f6") + good},
      {"garbage at the end of a full page",
       [&] {
         bytes page = padded(good);
         page.back() = std::byte{0xf5};
         return page;
       }()},
      {"a record that could have been in the next page", good + from_hex("d8184a0102")},
      {"a large record that does not begin its page",
       [&] {
         const bytes page = good + from_hex("821a0001117059ffdd");
         return page + bytes(page_size - page.size());
       }()},
      {"a large record that is in no pieces", from_hex("d8185a00011170") + bytes(page_size - 7)},
      {"pieces of a record that fits in a page", from_hex("8219fffb59fff9") + bytes(page_size - 7)},
      {"a first piece that does not fill its page", padded(from_hex("821a00011170") + from_hex("4101"))},
      {"a first piece that is cut", from_hex("821a0001117059fff7") + bytes(page_size - 10)},
      {"a first piece without a byte", from_hex("821a0001117040")},
      {"a first piece that is no bytes", from_hex("821a0001117079fff7") + bytes(page_size - 9)},
      {"a size alone", from_hex("821a00011170")},
      {"a piece without the first", from_hex("59fffd") + bytes(page_size - 3)},
      {"a page cut within a head", from_hex("d8")},
      {"a page cut within a length", from_hex("d8185900")},
      {"a record that fits and is cut", from_hex("d818420a")},
  };
  for (const row& r : rows) {
    INFO(r.why);
    CHECK(read({r.page}).error == errc::backup_damaged);
  }
}

TEST_CASE("a record goes on in the next page in pieces that are as large as can be", "[archive]") {
  const bytes content = content_of(1, largest_in_a_page + 1);
  const pages laid = lay({content.size()});
  REQUIRE(laid.all.size() == 2);
  CHECK(read(laid.all).error == error_code());
  const bytes record = record_of(content);
  CHECK(read({bytes(record.begin(), record.begin() + page_size), bytes(record.begin() + page_size, record.end())})
            .error == errc::backup_damaged);
  // The last piece one byte longer, shorter, or cut in two.
  const crypto::byte_span last = crypto::byte_span(laid.all[1]).subspan(1);
  REQUIRE(laid.all[1][0] == static_cast<std::byte>(0x40 + last.size()));
  const auto piece = [](crypto::byte_span of) {
    bytes out;
    cbor::writer to(out);
    to.bytes(of);
    return out;
  };
  const bytes longer = bytes(last.begin(), last.end()) + bytes(1);
  for (const bytes& wrong : {piece(longer), piece(last.first(last.size() - 1)) + from_hex("f6"),
                             piece(last.first(1)) + piece(last.subspan(1)), bytes(last.begin(), last.end())})
    CHECK(read({laid.all[0], wrong}).error == errc::backup_damaged);
}

TEST_CASE("a large record that is cut is seen to be unfinished", "[archive]") {
  pages laid = lay({10, 150'000});
  REQUIRE(laid.all.size() == 4);
  for (std::size_t kept = 0; kept <= laid.all.size(); ++kept) {
    INFO(kept << " pages");
    const read_back got = read({laid.all.begin(), laid.all.begin() + static_cast<std::ptrdiff_t>(kept)});
    CHECK(got.error == error_code());
    CHECK(got.records.size() == (kept == 0 ? 0u : kept < 4 ? 1u : 2u));
    CHECK(got.inside == (kept == 2 || kept == 3));
  }
  laid.all.back().pop_back();
  const read_back cut = read(laid.all);
  CHECK((cut.inside || cut.error == errc::backup_damaged));
  CHECK(cut.records.size() == 1);
}

TEST_CASE("nothing but padding may follow the end of a large record in its page", "[archive]") {
  pages laid = lay({70'000});
  const bytes good = record_of(content_of(2, 9));
  bytes& last = laid.all.back();
  const bytes end = last;
  last = end + from_hex("f6f6");
  CHECK(read(laid.all).error == error_code());
  last = end + good;
  const read_back got = read(laid.all);
  CHECK(got.error == errc::backup_damaged);
  CHECK(got.records.size() == 1);
  last = end + from_hex("f600");
  CHECK(read(laid.all).error == errc::backup_damaged);
  last = end + record_of(content_of(2, 70'000));
  last.resize(page_size);
  CHECK(read(laid.all).error == errc::backup_damaged);
  last = padded(end);
  laid.all.push_back(good);
  CHECK(read(laid.all).records.size() == 2);
}

TEST_CASE("a page that is given up costs its own records and a large one that it was part of", "[archive]") {
  // Pages: 0 holds two records, 1 and 2 and 3 a large one, 4 the last.
  const std::vector<std::size_t> sizes{100, 200, 150'000, 300};
  const pages laid = lay(sizes);
  REQUIRE(laid.all.size() == 5);
  for (std::size_t lost = 0; lost != laid.all.size(); ++lost) {
    INFO("page " << lost);
    std::vector<bytes> got;
    page_reader reader(no_limit);
    for (std::size_t i = 0; i != laid.all.size(); ++i) {
      if (i == lost) {
        reader.skip_page();
        CHECK_FALSE(reader.inside_record());
        continue;
      }
      reader.add_page(laid.all[i]);
      for (;;) {
        const auto step = reader.next();
        // What is left of the large record makes no sense, and is given up page by page.
        if (!step) reader.skip_page();
        if (!step || step->state == page_reader::state::needs_page) break;
        got.emplace_back(step->content.begin(), step->content.end());
      }
    }
    CHECK_FALSE(reader.inside_record());
    std::vector<bytes> expected;
    for (std::size_t i = 0; i != sizes.size(); ++i) {
      const bool is_lost = i < 2 ? lost == 0 : i == 2 ? lost >= 1 && lost <= 3 : lost == 4;
      if (!is_lost) expected.push_back(content_of(i, sizes[i]));
    }
    CHECK((got == expected));
  }
}

TEST_CASE("a page that is given up in its middle leaves nothing behind", "[archive]") {
  page_reader reader(no_limit);
  const bytes page = record_of(content_of(1, 10)) + record_of(content_of(2, 20));
  reader.add_page(page);
  REQUIRE(reader.next()->state == page_reader::state::record);
  reader.skip_page();
  CHECK(reader.next()->state == page_reader::state::needs_page);
  // The next one may begin with a large record.
  const pages laid = lay({70'000});
  reader.add_page(laid.all[0]);
  CHECK(reader.next()->state == page_reader::state::needs_page);
  CHECK(reader.inside_record());
  reader.add_page(laid.all[1]);
  const auto step = reader.next();
  REQUIRE(step->state == page_reader::state::record);
  CHECK(same_bytes(step->content, content_of(0, 70'000)));
  // And one after a large record may hold others.
  reader.skip_page();
  reader.add_page(page);
  CHECK(same_bytes(reader.next()->content, content_of(1, 10)));
}

TEST_CASE("pages of nothing but padding hold no records", "[archive]") {
  const read_back got = read({padded({}), padded({}), record_of(content_of(1, 5))});
  CHECK(got.error == error_code());
  CHECK(got.records.size() == 1);
}

TEST_CASE("any flipped bit of the heads in a page is read or refused, without harm", "[archive]") {
  const pages laid = lay({3, 1, 70'000, 4});
  for (std::size_t page = 0; page != laid.all.size(); ++page) {
    for (std::size_t bit = 0; bit != 8 * std::min<std::size_t>(laid.all[page].size(), 24); ++bit) {
      std::vector<bytes> changed = laid.all;
      changed[page][bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const read_back got = read(changed);
      if (got.error) CHECK((got.error == errc::backup_damaged || got.error == errc::license_too_large));
    }
  }
}
