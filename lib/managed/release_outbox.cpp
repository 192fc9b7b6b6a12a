// SPDX-License-Identifier: BSL-1.0
#include <reinstate/release_outbox.hpp>
