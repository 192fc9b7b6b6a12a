// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_BACKUP_RESTORE_PROPS_HPP
#define REINSTATE_BACKUP_RESTORE_PROPS_HPP

#include <reinstate/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace reinstate {

// Names of the predefined properties; their values are full paths in UTF-8. [C125]
inline constexpr std::string_view backup_path_property = "BackupPath";
inline constexpr std::string_view restore_path_property = "RestorePath";

// Name of the passphrase property, in UTF-8. The passphrase protects every backup made while it is set, opens backups
// of other machines, and takes precedence over the configuration for both. A backup continues the set of this machine
// if the passphrase opens it, so a program can set the property each time it starts; if it does not open it, a new set
// begins. Write-only: never returned, not counted, wiped when it is replaced or removed.
inline constexpr std::string_view passphrase_property = "Passphrase";

// A name and its value.
struct property {
  std::string name;
  std::string value;

  friend bool operator==(const property&, const property&) = default;
};

// The settings of one restorer, by name. Names are compared exactly; unknown names are kept. [O13] An operation uses
// the values that were set when it started. [C47]
//
// Thread safety: any function from any thread.
class backup_restore_props {
 public:
  virtual ~backup_restore_props() = default;

  // Returns the number of properties.
  virtual std::size_t prop_count() const = 0;

  // Returns the property at `index`, in ascending order of name. Errors: invalid_argument past the end. [C45]
  virtual result<property> prop_by_index(std::size_t index) const = 0;

  // Returns the value of a property. Errors: property_not_set.
  virtual result<std::string> prop_by_name(std::string_view name) const = 0;

  // Sets a property or replaces its value. Errors: invalid_argument for an empty name.
  virtual result<void> set_prop(std::string_view name, std::string_view value) = 0;

  // Removes a property. Errors: property_not_set if it is not set, in which case nothing changes.
  virtual result<void> remove_prop(std::string_view name) = 0;

  // Removes every property.
  virtual void remove_all_props() = 0;
};

}  // namespace reinstate

#endif
