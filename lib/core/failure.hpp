// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_CORE_FAILURE_HPP
#define REINSTATE_CORE_FAILURE_HPP

#include <reinstate/error.hpp>
#include <reinstate/report.hpp>

#include <boost/throw_exception.hpp>

#include <string>
#include <utility>

namespace reinstate::engine {

// An error, and the file of a medium that it is about.
struct failure {
  error_code code;
  std::string file;  // empty if the error is about no file

  failure() = default;
  failure(error_code error, std::string name = {}) : code(error), file(std::move(name)) {}
  failure(errc error, std::string name = {}) : code(error), file(std::move(name)) {}

  friend bool operator==(const failure& left, errc right) noexcept { return left.code == right; }
  friend bool operator==(const failure& left, const error_code& right) noexcept { return left.code == right; }

  template <class Stream>
  friend Stream& operator<<(Stream& stream, const failure& error) {
    stream << error.code;
    if (!error.file.empty()) stream << " " << error.file;
    return stream;
  }
};

// The result of every function of the engine. The public functions return the error_code alone.
template <class T>
using result = boost::system::result<T, failure>;

// Called by `result::value` if there is none.
[[noreturn]] inline void throw_exception_from_error(const failure& error, const boost::source_location& location) {
  boost::throw_with_location(boost::system::system_error(error.code), location);
}

// Returns `outcome` with its error, if it is one, being about `file`.
template <class T, class Error>
result<T> in_file(const std::string& file, boost::system::result<T, Error> outcome) {
  if (!outcome) return failure(failure(outcome.error()).code, file);
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(*outcome);
}

// Returns what a report says of a failure.
inline backup_damage damage_of(const failure& error) {
  return {error.file, error.code};
}

}  // namespace reinstate::engine

#endif
