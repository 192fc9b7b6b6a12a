// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_SQLITE_NOTES_HPP
#define REINSTATE_STORE_SQLITE_NOTES_HPP

#include "sqlite/sqlite.hpp"

#include <reinstate/note_store.hpp>

#include <functional>
#include <map>
#include <string>

// The notes in the database of a license store: a table of their own, which is made with the first of them.
// Preconditions: the names are names of notes.

namespace reinstate::store {

using note_map = std::map<std::string, note_store::document, std::less<>>;

result<std::optional<note_store::document>> read_note(sqlite::database& in, std::string_view name);

// All of them, within the caller's transaction.
result<note_map> all_notes(sqlite::database& in);

// In a transaction of its own, which is the only one that writes from before `make` is asked. Errors: also those of
// `make`; store_busy where somebody else goes on writing.
result<void> update_note(sqlite::database& in, std::string_view name, const note_store::change& make);

}  // namespace reinstate::store

#endif
