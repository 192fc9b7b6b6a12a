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

// Runs asynchronous functions one after the other in the calling thread, all of them within one time limit. When it
// ends, the connection is closed, what is running is canceled, and so is whatever is called later.
//
// They run on a context of their own, so that nothing else of the caller's runs meanwhile. What they made must go
// first.
class limited_calls {
 public:
  explicit limited_calls(std::chrono::milliseconds limit)
      : context_(g_main_context_new()),
        canceled_(g_cancellable_new()),
        end_(timer(std::clamp(limit, limit.zero(), longest), end)),
        give_up_(timer(std::clamp(limit, limit.zero(), longest) + patience, give_up)) {
    g_main_context_push_thread_default(context_.get());
  }
  ~limited_calls() {
    end_.reset();
    give_up_.reset();
    // What the objects left behind when they went is given back on the context.
    while (!given_up_ && g_main_context_iteration(context_.get(), FALSE)) continue;
    g_main_context_pop_thread_default(context_.get());
  }
  limited_calls(const limited_calls&) = delete;
  limited_calls& operator=(const limited_calls&) = delete;

  // The connection that later calls use. It must outlive them.
  void use(GDBusConnection* connection) { connection_ = connection; }

  // Calls begin(arguments..., cancellable, callback, data) and waits for its result; nothing where none came although
  // it was canceled.
  template <class Begin, class... Arguments>
  owned<GAsyncResult> call(Begin begin, Arguments... arguments) {
    if (given_up_) return nullptr;  // the context must not run again: a result that comes late has nowhere to go
    GAsyncResult* ended = nullptr;
    begin(arguments..., canceled_.get(), keep_result, &ended);
    while (ended == nullptr && !given_up_) g_main_context_iteration(context_.get(), TRUE);
    return owned<GAsyncResult>(ended);
  }

 private:
  // For what has been canceled to end. Some ways through libsecret never do.
  static constexpr std::chrono::milliseconds patience = std::chrono::seconds(2);
  static constexpr std::chrono::milliseconds longest = std::chrono::hours(24);

  owned<GSource> timer(std::chrono::milliseconds after, GSourceFunc then) {
    owned<GSource> source(g_timeout_source_new(static_cast<guint>(after.count())));
    g_source_set_callback(source.get(), then, this, nullptr);
    g_source_attach(source.get(), context_.get());
    return source;
  }

  // Closes before it cancels: libsecret would dismiss an open prompt, at which GNOME Keyring 42 aborts, and everything
  // else of the user's is locked. Without its caller the prompt stays, and the user may still answer.
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
  static void keep_result(GObject*, GAsyncResult* result, gpointer into) {
    *static_cast<GAsyncResult**>(into) = static_cast<GAsyncResult*>(g_object_ref(result));
  }

  owned<GMainContext> context_;
  owned<GCancellable> canceled_;
  owned<GSource> end_, give_up_;
  GDBusConnection* connection_ = nullptr;
  bool given_up_ = false;
};

}  // namespace reinstate::glib

#endif
