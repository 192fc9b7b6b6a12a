// SPDX-License-Identifier: BSL-1.0
#include "testing/note_checks.hpp"

#include "testing/license_sample.hpp"

#include <array>
#include <optional>
#include <string>
#include <thread>

namespace reinstate::testing {
namespace {

using document = note_store::document;
using store_ptr = std::unique_ptr<license_store>;

store_ptr make_store(const license_store_factory& make) {
  return require_value(make(), "a store can be made");
}

std::optional<document> read(note_store& notes, std::string_view name) {
  return require_value(notes.read(name), "a note can be read");
}

note_store::change replace_with(document content) {
  return [content = std::move(content)](const std::optional<document>&) { return std::optional(content); };
}

void write(note_store& notes, std::string_view name, const document& content) {
  require_value(notes.update(name, replace_with(content)), "a note can be written");
}

}  // namespace

void check_notes_kept(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  require(!read(*notes, "a"), "a new store has no note");
  for (const std::size_t size : {1U, 20'000U, 3'000'000U, 7U}) {
    const document content = patterned_bytes(size);
    write(*notes, "a", content);
    require(read(*notes, "a") == content, "a note is kept, and replaces the one of that name");
  }
  const document before = *read(*notes, "a");
  std::optional<document> seen;
  const auto remove_and_record = [&](const std::optional<document>& old) -> result<std::optional<document>> {
    seen = old;
    return std::optional(document());
  };
  require_value(notes->update("a", remove_and_record), "a note can be removed");
  require(seen == before, "an edit gets the old content");
  require(!read(*notes, "a"), "an empty document removes a note");
  require_value(notes->update("a", remove_and_record), "removing a note that does not exist is not an error");
  require(!seen && !read(*notes, "a"), "an edit of a missing note gets nullopt");
}

void check_note_names(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  const document content{std::byte{1}};
  for (const std::string& name : {std::string("a"), std::string("/0-z/9"), std::string(128, 'x')}) {
    write(*notes, name, content);
    require(read(*notes, name) == content, "a note may have any name of the allowed characters");
  }
  for (const std::string& name : {std::string(), std::string(129, 'x'), std::string("A"), std::string("a b"),
                                  std::string("a_"), std::string("a\0b", 3), std::string("\xc3\xa4")}) {
    require_error(notes->read(name).error(), errc::invalid_argument, "an invalid name cannot be read");
    require_error(notes->update(name, replace_with(content)).error(), errc::invalid_argument,
                  "an invalid name cannot be written");
  }
}

void check_note_untouched(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  const document content{std::byte{1}};
  const auto leave = [](const std::optional<document>&) { return std::optional<document>(); };
  const auto fail_edit = [](const std::optional<document>&) -> result<std::optional<document>> {
    return errc::backup_damaged;
  };
  require_value(notes->update("a", leave), "an edit may leave a note unchanged");
  require(!read(*notes, "a"), "an edit that leaves a missing note unchanged creates none");
  write(*notes, "a", content);
  require_value(notes->update("a", leave), "an edit may leave a note unchanged");
  require_error(notes->update("a", fail_edit).error(), errc::backup_damaged, "the error of an edit is returned");
  require(read(*notes, "a") == content, "a failed edit leaves the note unchanged");
  write(*notes, "a", {std::byte{2}});
  require(read(*notes, "a") == document{std::byte{2}}, "a note can be written after a failed edit");
}

void check_notes_apart(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  write(*notes, "a", {std::byte{1}});
  write(*notes, "a/b", {std::byte{2}});
  require(require_value(store->describe(), "a store can be described").licenses == 0,
          "a note does not count as a license");
  license item;
  item.id = id_of(1);
  require_value(put_license(*store, item), "a license can be put into a store with notes");
  write(*notes, "a/b", {});
  require(read(*notes, "a") == document{std::byte{1}}, "a note is not touched by licenses or other notes");
  require(store->find(item.id).has_value(), "a license is not touched by notes");
}

void check_notes_and_batch(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  const document content{std::byte{1}};
  write(*notes, "a", content);
  for (std::uint8_t round = 1; round != 3; ++round) {  // into an empty store, and into one with licenses
    const auto batch = require_value(store->begin_batch(), "a batch can be begun if none is open");
    require_value(batch->put(sample_of(id_of(round)).record()), "a license can be put");
    require(read(*notes, "a") == content && !read(*notes, "b"), "notes are read while a batch is open");
    require_error(notes->update("b", replace_with(content)).error(), errc::store_busy,
                  "notes are not written while a batch is open");
    require_value(batch->commit(), "a batch can be committed");
  }
  write(*notes, "b", content);
  require(read(*notes, "a") == content && read(*notes, "b") == content, "notes are written after a batch");
}

void check_no_note_lost(const license_store_factory& make) {
  const store_ptr store = make_store(make);
  note_store* const notes = store->notes();
  if (notes == nullptr) return;
  constexpr std::size_t edits_per_thread = 20;
  const auto append = [&](std::size_t times) -> result<void> {
    const auto one_more = [](const std::optional<document>& before) -> result<std::optional<document>> {
      return document(before ? before->size() + 1 : 1);
    };
    for (std::size_t i = 0; i != times; ++i)
      if (auto done = notes->update("a", one_more); !done) return done;
    return {};
  };
  std::array<result<void>, 2> done;
  std::thread second_thread([&] { done[0] = append(edits_per_thread); });
  done[1] = append(edits_per_thread);
  second_thread.join();
  for (const auto& one : done) require_value(one, "notes are written from any thread");
  require(read(*notes, "a")->size() == 2 * edits_per_thread, "no edit is lost");
}

}  // namespace reinstate::testing
