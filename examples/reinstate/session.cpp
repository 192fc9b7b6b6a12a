// SPDX-License-Identifier: BSL-1.0
#include "session.hpp"

#include "confirm.hpp"
#include "describe.hpp"
#include "text.hpp"

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

// One operation, from its start to its end. Everything but the constructor and `run` happens on the `io` executor, so
// that a Ctrl-C and the end cannot meet half way.
class single_run {
 public:
  single_run(interrupt& stop, const reinstate::runtime& threads) : stop_(stop), threads_(threads) {}

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
      } catch (const boost::system::system_error& error) {  // no file descriptor is left for it
        return end(error.code(), {});
      }
      const auto to_end = [this](error_code ec, operation_report report) { end(ec, std::move(report)); };
      (*restorer)->start(std::move(request),
                         reinstate::operation_handler(asio::bind_cancellation_slot(cancel_.slot(), to_end)));
    });
    ending out = ended_.get_future().get();
    restorer->reset();
    asio::post(threads_.io(), asio::use_future).get();  // comes after everything that knows this object
    return out;
  }

 private:
  void watch_signals() {
    signals_.emplace(threads_.io(), SIGINT, SIGTERM);
    for (const int signal : {SIGHUP, SIGQUIT}) signals_->add(signal);  // the terminal must get its echo back
    signals_->async_wait([this](const error_code& ec, int) {
      if (ec || !signals_) return;
      signals_.reset();  // the next one ends the program, should the medium not answer any more
      stop_.request();
      cancel_.emit(asio::cancellation_type::total);
    });
  }

  void end(error_code ec, operation_report report) {
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

session::session(const options& what, output& out)
    : what_(what), out_(out), home_(what.home), secrets_(what), progress_(!what.json && !what.quiet) {
}

result<void> session::take_service(std::string& where) {
  auto used = use_service(what_, home_.identity(), where);
  if (!used) return used.error();
  used_ = std::move(*used);
  return {};
}

ending session::run(std::shared_ptr<reinstate::license_store> store, reinstate::operation_request request) {
  std::error_code ec;
  const std::string path = std::filesystem::absolute(what_.path, ec).string();
  if (ec) return {errc::path_not_found, {}};
  progress_.resume();
  ending end = single_run(stop_, threads_).run(configure(std::move(store)), path, std::move(request));
  progress_.pause();
  if (end.error == errc::recovery_code_mistyped) end.mistyped_group = secrets_.mistyped_group();
  return end;
}

reinstate::backup_restorer_config session::configure(std::shared_ptr<reinstate::license_store> store) {
  reinstate::backup_restorer_config config;
  config.store = std::move(store);
  config.identity = home_.identity();
  config.medium = reinstate::directory_medium_factory();
  config.passphrase = [this](passphrase_purpose purpose) { return passphrase(purpose); };
  config.recovery_key = recovery_key();
  config.recipient = what_.recipient;
  // An update adds to what is there, which opens as it did.
  config.begin_new_set = secrets_.has_passphrase() && !what_.update;
  config.service = used_.service;
  config.consent = [this](const reinstate::service_contact& to) -> result<consent_answer> { return agrees(to); };
  config.machine_name = used_.machine_name;
  config.allow_network = !what_.service.offline;
  config.trusted_issuers = used_.issuers;
  config.callback = reinstate::make_status_callback([this](const reinstate::status_event& event) { tell(event); });
  return config;
}

reinstate::recovery_key_storage session::recovery_key() const {
  if (what_.readable_key) return reinstate::recovery_key_storage::readable;
  return what_.recipient.empty() ? reinstate::recovery_key_storage::passphrase
                                 : reinstate::recovery_key_storage::recipient;
}

// Called on `work`.
result<secret_bytes> session::passphrase(passphrase_purpose purpose) {
  if (purpose != passphrase_purpose::protect && opened_with_) return opened_with_->clone();
  auto answer = secrets_.will_ask(purpose) ? ask(purpose) : secrets_.answer(purpose, stop_);
  if (answer && purpose != passphrase_purpose::protect) opened_with_ = answer->clone();
  return answer;
}

result<secret_bytes> session::ask(passphrase_purpose purpose) {
  progress_.pause();
  auto asked = secrets_.answer(purpose, stop_);
  progress_.resume();
  return asked;
}

// Called on `work`. Where nobody can be asked, nobody has agreed.
consent_answer session::agrees(const reinstate::service_contact& to) {
  if (what_.service.agree) return consent_answer::agreed;
  if (out_.is_json() || !can_confirm()) return consent_answer::refused;
  progress_.pause();
  const bool has_agreed = ask_to_go_on(contact_text(to), stop_).has_value();
  progress_.resume();
  return has_agreed ? consent_answer::agreed : consent_answer::refused;
}

// Called on `io`.
void session::tell(const reinstate::status_event& event) {
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
