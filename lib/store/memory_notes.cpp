// SPDX-License-Identifier: BSL-1.0
#include <reinstate/note_store.hpp>
