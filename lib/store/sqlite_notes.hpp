// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_SQLITE_NOTES_HPP
#define REINSTATE_STORE_SQLITE_NOTES_HPP

#include "sqlite/sqlite.hpp"

#include <reinstate/note_store.hpp>

#include <functional>
#include <map>
#include <string>

// The notes in the database of a license store: a table of their own, created with the first note.
// Preconditions: the names are names of notes.

namespace reinstate::store {

using note_map = std::map<std::string, note_store::document, std::less<>>;

result<std::optional<note_store::document>> read_note(sqlite::database& database, std::string_view name);

// Returns all notes, within the caller's transaction.
result<note_map> all_notes(sqlite::database& database);

// Replaces a note with the result of `change`, in a write transaction that begins before the call of `change`.
// Errors: also those of `change`; store_busy if another connection keeps writing.
result<void> update_note(sqlite::database& database, std::string_view name, const note_store::change& change);

}  // namespace reinstate::store

#endif
