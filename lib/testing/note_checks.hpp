// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTING_NOTE_CHECKS_HPP
#define REINSTATE_TESTING_NOTE_CHECKS_HPP

#include <reinstate/testing/license_store_suite.hpp>

// Checks of a store's notes. A store without notes passes.

namespace reinstate::testing {

void check_notes_kept(const license_store_factory& make);
void check_note_names(const license_store_factory& make);
void check_note_untouched(const license_store_factory& make);
void check_notes_apart(const license_store_factory& make);
void check_notes_and_batch(const license_store_factory& make);
void check_no_note_lost(const license_store_factory& make);

}  // namespace reinstate::testing

#endif
