// SPDX-License-Identifier: BSL-1.0
#include "managed_seal.hpp"
