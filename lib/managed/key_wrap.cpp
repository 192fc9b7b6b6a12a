// SPDX-License-Identifier: BSL-1.0
#include "key_wrap.hpp"
