// SPDX-License-Identifier: BSL-1.0
#include "keyring/private_service.hpp"

namespace reinstate::glib {
namespace {

// Undoes the choice of libsecret's constructor, the shared connection, which only a constructor can undo.
GObject* construct(GType type, guint count, GObjectConstructParam* parameters) {
  GObject* const service =
      static_cast<GObjectClass*>(g_type_class_peek(SECRET_TYPE_SERVICE))->constructor(type, count, parameters);
  g_object_set(service, "g-bus-type", G_BUS_TYPE_NONE, nullptr);
  return service;
}

void end_prompt(GObject* prompt, GAsyncResult* result, gpointer data) {
  const owned<GTask> task(static_cast<GTask*>(data));
  GError* error = nullptr;
  GVariant* const answer = secret_prompt_perform_finish(SECRET_PROMPT(prompt), result, &error);
  if (answer != nullptr)
    g_task_return_pointer(task.get(), answer, [](gpointer v) { g_variant_unref(static_cast<GVariant*>(v)); });
  else if (error != nullptr)
    g_task_return_error(task.get(), error);
  else
    g_task_return_new_error(task.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED, "The user closed the prompt");
}

void begin_prompt(SecretService* self, SecretPrompt* prompt, const GVariantType* type, GCancellable* canceled,
                  GAsyncReadyCallback done, gpointer data) {
  secret_prompt_perform(prompt, nullptr, type, canceled, end_prompt, g_task_new(self, canceled, done, data));
}

GVariant* answer_of_prompt(SecretService*, GAsyncResult* result, GError** error) {
  return static_cast<GVariant*>(g_task_propagate_pointer(G_TASK(result), error));
}

void set_up_class(gpointer object_class, gpointer) {
  static_cast<GObjectClass*>(object_class)->constructor = construct;
  auto* const service = static_cast<SecretServiceClass*>(object_class);
  service->prompt_async = begin_prompt;
  service->prompt_finish = answer_of_prompt;
}

GType service_type() {
  static const GType type =
      g_type_register_static_simple(SECRET_TYPE_SERVICE, "ReinstateSecretService", sizeof(SecretServiceClass),
                                    set_up_class, sizeof(SecretService), nullptr, G_TYPE_FLAG_NONE);
  return type;
}

void begin_init(GAsyncInitable* object, GCancellable* canceled, GAsyncReadyCallback done, gpointer data) {
  g_async_initable_init_async(object, G_PRIORITY_DEFAULT, canceled, done, data);
}

}  // namespace

owned<SecretService> open_service(limited_calls& calls, GDBusConnection* connection) {
  owned<SecretService> service(SECRET_SERVICE(g_object_new(service_type(), "g-connection", connection, nullptr)));
  GAsyncInitable* const object = G_ASYNC_INITABLE(service.get());
  const auto ended = calls.call(begin_init, object);
  if (!ended || !g_async_initable_init_finish(object, ended.get(), nullptr)) return nullptr;
  return service;
}

}  // namespace reinstate::glib
