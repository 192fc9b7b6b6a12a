// SPDX-License-Identifier: BSL-1.0
#include "operation/session.hpp"

#include "output/describe.hpp"
#include "output/text.hpp"
#include "terminal/confirm.hpp"

#include <reinstate/backup_restorer.hpp>
#include <reinstate/plugins/directory_medium.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <future>
#include <utility>

namespace tool {
namespace {

namespace asio = boost::asio;
using reinstate::consent_answer;
using reinstate::errc;
using reinstate::error_code;
using reinstate::operation_report;
using reinstate::passphrase_purpose;
using reinstate::result;
using reinstate::secret_bytes;

// Runs one operation from start to end. Everything but the constructor and run() happens on the `io` executor, so that
// Ctrl-C and the end of the operation do not race.
class operation_run {
 public:
  operation_run(interrupt& stop, const reinstate::runtime& threads) : stop_(stop), threads_(threads) {}

  ending run(reinstate::backup_restorer_config config, const std::string& path, reinstate::operation_request request) {
    config.io = threads_.io();
    config.work = threads_.work();
    auto restorer = reinstate::create_backup_restorer(std::move(config));
    if (!restorer) return {restorer.error(), {}};
    for (const auto name : {reinstate::backup_path_property, reinstate::restore_path_property})
      if (auto set = (*restorer)->set_prop(name, path); !set) return {set.error(), {}};
    asio::post(threads_.io(), [&] {
      try {
        watch_signals();
      } catch (const boost::system::system_error& error) {  // no file descriptor is left
        return on_end(error.code(), {});
      }
      const auto handler = [this](error_code ec, operation_report report) { on_end(ec, std::move(report)); };
      (*restorer)->start(std::move(request),
                         reinstate::operation_handler(asio::bind_cancellation_slot(cancel_.slot(), handler)));
    });
    ending end = ended_.get_future().get();
    restorer->reset();
    asio::post(threads_.io(), asio::use_future).get();  // runs after every handler that refers to this object
    return end;
  }

 private:
  void watch_signals() {
    signals_.emplace(threads_.io(), SIGINT, SIGTERM);
    for (const int signal : {SIGHUP, SIGQUIT}) signals_->add(signal);  // the echo of the terminal must be restored
    signals_->async_wait([this](const error_code& ec, int) {
      if (ec || !signals_) return;
      signals_.reset();  // a second signal ends the program, in case the medium hangs
      stop_.request();
      cancel_.emit(asio::cancellation_type::total);
    });
  }

  void on_end(error_code ec, operation_report report) {
    signals_.reset();
    ended_.set_value({ec, std::move(report)});
  }

  interrupt& stop_;
  const reinstate::runtime& threads_;
  asio::cancellation_signal cancel_;
  std::optional<asio::signal_set> signals_;
  std::promise<ending> ended_;
};

}  // namespace

session::session(const common_options& common, session_options options, output& out)
    : common_(common),
      options_(std::move(options)),
      out_(out),
      home_(common.home),
      secrets_(common, options_.backup_path, options_.unlock),
      progress_(!common.json && !common.quiet) {
}

result<void> session::load_service(error_location& location) {
  auto used = use_service(common_.home, options_.service, home_.identity(), location);
  if (!used) return used.error();
  service_ = std::move(*used);
  return {};
}

ending session::run(std::shared_ptr<reinstate::license_store> store, reinstate::operation_request request) {
  std::error_code ec;
  const std::string path = std::filesystem::absolute(options_.backup_path, ec).string();
  if (ec) return {errc::path_not_found, {}};
  progress_.resume();
  ending end = operation_run(stop_, threads_).run(configure(std::move(store)), path, std::move(request));
  progress_.pause();
  if (end.error == errc::recovery_code_mistyped) end.mistyped_group = secrets_.mistyped_group();
  return end;
}

reinstate::backup_restorer_config session::configure(std::shared_ptr<reinstate::license_store> store) {
  reinstate::backup_restorer_config config;
  config.store = std::move(store);
  config.identity = home_.identity();
  config.medium = reinstate::directory_medium_factory();
  config.passphrase = [this](passphrase_purpose purpose) { return secret_for(purpose); };
  config.recovery_key = key_storage();
  config.recipient = options_.recipient;
  config.begin_new_set = secrets_.has_passphrase() && !options_.keep_recovery_key;
  config.service = service_.service;
  config.consent = [this](const reinstate::service_contact& contact) -> result<consent_answer> {
    return consent_to(contact);
  };
  config.machine_name = service_.machine_name;
  config.allow_network = !options_.contact.offline;
  config.trusted_issuers = service_.issuers;
  config.callback = reinstate::make_status_callback([this](const reinstate::status_event& event) { on_event(event); });
  return config;
}

reinstate::recovery_key_storage session::key_storage() const {
  if (options_.readable_key) return reinstate::recovery_key_storage::readable;
  return options_.recipient.empty() ? reinstate::recovery_key_storage::passphrase
                                    : reinstate::recovery_key_storage::recipient;
}

// Called on `work`.
result<secret_bytes> session::secret_for(passphrase_purpose purpose) {
  if (purpose != passphrase_purpose::protect && unlocked_with_) return unlocked_with_->clone();
  auto secret = secrets_.asks_user(purpose) ? ask_user(purpose) : secrets_.answer(purpose, stop_);
  if (secret && purpose != passphrase_purpose::protect) unlocked_with_ = secret->clone();
  return secret;
}

result<secret_bytes> session::ask_user(passphrase_purpose purpose) {
  progress_.pause();
  auto answer = secrets_.answer(purpose, stop_);
  progress_.resume();
  return answer;
}

// Called on `work`. Refuses if there is no terminal to ask in.
consent_answer session::consent_to(const reinstate::service_contact& contact) {
  if (options_.contact.agree) return consent_answer::agreed;
  if (out_.is_json() || !can_confirm()) return consent_answer::refused;
  progress_.pause();
  const bool has_agreed = confirm_unless_stopped(contact_text(contact), stop_).has_value();
  progress_.resume();
  return has_agreed ? consent_answer::agreed : consent_answer::refused;
}

// Called on `io`.
void session::on_event(const reinstate::status_event& event) {
  out_.object(event_json(event));
  if (const auto* progress = std::get_if<reinstate::operation_progress>(&event.payload)) progress_.show(*progress);
  if (const auto* url = std::get_if<reinstate::url_reference>(&event.payload)) show_url(*url);
}

void session::show_url(const reinstate::url_reference& url) {
  progress_.pause();
  out_.line("See " + printable(url.url));
  progress_.resume();
}

}  // namespace tool
