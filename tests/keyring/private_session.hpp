// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_TESTS_PRIVATE_SESSION_HPP
#define REINSTATE_TESTS_PRIVATE_SESSION_HPP

#include "keyring/glib.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

// A session bus of its own, with a real key store or none.

namespace reinstate::tests {

enum class key_store_program {
  none,
  unlocked,  // GNOME Keyring, started by the bus when somebody asks for it, with the password that unlocks it
  locked,    // without it; what an earlier one kept in the same folder stays locked
};

// The bus of this process while it lives. The key store keeps its files in `folder`.
class private_session {
 public:
  private_session(const std::filesystem::path& folder, key_store_program program) : folder_(folder) {
    const auto services = folder / "services", run = folder / "run";
    std::filesystem::remove_all(services);
    std::filesystem::create_directories(services);
    std::filesystem::create_directories(run);
    std::filesystem::permissions(run, std::filesystem::perms::owner_all);
    write(folder / "bus.conf", "<busconfig><type>session</type><listen>unix:dir=" + run.string() +
                                   "</listen><auth>EXTERNAL</auth><servicedir>" + services.string() +
                                   "</servicedir><policy context='default'><allow send_destination='*'/>"
                                   "<allow receive_sender='*'/><allow own='*'/></policy></busconfig>");
    if (program != key_store_program::none) {
      const std::string run_daemon = REINSTATE_GNOME_KEYRING " --foreground --components=secrets";
      write(services / "secrets.service",
            "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=" +
                (program == key_store_program::locked
                     ? run_daemon
                     : "/bin/sh -c 'printf of-a-test | exec " + run_daemon + " --unlock'") +
                "\n");
    }
    start();
    ::setenv("DBUS_SESSION_BUS_ADDRESS", address_.c_str(), 1);
  }
  private_session(const private_session&) = delete;
  private_session& operator=(const private_session&) = delete;
  ~private_session() {
    ::kill(bus_, SIGTERM);  // the key store ends when its bus does
    ::waitpid(bus_, nullptr, 0);
    ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
  }

  const std::string& address() const noexcept { return address_; }

 private:
  static void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream out(path);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
  }

  void start() {
    std::vector<std::string> command = {REINSTATE_DBUS_DAEMON, "--nofork", "--nosyslog", "--print-address=1",
                                        "--config-file=" + (folder_ / "bus.conf").string()};
    std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "HOME=" + folder_.string(),
                                          "XDG_RUNTIME_DIR=" + (folder_ / "run").string()};
    int out[2];
    if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> all;
      for (std::string& text : texts) all.push_back(text.data());
      all.push_back(nullptr);
      return all;
    };
    const auto arguments = pointers(command), environment = pointers(variables);
    bus_ = ::fork();
    if (bus_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      ::dup2(out[1], STDOUT_FILENO);
      const int log = ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(log, STDERR_FILENO);
      ::execve(arguments[0], arguments.data(), environment.data());
      ::_exit(127);
    }
    ::close(out[1]);
    for (char c; ::read(out[0], &c, 1) == 1 && c != '\n';) address_ += c;
    ::close(out[0]);
    if (bus_ < 0 || address_.empty()) throw std::runtime_error("cannot start a session bus");
  }

  std::filesystem::path folder_;
  std::string address_;
  pid_t bus_ = -1;
};

// Another program on the bus.
class bus_client {
 public:
  explicit bus_client(const private_session& session)
      : connection_(g_dbus_connection_new_for_address_sync(
            session.address().c_str(),
            static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
            nullptr, nullptr, nullptr)) {
    if (!connection_) throw std::runtime_error("cannot connect to the session bus");
  }
  ~bus_client() { g_dbus_connection_close_sync(connection_.get(), nullptr, nullptr); }
  bus_client(const bus_client&) = delete;
  bus_client& operator=(const bus_client&) = delete;

  // Calls a method, with arguments in GVariant's text form, and gives the answer in that form.
  std::string call(const char* service, const std::string& object, const char* interface, const char* method,
                   const std::string& arguments) const {
    GVariant* const parameters = g_variant_parse(nullptr, arguments.c_str(), nullptr, nullptr, nullptr);
    if (parameters == nullptr) throw std::invalid_argument("cannot read " + arguments);
    const glib::owned<GVariant> answer(g_dbus_connection_call_sync(connection_.get(), service, object.c_str(),
                                                                   interface, method, parameters, nullptr,
                                                                   G_DBUS_CALL_FLAGS_NONE, -1, nullptr, nullptr));
    if (!answer) throw std::runtime_error(std::string("no answer from ") + method);
    return glib::owned<char>(g_variant_print(answer.get(), FALSE)).get();
  }

  // Takes a name on the bus, and from now on leaves unanswered what is asked of it.
  void be_silent_as(const char* name) const { be(name, swallow); }

  // Is the program that shows the windows of GNOME Keyring, to a user who does not look at them.
  void show_windows_to_nobody() { be("org.gnome.keyring.SystemPrompter", show_window); }

  int windows_opened() const { return opened_; }

 private:
  void be(const char* name, GDBusMessageFilterFunction how) const {
    g_dbus_connection_add_filter(connection_.get(), how, const_cast<bus_client*>(this), nullptr);
    call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
         "('" + std::string(name) + "', uint32 0)");
  }

  static GDBusMessage* swallow(GDBusConnection*, GDBusMessage* message, gboolean incoming, gpointer) {
    if (!incoming || g_dbus_message_get_message_type(message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL) return message;
    g_object_unref(message);
    return nullptr;
  }

  static void send(GDBusConnection* to, GDBusMessage* message) {
    const glib::owned<GDBusMessage> owned(message);
    g_dbus_connection_send_message(to, message, G_DBUS_SEND_MESSAGE_FLAGS_NONE, nullptr, nullptr);
  }

  // BeginPrompting is answered and followed by PromptReady; then comes PerformPrompt, which waits for the user.
  static GDBusMessage* show_window(GDBusConnection* from, GDBusMessage* message, gboolean incoming, gpointer data) {
    if (!incoming || g_dbus_message_get_message_type(message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL) return message;
    auto* const self = static_cast<bus_client*>(data);
    const std::string method = g_dbus_message_get_member(message);
    if (method == "PerformPrompt") ++self->opened_;
    send(from, g_dbus_message_new_method_reply(message));
    if (method == "BeginPrompting") {
      const glib::owned<GVariant> path(g_variant_get_child_value(g_dbus_message_get_body(message), 0));
      GDBusMessage* const ready =
          g_dbus_message_new_method_call(g_dbus_message_get_sender(message), g_variant_get_string(path.get(), nullptr),
                                         "org.gnome.keyring.internal.Prompter.Callback", "PromptReady");
      g_dbus_message_set_body(ready, g_variant_new_parsed("('', @a{sv} {}, '')"));
      send(from, ready);
    }
    g_object_unref(message);
    return nullptr;
  }

  std::atomic<int> opened_ = 0;
  glib::owned<GDBusConnection> connection_;
};

}  // namespace reinstate::tests

#endif
