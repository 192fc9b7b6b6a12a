// SPDX-License-Identifier: BSL-1.0
#include "http_signature.hpp"
