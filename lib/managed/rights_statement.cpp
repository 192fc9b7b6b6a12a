// SPDX-License-Identifier: BSL-1.0
#include <reinstate/rights_statement.hpp>
