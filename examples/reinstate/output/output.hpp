// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OUTPUT_HPP
#define REINSTATE_TOOL_OUTPUT_HPP

#include "output/error_subject.hpp"
#include "output/exit_code.hpp"

#include <reinstate/error.hpp>

#include <nlohmann/json.hpp>

#include <string_view>

namespace tool {

using json = nlohmann::ordered_json;

// Writes results to standard output: text for people, or one JSON object per line for programs. Errors go to standard
// error for people, and into the last object for programs.
//
// A failed write (a full disk, a closed pipe) does not stop the command; has_failed() reports it.
// Thread safety: one call at a time.
class output {
 public:
  output(bool is_json, bool is_quiet) : is_json_(is_json), is_quiet_(is_quiet) {}

  bool is_json() const { return is_json_; }
  bool is_quiet() const { return is_quiet_; }
  bool has_failed() const { return has_failed_; }

  // Prints a line for people. A note is about success, and is not printed with --quiet.
  void line(std::string_view text);
  void note(std::string_view text);

  // Prints an event or a license for programs.
  void object(const json& value);

  // Writes the bytes as they are, without copying them: for secrets.
  void raw(std::string_view bytes);

  // Ends a command that succeeded, fully (exit_done) or in part (exit_partial). `fields` are added to the result that
  // programs get. Returns `code`.
  exit_code done(json fields = {}, exit_code code = exit_done);

  // Ends a command that failed. If `fields` has a mistyped_group, people are told, too. Returns exit_failed.
  exit_code failed(const reinstate::error_code& ec, const error_location& location, json fields = {});

 private:
  void put_result(std::string_view result, json error, json fields);

  bool is_json_;
  bool is_quiet_;
  bool has_failed_ = false;
};

// Returns {"name", "hresult", "message", "advice"}, or null for success.
json error_json(const reinstate::error_code& ec, error_subject subject = error_subject::none);

// Writes "reinstate: <location>: <text>" to standard error, and the advice below it. Leaves out what is empty.
void print_error(std::string_view text, std::string_view advice, std::string_view location);

}  // namespace tool

#endif
