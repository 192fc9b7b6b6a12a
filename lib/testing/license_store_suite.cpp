// SPDX-License-Identifier: BSL-1.0
#include "testing/license_sample.hpp"
#include "testing/note_checks.hpp"

#include <reinstate/testing/license_store_suite.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <limits>
#include <vector>

namespace reinstate::testing {
namespace {

using namespace std::chrono_literals;

using store_ptr = std::unique_ptr<license_store>;
using batch_ptr = std::unique_ptr<write_batch>;
using cursor_ptr = std::unique_ptr<license_cursor>;

constexpr auto max_count = std::numeric_limits<std::uint64_t>::max();

// --- the store, with every error a violation ---

store_ptr make_store(const license_store_factory& make) {
  return require_value(make(), "a store can be made");
}

batch_ptr begin(license_store& store) {
  return require_value(store.begin_batch(), "a batch can be begun if none is open");
}

cursor_ptr open(license_store& store) {
  return require_value(store.open_cursor(), "a cursor can be opened");
}

void put(write_batch& batch, const sample& item) {
  require_value(batch.put(item.record()), "a license can be put");
}

void commit(write_batch& batch) {
  require_value(batch.commit(), "a batch can be committed");
}

void store_all(license_store& store, const std::vector<sample>& items) {
  const auto batch = begin(store);
  for (const sample& item : items) put(*batch, item);
  commit(*batch);
}

std::optional<license_record> step(license_cursor& cursor) {
  const auto record = require_value(cursor.next(), "a cursor walks to its end");
  require(!record || record->payload.empty(), "a license comes without its payload");
  return record;
}

bytes payload_at(license_cursor& cursor) {
  const auto payload = require_value(cursor.payload(), "an undamaged payload can be opened");
  return {payload.begin(), payload.end()};
}

std::optional<sample> next(license_cursor& cursor) {
  const auto record = step(cursor);
  if (!record) return std::nullopt;
  bytes payload = payload_at(cursor);  // read before the metadata, which must stay valid
  return sample{record->id,        record->key,   record->revision,
                record->backup,    record->state, {record->metadata.begin(), record->metadata.end()},
                std::move(payload)};
}

std::vector<sample> rest_of(license_cursor& cursor) {
  std::vector<sample> out;
  while (auto item = next(cursor)) out.push_back(*std::move(item));
  return out;
}

std::vector<sample> content_of(license_store& store) {
  return rest_of(*open(store));
}

bool holds(license_store& store, const std::vector<sample>& items) {
  return content_of(store) == items &&
         require_value(store.describe(), "a store can be described").licenses == items.size();
}

// --- reading ---

void check_empty(const license_store_factory& make) {
  const auto store = make_store(make);
  const auto described = require_value(store->describe(), "an empty store can be described");
  require(described.licenses == 0 && described.payload_bytes == 0, "an empty store holds nothing");
  const auto cursor = open(*store);
  require(!next(*cursor), "a cursor over an empty store is at its end");
  require(!next(*cursor), "a cursor at its end stays there");
  require_error(store->find(id_of(1)).error(), errc::license_not_found, "an empty store finds no license");
  require(!require_value(begin(*store)->find(id_of(1)), "a batch can look up a license"),
          "a batch of an empty store finds no license");
}

void check_order(const license_store_factory& make) {
  const auto store = make_store(make);
  // Ids that fall out of order if bytes are compared as signed numbers or from the wrong end.
  const license_id ascending[] = {id_of(0), id_of(0, 1), id_of(1), id_of(0x7f, 0xff), id_of(0x80), id_of(0xff, 0xff)};
  for (const std::size_t i : {4U, 0U, 5U, 2U}) store_all(*store, {sample_of(ascending[i])});
  store_all(*store, {sample_of(ascending[3]), sample_of(ascending[1])});
  std::vector<license_id> walked;
  for (const sample& item : content_of(*store)) walked.push_back(item.id);
  require(std::ranges::equal(walked, ascending), "a cursor walks in ascending order of id, as unsigned bytes");
}

void check_many(const license_store_factory& make) {
  const auto store = make_store(make);
  std::vector<sample> items;
  for (int i = 0; i != 2'000; ++i)
    items.push_back(sample_of(id_of(static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i % 256)), 1,
                              static_cast<std::size_t>(i)));
  store_all(*store, items);
  require(holds(*store, items), "a cursor gives each of many licenses once");
}

void check_cursors_apart(const license_store_factory& make) {
  const auto store = make_store(make);
  const std::vector items{sample_of(id_of(1)), sample_of(id_of(2)), sample_of(id_of(3))};
  store_all(*store, items);
  const auto one = open(*store), other = open(*store);
  require(next(*one) == items[0] && next(*one) == items[1], "a cursor walks");
  require(next(*other) == items[0], "another cursor walks independently");
  require(next(*one) == items[2] && !next(*one), "the first cursor continues at its own position");
  require(rest_of(*other).size() == 2, "the second cursor continues at its own position");
}

void check_payload_on_request(const license_store_factory& make) {
  const auto store = make_store(make);
  // Growing and shrinking sizes, so that remains of an earlier payload would show.
  const std::vector items{sample_of(id_of(1), 1, 5'000), sample_of(id_of(2), 1, 100'000), sample_of(id_of(3), 1, 70),
                          sample_of(id_of(4), 1, 0), sample_of(id_of(5), 1, 3'000)};
  store_all(*store, items);
  const auto unopened = open(*store);
  for (const sample& item : items) require(step(*unopened)->id == item.id, "a walk need not open any payload");
  require(!step(*unopened), "a walk without payloads ends at the same license");

  const auto cursor = open(*store);
  step(*cursor);
  require(payload_at(*cursor) == items[0].payload, "a payload is returned on request");
  require(payload_at(*cursor) == items[0].payload, "a repeated request returns the same payload");
  step(*cursor);
  step(*cursor);
  require(payload_at(*cursor) == items[2].payload,
          "after skipped licenses the payload is that of the last license returned");
  require(next(*cursor) == items[3], "an empty payload is returned like any other");
  require(next(*cursor) == items[4], "the walk continues to its end");
}

void check_no_payload(const license_store_factory& make) {
  const auto store = make_store(make);
  require_error(open(*store)->payload().error(), errc::invalid_argument, "an empty store has no payload to open");
  store_all(*store, {sample_of(id_of(1))});
  const auto cursor = open(*store);
  require_error(cursor->payload().error(), errc::invalid_argument,
                "before the first license there is no payload to open");
  require(next(*cursor) == sample_of(id_of(1)), "a failed request for a payload does not move the cursor");
  require(!step(*cursor), "a cursor walks to its end");
  require_error(cursor->payload().error(), errc::invalid_argument, "at the end there is no payload to open");
}

void check_find(const license_store_factory& make) {
  const auto store = make_store(make);
  license item;
  item.id = id_of(7);
  item.key.bytes.fill(std::byte{9});
  item.revision = 12;
  item.format = "clearkey";
  item.issuer = "Example";
  item.title = "A title";
  item.rights = {backup_right::managed, std::nullopt, std::chrono::sys_seconds{1'900'000'000s}, "rights"};
  item.state = {3, std::chrono::sys_seconds{1'700'000'000s}};
  item.payload = secret_bytes::copy_of(patterned_bytes(64));
  require_value(put_license(*store, item), "a license can be put");

  const license found = require_value(store->find(item.id), "a stored license is found");
  require(found.id == item.id && found.key == item.key && found.revision == item.revision,
          "a license is found with its ids and revision");
  require(found.state == item.state && found.rights.backup == item.rights.backup,
          "a license is found with its state and backup right");
  require(pack_metadata(found) == pack_metadata(item), "a license is found with its format, issuer, title and rights");
  require(found.payload == item.payload, "a license is found with its payload");
  require_error(store->find(id_of(8)).error(), errc::license_not_found, "a license that is not stored is not found");
}

void check_describe(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1), 1, 1'000), sample_of(id_of(2), 1, 3'000)});
  store_all(*store, {sample_of(id_of(2), 2, 2'000)});
  const auto described = require_value(store->describe(), "a store can be described");
  require(described.licenses == 2, "describe counts licenses exactly");
  require(described.payload_bytes >= 1'500 && described.payload_bytes <= 6'000,
          "describe knows the size of all payloads within a factor of two");
}

// --- stored content ---

void check_states(const license_store_factory& make) {
  const auto store = make_store(make);
  std::vector<sample> items;
  const std::optional<std::uint64_t> uses[] = {std::nullopt, 0, 1, max_count};
  const std::optional<std::chrono::sys_seconds> times[] = {std::nullopt, std::chrono::sys_seconds{0s},
                                                           std::chrono::sys_seconds{-1s},
                                                           std::chrono::sys_seconds{253'402'300'799s}};
  for (const auto& left : uses)
    for (const auto& first : times) {
      items.push_back(sample_of(id_of(static_cast<std::uint8_t>(items.size()))));
      items.back().state = {left, first};
    }
  store_all(*store, items);
  require(content_of(*store) == items, "every state is kept; an absent value differs from zero");
}

void check_revisions_and_rights(const license_store_factory& make) {
  const auto store = make_store(make);
  std::vector<sample> items;
  for (const std::uint64_t revision : {std::uint64_t{0}, std::uint64_t{1}, max_count / 2 + 1, max_count})
    for (const auto right : {backup_right::denied, backup_right::granted, backup_right::managed}) {
      items.push_back(sample_of(id_of(static_cast<std::uint8_t>(items.size())), revision));
      items.back().backup = right;
    }
  store_all(*store, items);
  require(content_of(*store) == items, "every revision and backup right is kept");
  require(require_value(begin(*store)->find(items.back().id), "a batch can look up a license")->revision == max_count,
          "a batch finds the highest revision unchanged");
}

void check_sizes(const license_store_factory& make) {
  const auto store = make_store(make);
  std::vector<sample> items;
  for (const std::size_t size : {0U, 1U, 15U, 4'096U, 65'536U, 3'500'001U})
    items.push_back(sample_of(id_of(static_cast<std::uint8_t>(items.size())), 1, size));
  items[1].metadata.clear();
  items[2].metadata = patterned_bytes(200'000);
  store_all(*store, items);
  require(holds(*store, items), "payloads and metadata of any size are kept byte for byte, empty and large");
}

void check_copies(const license_store_factory& make) {
  const auto store = make_store(make);
  const sample item = sample_of(id_of(1));
  const auto batch = begin(*store);
  sample lent = item;
  put(*batch, lent);
  std::ranges::fill(lent.payload, std::byte{0});
  std::ranges::fill(lent.metadata, std::byte{0});
  commit(*batch);
  require(content_of(*store) == std::vector{item}, "a batch copies what it is given before put returns");
}

// --- changing ---

void check_put_replaces(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1)), sample_of(id_of(2)), sample_of(id_of(3))});
  const sample larger = sample_of(id_of(2), 2, 50'000), smaller = sample_of(id_of(3), 1, 3);
  store_all(*store, {larger, smaller});
  require(holds(*store, {sample_of(id_of(1)), larger, smaller}), "put replaces the license with the same id");
}

void check_remove(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1)), sample_of(id_of(2))});
  const auto batch = begin(*store);
  require_value(batch->remove(id_of(1)), "a license can be removed");
  require_value(batch->remove(id_of(1)), "removing it again is not an error");
  require_value(batch->remove(id_of(9)), "removing an id that was never stored is not an error");
  commit(*batch);
  require(holds(*store, {sample_of(id_of(2))}), "a removed license is gone and the others remain");
  require_error(store->find(id_of(1)).error(), errc::license_not_found, "a removed license is not found");
}

void check_last_word(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1)), sample_of(id_of(2))});
  const auto batch = begin(*store);
  require_value(batch->remove(id_of(1)), "a license can be removed");
  put(*batch, sample_of(id_of(1), 5));
  put(*batch, sample_of(id_of(2), 5));
  put(*batch, sample_of(id_of(2), 6));
  put(*batch, sample_of(id_of(3)));
  require_value(batch->remove(id_of(3)), "a license just put can be removed");
  commit(*batch);
  require(holds(*store, {sample_of(id_of(1), 5), sample_of(id_of(2), 6)}),
          "the last of several changes to one license wins");
}

void check_batch_find(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1)), sample_of(id_of(2))});
  const auto batch = begin(*store);
  const auto found = [&](std::uint8_t first) {
    return require_value(batch->find(id_of(first)), "a batch can look up a license");
  };
  require(found(1) && found(1)->revision == 1 && found(1)->state == sample_of(id_of(1)).state,
          "a batch finds what is stored, with its revision and state");
  require(!found(3), "a batch finds no license under an unknown id");
  put(*batch, sample_of(id_of(1), 8));
  put(*batch, sample_of(id_of(3), 9));
  require_value(batch->remove(id_of(2)), "a license can be removed");
  require(found(1) && found(1)->revision == 8 && found(1)->state == sample_of(id_of(1), 8).state,
          "a batch finds what it replaced");
  require(found(3) && found(3)->revision == 9, "a batch finds what it added");
  require(!found(2), "a batch does not find what it removed");
}

void check_atomic(const license_store_factory& make) {
  const auto store = make_store(make);
  const std::vector before{sample_of(id_of(1)), sample_of(id_of(2))};
  store_all(*store, before);
  {
    const auto batch = begin(*store);
    put(*batch, sample_of(id_of(1), 2));
    put(*batch, sample_of(id_of(3)));
    require_value(batch->remove(id_of(2)), "a license can be removed");
  }
  require(holds(*store, before), "a batch destroyed without commit leaves the store as it was");
  commit(*begin(*store));
  require(holds(*store, before), "committing an empty batch leaves the store as it was");
}

void check_invisible(const license_store_factory& make) {
  const auto store = make_store(make);
  const auto require_content = [&](const std::vector<sample>& expected, std::string_view promise) {
    require(holds(*store, expected), promise);
    require(store->find(id_of(2)).has_value() == (expected.size() == 2), "find sees what a cursor sees");
  };
  const sample one = sample_of(id_of(1));
  sample two = sample_of(id_of(2), 1, 500'000);
  two.metadata = pack_metadata({});  // for find, which parses it
  auto batch = begin(*store);
  put(*batch, two);
  require_content({}, "nothing of the first batch is visible before its commit");
  commit(*batch);
  batch.reset();
  batch = begin(*store);
  put(*batch, one);
  require(content_of(*store) == std::vector{two}, "nothing of a later batch is visible before its commit");
  commit(*batch);
  require_content({one, two}, "all of a batch is visible when commit has returned");
}

void check_snapshot(const license_store_factory& make) {
  const auto store = make_store(make);
  const std::vector before{sample_of(id_of(1)), sample_of(id_of(3)), sample_of(id_of(5), 1, 100'000)};
  store_all(*store, before);
  const auto untouched = open(*store), walking = open(*store);
  require(next(*walking) == before[0], "a cursor walks");

  const auto batch = begin(*store);
  put(*batch, sample_of(id_of(2)));
  put(*batch, sample_of(id_of(3), 7));
  require_value(batch->remove(id_of(5)), "a license can be removed");
  require(next(*walking) == before[1], "a cursor walks on while a batch is open");
  commit(*batch);
  require(next(*walking) == before[2] && !next(*walking), "a cursor goes on to see what it saw when opened");
  require(rest_of(*untouched) == before, "a cursor whose first step comes after the change sees the old licenses");
  require(holds(*store, {before[0], sample_of(id_of(2)), sample_of(id_of(3), 7)}), "a new cursor sees the change");
}

void check_abandoned_cursor(const license_store_factory& make) {
  const auto store = make_store(make);
  store_all(*store, {sample_of(id_of(1)), sample_of(id_of(2))});
  auto cursor = open(*store);
  require(next(*cursor).has_value(), "a cursor walks");
  cursor.reset();
  store_all(*store, {sample_of(id_of(1), 2)});
  require(holds(*store, {sample_of(id_of(1), 2), sample_of(id_of(2))}), "a cursor may be destroyed before its end");
}

void check_one_batch(const license_store_factory& make) {
  const auto store = make_store(make);
  auto first = begin(*store);
  put(*first, sample_of(id_of(1)));
  std::atomic<bool> first_is_open = true;
  auto second = std::async(std::launch::async, [&] {
    const auto batch = store->begin_batch();
    if (batch) require(!first_is_open, "a second batch is not begun while one is open");
    if (!batch) require_error(batch.error(), errc::store_busy, "a second batch is refused as busy");
  });
  // A store that refuses returns immediately. If it waits instead, the wait ends when the first batch is destroyed.
  second.wait_for(1s);
  first_is_open = false;
  first.reset();
  second.get();
  commit(*begin(*store));
  require(holds(*store, {}), "abandoned batches change nothing");
}

constexpr license_store_check checks[] = {
    {"a new store is empty", check_empty},
    {"a cursor walks in ascending order of id", check_order},
    {"a cursor gives each of many licenses once", check_many},
    {"two cursors are independent", check_cursors_apart},
    {"a payload can be requested, requested twice, or skipped", check_payload_on_request},
    {"without a license there is no payload", check_no_payload},
    {"a license is found with everything that was stored", check_find},
    {"describe counts the licenses", check_describe},
    {"every state is kept", check_states},
    {"every revision and backup right is kept", check_revisions_and_rights},
    {"payloads and metadata may be empty or large", check_sizes},
    {"a batch copies what it is given", check_copies},
    {"put replaces the license with the same id", check_put_replaces},
    {"a removed license is gone, and removing it again is not an error", check_remove},
    {"the last of several changes to one license wins", check_last_word},
    {"a batch sees its own changes", check_batch_find},
    {"a batch destroyed without commit leaves the store as it was", check_atomic},
    {"nothing of a batch is visible before its commit", check_invisible},
    {"a cursor sees the licenses as they were when it was opened", check_snapshot},
    {"a cursor may be destroyed before its end", check_abandoned_cursor},
    {"one batch is open at a time", check_one_batch},
    {"a note is kept, replaced and removed", check_notes_kept},
    {"a note name consists of the allowed characters", check_note_names},
    {"a note is unchanged if an edit says so or fails", check_note_untouched},
    {"notes and licenses do not touch each other", check_notes_apart},
    {"notes are read and not written while a batch is open", check_notes_and_batch},
    {"no concurrent edit of a note is lost", check_no_note_lost},
};

}  // namespace

std::span<const license_store_check> license_store_contract() noexcept {
  return checks;
}

}  // namespace reinstate::testing
