// SPDX-License-Identifier: BSL-1.0
#include "service/client/http_service.hpp"

#include "crypto/random.hpp"
#include "managed/key_wrap.hpp"
#include "service/client/https_exchange.hpp"
#include "service/protocol/http_signature.hpp"
#include "service/protocol/wire.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <utility>

namespace reinstate::service {
namespace {

namespace http = boost::beast::http;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr milliseconds longest_growth = seconds(30);
constexpr std::size_t max_idle = 4;  // connections kept open
constexpr std::size_t max_machine_name = 100;

// Spreads the pauses over the whole range, so that the clients of a service that was down do not return in step.
milliseconds random_pause(milliseconds shortest, milliseconds longest) {
  const auto drawn = crypto::random_array<4>();
  std::uint64_t number = 0;
  for (const std::byte byte : drawn) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  const auto range = static_cast<std::uint64_t>((longest - shortest).count()) + 1;
  return shortest + milliseconds(static_cast<std::int64_t>(number % range));
}

error_code wait(milliseconds time, const std::stop_token& stop) {
  boost::asio::io_context io{1};
  boost::asio::steady_timer timer(io, time);
  return stepper(io, stop).run([&](auto handler) { timer.async_wait(std::move(handler)); }, [&] { timer.cancel(); });
}

std::string field(const http_answer& answer, std::string_view name) {
  const auto found = answer.find(boost::beast::string_view(name.data(), name.size()));
  return found == answer.end() ? std::string() : std::string(found->value());
}

seconds retry_after(const http_answer& answer) {
  const std::string text = field(answer, "Retry-After");
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc::result_out_of_range) return seconds::max();
  return seconds(failed == std::errc() && end == text.data() + text.size() ? value : 0);
}

// The outcome of one attempt: the body of the service's answer, or an error.
struct outcome {
  result<std::string> body;
  seconds retry_after{0};
};

result<std::string> problem_of(const http_answer& answer) {
  const auto problem = read_problem(answer.body());
  if (!problem || problem->status != answer.result_int()) return errc::service_answer_invalid;
  return problem->error;
}

error_code check(const http_answer& answer, const ed25519_public_key& service, std::string_view request_signature) {
  const signature_fields fields{field(answer, "Content-Digest"), field(answer, "Signature-Input"),
                                field(answer, "Signature")};
  const auto checked = check_answer(service, answer.result_int(), answer.body(), request_signature, fields);
  return checked ? error_code() : checked.error();
}

// Checks an answer. 429 and 5xx are accepted without a signature: they only ask the client to come back later, and a
// proxy in front of the service sends them in its place.
outcome check_outcome(http_answer answer, const ed25519_public_key& service, std::string_view request_signature) {
  const unsigned status = answer.result_int();
  if (status == 429) return {errc::service_busy, retry_after(answer)};
  if (status >= 500) return {errc::service_unavailable, retry_after(answer)};
  if (const error_code ec = check(answer, service, request_signature)) return {ec};
  if (status == 200 || status == 204) return {std::move(answer.body())};
  if (status >= 400) return {problem_of(answer)};
  return {errc::service_answer_invalid};
}

bool is_retryable(const error_code& ec) noexcept {
  return ec == errc::service_unavailable || ec == errc::service_busy;
}

bool is_valid(const restore_request& request) {
  const auto is_certificate = [](const auto& seal) { return seal.size() == managed::certificate_size; };
  const auto has_seal = [&](const license_claim& claim) { return claim.seal < request.seals.size(); };
  return request.licenses.size() <= restore_request::max_licenses &&
         request.seals.size() <= restore_request::max_seals && request.machine_name.size() <= max_machine_name &&
         std::ranges::all_of(request.seals, is_certificate) && std::ranges::all_of(request.licenses, has_seal) &&
         (!request.owner || request.owner->action == owner_action::restore);
}

class http_service : public license_management_service {
 public:
  http_service(http_service_config config, service_url url, std::shared_ptr<boost::asio::ssl::context> tls,
               choose_pause pause)
      : config_(std::move(config)), url_(std::move(url)), tls_(std::move(tls)), pause_(std::move(pause)) {}

  const service_description& description() const noexcept override { return config_.service; }

  result<restore_answer> decide(const restore_request& request, std::stop_token stop) override {
    if (!is_valid(request)) return errc::invalid_argument;
    const auto self = config_.identity->public_identity();
    if (!self) return self.error();
    const auto body = call(restores_path, write_restore({self->agreement, request}), stop);
    if (!body) return body.error();
    auto answer = read_restore_answer(*body);
    if (!answer) return answer.error();
    return open(request, std::move(*answer));
  }

  result<void> report(const std::vector<use_report>& uses, std::stop_token stop) override {
    if (uses.size() > restore_request::max_licenses) return errc::invalid_argument;
    if (uses.empty()) return {};
    const auto body = call(reports_path, write_reports(uses), stop);
    if (!body) return body.error();
    return {};
  }

  result<machine_list> machines(const owner_proof& owner, std::stop_token stop) override {
    if (owner.action != owner_action::list_machines) return errc::invalid_argument;
    const auto body = call(machines_path, write_owner_proof(owner), stop);
    if (!body) return body.error();
    return read_machine_list(*body);
  }

  result<release_receipt> release(const owner_proof& order, std::stop_token stop) override {
    if (order.action != owner_action::release) return errc::invalid_argument;
    const auto body = call(releases_path, write_owner_proof(order), stop);
    if (!body) return body.error();
    return read_receipt(*body);
  }

 private:
  result<std::string> call(std::string_view path, const std::string& body, const std::stop_token& stop);
  outcome attempt_call(std::string_view path, const std::string& body, const std::stop_token& stop);
  outcome exchange(https_connection& connection, std::string_view path, const std::string& body,
                   const std::stop_token& stop);
  error_code pause_before_next(unsigned attempt, seconds shortest, const std::stop_token& stop);

  std::unique_ptr<https_connection> take_connection();
  void return_connection(std::unique_ptr<https_connection> connection);
  void drop_connections();

  result<restore_answer> open(const restore_request& request, sealed_restore_answer answer);

  sys_seconds now() const {
    return config_.clock ? config_.clock() : std::chrono::floor<seconds>(std::chrono::system_clock::now());
  }

  const http_service_config config_;
  const service_url url_;
  const std::shared_ptr<boost::asio::ssl::context> tls_;
  const choose_pause pause_;

  std::mutex mutex_;
  std::vector<std::unique_ptr<https_connection>> idle_;  // guarded by mutex_
};

result<std::string> http_service::call(std::string_view path, const std::string& body, const std::stop_token& stop) {
  for (unsigned attempt = 1;; ++attempt) {
    outcome out = attempt_call(path, body, stop);
    if (out.body || !is_retryable(out.body.error()) || attempt == config_.attempts || out.retry_after > max_retry_after)
      return std::move(out.body);
    if (const error_code ec = pause_before_next(attempt, out.retry_after, stop)) return ec;
  }
}

error_code http_service::pause_before_next(unsigned attempt, seconds shortest, const std::stop_token& stop) {
  milliseconds growth = std::min(config_.initial_backoff, longest_growth);
  for (unsigned i = 1; i != attempt && growth < longest_growth; ++i) growth = std::min(growth * 2, longest_growth);
  return wait(pause_(shortest, shortest + growth), stop);
}

outcome http_service::attempt_call(std::string_view path, const std::string& body, const std::stop_token& stop) {
  auto connection = take_connection();
  const bool was_used = connection->is_open();
  outcome out = exchange(*connection, path, body, stop);
  if (was_used && !connection->is_open() && !out.body && out.body.error() == errc::service_unavailable) {
    // The service closed this connection, and so probably all idle ones, while they were unused: not a failure.
    drop_connections();
    connection = take_connection();
    out = exchange(*connection, path, body, stop);
  }
  return_connection(std::move(connection));
  return out;
}

outcome http_service::exchange(https_connection& connection, std::string_view path, const std::string& body,
                               const std::stop_token& stop) {
  const std::string target = url_.path + std::string(path), authority = url_.authority();
  const auto fields = sign_request(*config_.identity, {"POST", authority, target, body}, now());
  if (!fields) return {fields.error()};
  http_request request(http::verb::post, target, 11, body);
  request.set(http::field::host, authority);
  request.set(http::field::user_agent, "reinstate");
  request.set(http::field::content_type, json_type.data());
  request.set("Content-Digest", fields->content_digest);
  request.set("Signature-Input", fields->signature_input);
  request.set("Signature", fields->signature);
  request.prepare_payload();
  auto answer = connection.exchange(request, {config_.connect_timeout, config_.request_timeout}, stop);
  if (!answer) return {answer.error()};
  return check_outcome(std::move(*answer), config_.service.key.signing, fields->signature);
}

std::unique_ptr<https_connection> http_service::take_connection() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<https_connection>(url_, tls_);
}

void http_service::return_connection(std::unique_ptr<https_connection> connection) {
  const std::lock_guard lock(mutex_);
  if (connection->is_open() && idle_.size() < max_idle) idle_.push_back(std::move(connection));
}

void http_service::drop_connections() {
  std::vector<std::unique_ptr<https_connection>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

// Opens the license keys that were sealed to this machine.
result<restore_answer> http_service::open(const restore_request& request, sealed_restore_answer answer) {
  if (answer.licenses.size() != request.licenses.size()) return errc::service_answer_invalid;
  const auto shared = config_.identity->agree(config_.service.key.agreement);
  if (!shared) return shared.error();
  restore_answer out{{}, std::move(answer.help_url), std::move(answer.revocations)};
  for (std::size_t i = 0; i != answer.licenses.size(); ++i) {
    const license_claim& claim = request.licenses[i];
    const sealed_answer& sealed = answer.licenses[i];
    license_answer opened{sealed.id, sealed.refused, sealed.state, {}};
    if (!sealed.refused) {
      auto key =
          managed::unwrap_key(*shared, request.id, sealed.id, request.seals[claim.seal], claim.statement, sealed.key);
      if (!key) return key.error();
      opened.key = std::move(*key);
      opened.state = furthest_state(claim.state, sealed.state);
    }
    out.licenses.push_back(std::move(opened));
  }
  return out;
}

}  // namespace

result<std::shared_ptr<license_management_service>> make_http_service(http_service_config config, choose_pause pause) {
  const auto url = parse_service_url(config.service.url);
  if (!url) return url.error();
  if (!config.identity || config.service.key == service_key() || config.attempts == 0) return errc::invalid_argument;
  // Without TLS the certificates are not read.
  auto tls = url->tls ? make_client_tls(config.certificates)
                      : std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  if (!tls) return tls.error();
  if (!pause) pause = random_pause;
  return std::make_shared<http_service>(std::move(config), *url, std::move(*tls), std::move(pause));
}

}  // namespace reinstate::service

namespace reinstate {

result<std::shared_ptr<license_management_service>> make_http_license_management_service(http_service_config config) {
  return service::make_http_service(std::move(config), {});
}

}  // namespace reinstate
