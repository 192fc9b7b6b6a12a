// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_KEYRING_GLIB_HPP
#define REINSTATE_KEYRING_GLIB_HPP

#include <gio/gio.h>
#include <libsecret/secret.h>

#include <algorithm>
#include <chrono>
#include <memory>

namespace reinstate::glib {

struct release {
  void operator()(char* text) const noexcept { g_free(text); }
  void operator()(GError* error) const noexcept { g_error_free(error); }
  void operator()(GHashTable* table) const noexcept { g_hash_table_unref(table); }
  void operator()(GList* objects) const noexcept { g_list_free_full(objects, g_object_unref); }
  void operator()(GMainContext* context) const noexcept { g_main_context_unref(context); }
  void operator()(GVariant* value) const noexcept { g_variant_unref(value); }
  void operator()(SecretSchema* schema) const noexcept { secret_schema_unref(schema); }
  void operator()(SecretValue* value) const noexcept { secret_value_unref(value); }  // wipes the last one
  void operator()(GSource* source) const noexcept {
    g_source_destroy(source);
    g_source_unref(source);
  }
  template <class Object>
  void operator()(Object* object) const noexcept {
    g_object_unref(object);
  }
};

template <class T>
using owned = std::unique_ptr<T, release>;

// Runs asynchronous functions one after the other in the calling thread, all of them within one time limit. At the
// limit, the connection is closed, the running function is canceled, and later calls are canceled too.
//
// Uses a main context of its own, so that no other sources of the caller run meanwhile.
// Lifetime: must outlive the objects that the calls created.
class limited_calls {
 public:
  explicit limited_calls(std::chrono::milliseconds limit)
      : context_(g_main_context_new()),
        canceled_(g_cancellable_new()),
        end_(timer(std::clamp(limit, limit.zero(), max_limit), end)),
        give_up_(timer(std::clamp(limit, limit.zero(), max_limit) + cancel_time, give_up)) {
    g_main_context_push_thread_default(context_.get());
  }
  ~limited_calls() {
    end_.reset();
    give_up_.reset();
    // Runs the work that the destroyed objects left on the context.
    while (!given_up_ && g_main_context_iteration(context_.get(), FALSE)) continue;
    g_main_context_pop_thread_default(context_.get());
  }
  limited_calls(const limited_calls&) = delete;
  limited_calls& operator=(const limited_calls&) = delete;

  // Sets the connection that later calls use. It must outlive them.
  void use(GDBusConnection* connection) { connection_ = connection; }

  // Calls begin(arguments..., cancellable, callback, data) and waits for its result. Returns null if none came even
  // after the cancellation.
  template <class Begin, class... Arguments>
  owned<GAsyncResult> call(Begin begin, Arguments... arguments) {
    if (given_up_) return nullptr;  // the context must not run again: a late result would be written to a dead variable
    GAsyncResult* ended = nullptr;
    begin(arguments..., canceled_.get(), keep_result, &ended);
    while (ended == nullptr && !given_up_) g_main_context_iteration(context_.get(), TRUE);
    return owned<GAsyncResult>(ended);
  }

 private:
  // Time for a canceled call to end. Some calls of libsecret never do.
  static constexpr std::chrono::milliseconds cancel_time = std::chrono::seconds(2);
  static constexpr std::chrono::milliseconds max_limit = std::chrono::hours(24);

  owned<GSource> timer(std::chrono::milliseconds delay, GSourceFunc callback) {
    owned<GSource> source(g_timeout_source_new(static_cast<guint>(delay.count())));
    g_source_set_callback(source.get(), callback, this, nullptr);
    g_source_attach(source.get(), context_.get());
    return source;
  }

  // Closes the connection before it cancels: libsecret would dismiss an open prompt, at which GNOME Keyring 42 aborts
  // and locks all keyrings of the user. Without the connection the prompt stays, and the user may still answer.
  static gboolean end(gpointer data) {
    auto* const self = static_cast<limited_calls*>(data);
    if (self->connection_ != nullptr)
      g_dbus_connection_close(self->connection_, nullptr, cancel, self);
    else
      cancel(nullptr, nullptr, self);
    return G_SOURCE_REMOVE;
  }
  static void cancel(GObject*, GAsyncResult*, gpointer self) {
    g_cancellable_cancel(static_cast<limited_calls*>(self)->canceled_.get());
  }
  static gboolean give_up(gpointer self) {
    static_cast<limited_calls*>(self)->given_up_ = true;
    return G_SOURCE_REMOVE;
  }
  static void keep_result(GObject*, GAsyncResult* result, gpointer destination) {
    *static_cast<GAsyncResult**>(destination) = static_cast<GAsyncResult*>(g_object_ref(result));
  }

  owned<GMainContext> context_;
  owned<GCancellable> canceled_;
  owned<GSource> end_, give_up_;
  GDBusConnection* connection_ = nullptr;
  bool given_up_ = false;
};

}  // namespace reinstate::glib

#endif
