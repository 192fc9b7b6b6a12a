// SPDX-License-Identifier: BSL-1.0
#include "output/error_subject.hpp"

namespace tool {

error_subject subject_of(const reinstate::error_code& ec) {
  if (ec.category() != reinstate::error_category()) return error_subject::none;
  if (ec == reinstate::errc::license_damaged) return error_subject::store;
  switch (reinstate::info_of(static_cast<reinstate::errc>(ec.value())).subject) {
    case reinstate::error_subject::path:  // an operation names no path but that of its backup
    case reinstate::error_subject::backup: return error_subject::backup;
    case reinstate::error_subject::store: return error_subject::store;
    case reinstate::error_subject::identity: return error_subject::identity;
    default: return error_subject::none;
  }
}

}  // namespace tool
