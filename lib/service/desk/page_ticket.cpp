// SPDX-License-Identifier: BSL-1.0
#include <reinstate/service/service_desk.hpp>
