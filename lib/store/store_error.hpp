// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_STORE_STORE_ERROR_HPP
#define REINSTATE_STORE_STORE_ERROR_HPP

#include "sqlite/sqlite.hpp"

#include <reinstate/error.hpp>

#include <type_traits>
#include <utility>

namespace reinstate::store {

// Translates an error of the database to the store's own.
errc errc_of(sqlite::error error) noexcept;

// Returns the value, or the translated error.
template <class T>
result<T> translated(sqlite::result<T> outcome) {
  if (!outcome) return errc_of(outcome.error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return *std::move(outcome);
}

}  // namespace reinstate::store

#endif
