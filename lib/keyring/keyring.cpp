// SPDX-License-Identifier: BSL-1.0
#include "keyring/glib.hpp"
#include "keyring/private_service.hpp"

#include <reinstate/recovery/keyring.hpp>

#include <string_view>

namespace reinstate {
namespace {

using glib::owned;

bool is_set_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Returns true if the item is unlocked. Not secret_item_get_locked, which prints a warning for an item that was not
// loaded, as after a cancellation.
bool is_unlocked(gpointer item) {
  const owned<GVariant> locked(g_dbus_proxy_get_cached_property(G_DBUS_PROXY(item), "Locked"));
  return locked && g_variant_is_of_type(locked.get(), G_VARIANT_TYPE_BOOLEAN) && !g_variant_get_boolean(locked.get());
}

// A connection to the key store of the session.
class key_store {
 public:
  explicit key_store(std::chrono::milliseconds limit)
      : calls_(limit),
        // Items are found by their attributes alone, whichever program stored them.
        schema_(secret_schema_new("reinstate.RecoveryKey", SECRET_SCHEMA_DONT_MATCH_NAME,  //
                                  "application", SECRET_SCHEMA_ATTRIBUTE_STRING,           //
                                  "set", SECRET_SCHEMA_ATTRIBUTE_STRING, nullptr)) {}

  result<void> open();
  result<void> put(const std::string& set, const secret_bytes& secret);

  // Returns the entries of a set, unlocked. Without `all` returns only one of them, preferably one that was unlocked.
  result<owned<GList>> entries(const std::string& set, bool all);
  result<void> remove(SecretItem* item);

 private:
  owned<GHashTable> attributes_of(const std::string& set) const {
    return owned<GHashTable>(
        secret_attributes_build(schema_.get(), "application", "reinstate", "set", set.c_str(), nullptr));
  }

  glib::limited_calls calls_;
  owned<SecretSchema> schema_;
  owned<GDBusConnection> connection_;
  owned<SecretService> service_;
};

result<void> key_store::open() {
  const owned<char> address(g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, nullptr, nullptr));
  if (!address) return errc::keyring_unavailable;
  constexpr auto flags = static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                           G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION);
  const auto connected = calls_.call(g_dbus_connection_new_for_address, address.get(), flags, nullptr);
  if (connected) connection_.reset(g_dbus_connection_new_for_address_finish(connected.get(), nullptr));
  if (!connection_) return errc::keyring_unavailable;
  calls_.use(connection_.get());
  service_ = glib::open_service(calls_, connection_.get());
  if (!service_) return errc::keyring_unavailable;
  return {};
}

result<void> key_store::put(const std::string& set, const secret_bytes& secret) {
  const std::string label = "Recovery key of the backup set " + set;
  const auto bytes = secret.expose();
  const owned<SecretValue> value(
      secret_value_new(reinterpret_cast<const char*>(bytes.data()), static_cast<gssize>(bytes.size()), "text/plain"));
  const auto attributes = attributes_of(set);
  const auto stored = calls_.call(secret_service_store, service_.get(), schema_.get(), attributes.get(),
                                  SECRET_COLLECTION_DEFAULT, label.c_str(), value.get());
  if (!stored || !secret_service_store_finish(service_.get(), stored.get(), nullptr)) return errc::keyring_unavailable;
  return {};
}

result<owned<GList>> key_store::entries(const std::string& set, bool all) {
  const auto flags = static_cast<SecretSearchFlags>((all ? SECRET_SEARCH_ALL : SECRET_SEARCH_NONE) |
                                                    SECRET_SEARCH_UNLOCK | SECRET_SEARCH_LOAD_SECRETS);
  const auto attributes = attributes_of(set);
  const auto searched = calls_.call(secret_service_search, service_.get(), schema_.get(), attributes.get(), flags);
  if (!searched) return errc::keyring_unavailable;
  GError* failure = nullptr;
  owned<GList> items(secret_service_search_finish(service_.get(), searched.get(), &failure));
  if (const owned<GError> error(failure); error) return errc::keyring_unavailable;
  for (const GList* item = items.get(); item != nullptr; item = item->next)
    if (!is_unlocked(item->data)) return errc::keyring_unavailable;  // the user declined
  return items;
}

result<void> key_store::remove(SecretItem* item) {
  const auto removed = calls_.call(secret_item_delete, item);
  if (!removed || !secret_item_delete_finish(item, removed.get(), nullptr)) return errc::keyring_unavailable;
  return {};
}

}  // namespace

result<void> keyring_store(const keyring_entry& entry, const secret_bytes& secret,
                           std::chrono::milliseconds time_limit) {
  if (!is_set_id(entry.set) || secret.empty()) return errc::invalid_argument;
  key_store store(time_limit);
  if (const auto opened = store.open(); !opened) return opened;
  return store.put(entry.set, secret);
}

result<std::optional<secret_bytes>> keyring_find(const keyring_entry& entry, std::chrono::milliseconds time_limit) {
  if (!is_set_id(entry.set)) return errc::invalid_argument;
  key_store store(time_limit);
  if (const auto opened = store.open(); !opened) return opened.error();
  const auto found = store.entries(entry.set, false);
  if (!found) return found.error();
  if (!*found) return std::nullopt;

  const owned<SecretValue> value(secret_item_get_secret(SECRET_ITEM((*found)->data)));
  if (!value) return errc::keyring_unavailable;
  gsize size = 0;
  const char* const text = secret_value_get(value.get(), &size);
  return secret_bytes::locked_copy_of(std::string_view(text, size));
}

result<void> keyring_erase(const keyring_entry& entry, std::chrono::milliseconds time_limit) {
  if (!is_set_id(entry.set)) return errc::invalid_argument;
  key_store store(time_limit);
  if (const auto opened = store.open(); !opened) return opened;
  const auto found = store.entries(entry.set, true);
  if (!found) return found.error();
  for (const GList* item = found->get(); item != nullptr; item = item->next)
    if (const auto removed = store.remove(SECRET_ITEM(item->data)); !removed) return removed;
  return {};
}

}  // namespace reinstate
