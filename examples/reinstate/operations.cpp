// SPDX-License-Identifier: BSL-1.0
#include "operations.hpp"

#include "describe.hpp"
#include "home.hpp"
#include "interrupt.hpp"
#include "progress_line.hpp"
#include "secrets.hpp"
#include "text.hpp"

#include <reinstate/async.hpp>
#include <reinstate/directory_medium.hpp>
#include <reinstate/memory_license_store.hpp>
#include <reinstate/runtime.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <functional>
#include <future>
#include <optional>
#include <utility>

namespace tool {
namespace {

namespace asio = boost::asio;
using reinstate::backup_restorer;
using reinstate::errc;
using reinstate::error_code;
using reinstate::operation_report;
using reinstate::result;
using reinstate::secret_bytes;

struct ending {
  error_code error;
  operation_report report;
  std::optional<std::size_t> mistyped_group = {};  // of a recovery code: the one that has the wrong character
};

// Starts an operation of a restorer that is ready for it.
using starter = std::function<void(backup_restorer&, reinstate::operation_handler)>;

// One operation, from its start to its end. Everything but the constructor and `run` happens on the `io` executor, so
// that a Ctrl-C and the end cannot meet half way.
class session {
 public:
  explicit session(interrupt& stop) : stop_(stop) {}

  ending run(reinstate::backup_restorer_config config, const reinstate::property& path, const starter& start) {
    reinstate::runtime threads;  // joined when the restorer is gone, and before anything else here
    config.io = threads.io();
    config.work = threads.work();
    const auto restorer = reinstate::create_backup_restorer(std::move(config));
    if (!restorer) return {restorer.error(), {}};
    if (auto set = (*restorer)->set_prop(path.name, path.value); !set) return {set.error(), {}};
    asio::post(threads.io(), [&] {
      try {
        watch_signals(threads.io());
      } catch (const boost::system::system_error& error) {  // no file descriptor is left for it
        return end(error.code(), {});
      }
      start(**restorer, asio::bind_cancellation_slot(cancel_.slot(), [this](error_code ec, operation_report report) {
        end(ec, std::move(report));
      }));
    });
    return ended_.get_future().get();
  }

 private:
  void watch_signals(const asio::any_io_executor& io) {
    signals_.emplace(io, SIGINT, SIGTERM);
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
  asio::cancellation_signal cancel_;
  std::optional<asio::signal_set> signals_;
  std::promise<ending> ended_;
};

// What all operations share: the machine, the passphrase, events and progress.
class operation {
 public:
  operation(const options& what, output& out)
      : what_(what), out_(out), home_(what.home), secrets_(what), progress_(!what.json && !what.quiet) {}

  const home& here() const { return home_; }

  // Reads what the user named files for. `where` is the one an error is about.
  result<void> take_secrets(std::string& where) { return secrets_.take(where); }

  bool has_passphrase() const { return secrets_.has_passphrase(); }

  ending run(std::shared_ptr<reinstate::license_store> store, bool renew, std::string_view property,
             const starter& start) {
    reinstate::backup_restorer_config config;
    config.store = std::move(store);
    config.identity = home_.identity();
    config.medium = reinstate::directory_media();
    config.passphrase = [this](reinstate::passphrase_purpose purpose) { return passphrase(purpose); };
    config.recovery_key = recovery_key();
    config.recipient = what_.recipient;
    config.renew_recovery_key = renew;
    config.callback = reinstate::make_status_callback([this](const reinstate::status_event& event) { tell(event); });
    std::error_code ec;
    const std::string path = std::filesystem::absolute(what_.path, ec).string();
    if (ec) return {errc::path_not_found, {}};
    ending end = session(stop_).run(std::move(config), {std::string(property), path}, start);
    progress_.pause();
    if (end.error == errc::recovery_code_mistyped) end.mistyped_group = secrets_.mistyped_group();
    return end;
  }

 private:
  reinstate::recovery_key_storage recovery_key() const {
    if (what_.readable_key) return reinstate::recovery_key_storage::readable;
    return what_.recipient.empty() ? reinstate::recovery_key_storage::passphrase
                                   : reinstate::recovery_key_storage::recipient;
  }

  // Called on `work`.
  result<secret_bytes> passphrase(reinstate::passphrase_purpose purpose) {
    if (!secrets_.will_ask(purpose)) return secrets_.answer(purpose, stop_);
    progress_.pause();
    auto asked = secrets_.answer(purpose, stop_);
    progress_.resume();
    return asked;
  }

  // Called on `io`.
  void tell(const reinstate::status_event& event) {
    out_.object(event_json(event));
    if (const auto* progress = std::get_if<reinstate::operation_progress>(&event.payload)) progress_.show(*progress);
    if (const auto* url = std::get_if<reinstate::url_reference>(&event.payload)) show_url(*url);
  }

  void show_url(const reinstate::url_reference& url) {
    progress_.pause();
    out_.line("See " + printable(url.url));
    progress_.resume();
  }

  const options& what_;
  output& out_;
  home home_;
  secrets secrets_;
  interrupt stop_;
  progress_line progress_;
};

void name_left_out(const operation_report& report, output& out) {
  if (!report.outcomes.empty()) out.line("Left out:");
  for (const auto& outcome : report.outcomes) out.line(outcome_text(outcome));
  const std::uint64_t unnamed = report.licenses_left_out - report.outcomes.size();
  if (unnamed != 0) out.line("  and " + license_count(unnamed) + " more");
}

bool is_about_backup(const error_code& ec) {
  return ec.category() == reinstate::error_category() && ec.value() >= static_cast<int>(errc::backup_exists) &&
         ec.value() <= static_cast<int>(errc::backup_mixed);
}

// The file or folder an error is about, as the user named it.
std::string place_of(const ending& end, const std::string& path, const home& here) {
  if (!end.report.where.empty()) return (std::filesystem::path(path) / end.report.where).string();
  return is_about_backup(end.error) ? path : here.place_of(end.error);
}

// `summary` says what went well.
exit_code finish(const ending& end, const std::string& path, const home& here, const std::string& summary,
                 output& out) {
  const bool is_partial =
      end.error.failed() ? end.error == errc::not_all_licenses_stored : end.report.licenses_left_out != 0;
  if (end.error.failed() && !is_partial) {
    json fields = report_json(end.report);
    if (end.mistyped_group) fields["mistyped_group"] = *end.mistyped_group;
    return out.failed(end.error, place_of(end, path, here), std::move(fields));
  }
  out.note(summary);
  name_left_out(end.report, out);
  json fields = report_json(end.report);
  if (is_partial) fields["error"] = error_json(errc::not_all_licenses_stored);
  return out.done(std::move(fields), is_partial ? exit_partial : exit_done);
}

std::string size_and_generation(const operation_report& report) {
  return " (" + size_text(report.bytes) + ", generation " + std::to_string(report.generation) + ").";
}

}  // namespace

exit_code backup(const options& what, output& out) {
  operation run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  if (!run.here().has_store()) return out.failed(errc::store_not_found, run.here().store_file().string());
  auto store = run.here().open_store();
  if (!store) return out.failed(store.error(), run.here().place_of(store.error()));

  const auto flags = what.overwrite ? reinstate::backup_flags::overwrite : reinstate::backup_flags::none;
  const ending end = run.run(std::move(*store), run.has_passphrase(), reinstate::backup_path_property,
                             [flags](backup_restorer& restorer, reinstate::operation_handler handler) {
                               reinstate::async_backup_licenses(restorer, flags, std::move(handler));
                             });
  return finish(end, what.path, run.here(),
                "Backed up " + license_count(end.report.licenses_done) + size_and_generation(end.report), out);
}

exit_code restore(const options& what, output& out) {
  operation run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  if (auto created = run.here().create(); !created) return out.failed(created.error(), what.home.string());
  auto store = run.here().open_store();
  if (!store) return out.failed(store.error(), run.here().place_of(store.error()));

  const auto flags = what.individualize ? reinstate::restore_flags::individualize : reinstate::restore_flags::none;
  const ending end = run.run(std::move(*store), false, reinstate::restore_path_property,
                             [flags](backup_restorer& restorer, reinstate::operation_handler handler) {
                               reinstate::async_restore_licenses(restorer, flags, std::move(handler));
                             });
  std::string summary = "Restored " + license_count(end.report.licenses_done) + size_and_generation(end.report);
  if (end.report.licenses_kept != 0) summary += " Already here: " + license_count(end.report.licenses_kept) + ".";
  return finish(end, what.path, run.here(), summary, out);
}

exit_code verify(const options& what, output& out) {
  operation run(what, out);
  std::string where;
  if (const auto taken = run.take_secrets(where); !taken) return out.failed(taken.error(), where);
  // A verification stores nothing, and must leave no trace on a machine without licenses.
  const ending end = run.run(reinstate::make_memory_license_store(), false, reinstate::restore_path_property,
                             [](backup_restorer& restorer, reinstate::operation_handler handler) {
                               reinstate::async_verify_backup(restorer, std::move(handler));
                             });
  return finish(end, what.path, run.here(),
                "The backup is good: " + license_count(end.report.licenses_done) + size_and_generation(end.report),
                out);
}

}  // namespace tool
