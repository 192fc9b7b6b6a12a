// SPDX-License-Identifier: BSL-1.0
#include <reinstate/license_management_service.hpp>
