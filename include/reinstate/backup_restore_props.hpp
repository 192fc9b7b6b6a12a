// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BACKUP_RESTORE_PROPS_HPP
#define REINSTATE_BACKUP_RESTORE_PROPS_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace reinstate {

// The predefined properties: full paths, UTF-8. [C125]
inline constexpr std::string_view backup_path_property = "BackupPath";
inline constexpr std::string_view restore_path_property = "RestorePath";

// A passphrase, UTF-8: protects every backup made while it is set, opens those of other machines, and comes before what
// the configuration says of both. A backup goes on with the set of this machine that it opens, so it can be set each
// time a program starts; where it opens none, a new set begins. Write-only: never given back, not counted, wiped when
// it is replaced or removed.
inline constexpr std::string_view passphrase_property = "Passphrase";

struct property {
  std::string name;
  std::string value;

  friend bool operator==(const property&, const property&) = default;
};

// The settings of one restorer, by name. Names are compared exactly; unknown ones are kept. [O13]
// An operation uses the values of the moment it started. [C47]
//
// Thread safety: any function from any thread.
class backup_restore_props {
 public:
  virtual ~backup_restore_props() = default;

  virtual std::size_t prop_count() const = 0;

  // Properties in ascending order of name. Errors: invalid_argument past the end. [C45]
  virtual result<property> prop_by_index(std::size_t index) const = 0;

  // Errors: property_not_set.
  virtual result<std::string> prop_by_name(std::string_view name) const = 0;

  // Sets or replaces. Errors: invalid_argument for an empty name.
  virtual result<void> set_prop(std::string_view name, std::string_view value) = 0;

  // Errors: property_not_set where there is none, which changes nothing.
  virtual result<void> remove_prop(std::string_view name) = 0;

  virtual void remove_all_props() = 0;
};

}  // namespace reinstate

#endif
