// SPDX-License-Identifier: BSL-1.0
#include <reinstate/service/ledger.hpp>
