// SPDX-License-Identifier: BSL-1.0
#include <reinstate/owner_proof.hpp>
