// SPDX-License-Identifier: BSL-1.0
#include <reinstate/service/http_license_management_service.hpp>
