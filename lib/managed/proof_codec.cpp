// SPDX-License-Identifier: BSL-1.0
#include "proof_codec.hpp"
