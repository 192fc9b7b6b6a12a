// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TOOL_OUTPUT_HPP
#define REINSTATE_TOOL_OUTPUT_HPP

#include "options.hpp"

#include <reinstate/error.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace tool {

using json = nlohmann::ordered_json;

// Where results go: standard output, as text for people or as one JSON object per line for programs. Errors go to
// standard error for people, and into the last object for programs.
//
// What cannot be written (a full disk, a closed pipe) does not stop what the tool does, but `has_failed` tells.
// Thread safety: one call at a time.
class output {
 public:
  output(bool is_json, bool is_quiet) : is_json_(is_json), is_quiet_(is_quiet) {}

  bool is_json() const { return is_json_; }
  bool is_quiet() const { return is_quiet_; }
  bool has_failed() const { return has_failed_; }

  // For people: a line of what was asked for, and a line about what went well. For programs, nothing.
  void line(std::string_view text);
  void note(std::string_view text);

  // For programs: an event or a license. For people, nothing.
  void object(const json& value);

  // Bytes as they are, without a copy: for secrets.
  void raw(std::string_view bytes);

  // The end of a command that went well, in full or in part; `fields` is what it has to tell programs.
  exit_code done(json fields = {}, exit_code how = exit_done);

  // The end of a command that failed; `where` is the file it was about, or empty. The field mistyped_group is told
  // people, too.
  exit_code failed(const reinstate::error_code& ec, std::string_view where, json fields = {});

 private:
  void put_result(std::string_view result, json error, json fields);

  bool is_json_;
  bool is_quiet_;
  bool has_failed_ = false;
};

// What happened, and what to do next: the library's words, except where the tool has an option that helps.
std::string text_of(const reinstate::error_code& ec);
std::string advice_of(const reinstate::error_code& ec);

// {"name", "hresult", "message", "advice"}, or null for success.
json error_json(const reinstate::error_code& ec);

// Writes to standard error: "reinstate: <where>: <text>", and the advice below it.
void print_error(std::string_view text, std::string_view advice, std::string_view where);

}  // namespace tool

#endif
