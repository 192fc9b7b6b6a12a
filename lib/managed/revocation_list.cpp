// SPDX-License-Identifier: BSL-1.0
#include <reinstate/revocation_list.hpp>
