// SPDX-License-Identifier: BSL-1.0
#include "engine/rules/managed_restore.hpp"

#include "crypto/random.hpp"
#include "engine/rules/operation_clock.hpp"
#include "managed/managed_seal.hpp"

#include <reinstate/managed/release_outbox.hpp>

#include <algorithm>
#include <utility>

namespace reinstate::engine {
namespace {

// Returns true if an error is about the service as a whole, and not about the request.
bool is_about_service(const failure& error) {
  for (const errc each : {errc::service_unavailable, errc::service_busy, errc::service_not_authentic,
                          errc::service_answer_invalid, errc::service_clock_differs, errc::network_forbidden})
    if (error == each) return true;
  return false;
}

}  // namespace

license_record managed_restore::waiting_license::record() const noexcept {
  return {id, key, revision, backup_right::managed, state, metadata, sealed};
}

void managed_restore::owned_by(const backup_owner* owner, bool take_over_machine_slot) noexcept {
  owner_ = owner;
  same_machine_ = take_over_machine_slot;
}

result<void> managed_restore::add(const license_record& item, signed_statement statement,
                                  const license_version& present) {
  const auto certificate = managed::certificate_of(item.payload);
  if (!certificate) return certificate.error();
  const auto seal = seal_of(*certificate);
  if (!seal) return seal.error();
  waiting_license& added = waiting_.emplace_back();
  added.seal = *seal;
  added.id = item.id;
  added.key = item.key;
  added.revision = item.revision;
  added.state = item.state;
  added.metadata.assign(item.metadata.begin(), item.metadata.end());
  added.sealed.assign(item.payload.begin(), item.payload.end());
  added.statement = std::move(statement);
  added.present = present;
  bytes_ += added.sealed.size();
  return {};
}

// Returns the index of a certificate in `seals_`. Usually all licenses of a backup have the same one, so that its
// signature is checked once.
result<std::size_t> managed_restore::seal_of(crypto::byte_span certificate) {
  const auto known =
      std::ranges::find_if(seals_, [&](const auto& each) { return std::ranges::equal(each, certificate); });
  const auto at = static_cast<std::size_t>(known - seals_.begin());
  if (known != seals_.end()) return at;
  const auto seal = managed::read_certificate(certificate);
  if (!seal) return seal.error();
  if (seal->service != config_.service->description().key.agreement) return errc::issuer_unknown;
  seals_.emplace_back(certificate.begin(), certificate.end());
  return at;
}

result<void> managed_restore::ask(const std::function<result<void>(const outcome&)>& take) {
  if (waiting_.empty()) return {};
  auto answer = decide();
  if (!answer && !is_about_service(answer.error()) && answer.error() != errc::service_contact_refused)
    return answer.error();
  if (!answer) unavailable_ = answer.error().code;
  for (std::size_t i = 0; i != waiting_.size(); ++i) {
    const auto told = answer ? tell(waiting_[i], answer->licenses[i], take) : refuse(waiting_[i], unavailable_, take);
    if (!told) return told;
  }
  waiting_.clear();
  seals_.clear();
  bytes_ = 0;
  return {};
}

result<restore_answer> managed_restore::decide() {
  if (unavailable_.failed()) return unavailable_;
  if (!config_.allow_network) return errc::network_forbidden;
  const auto agreed = ask_consent();
  if (!agreed) return agreed.error();
  if (*agreed == consent_answer::refused) return errc::service_contact_refused;
  const auto request = make_request();
  if (!request) return request.error();
  auto answer = config_.service->decide(*request, stop_);
  if (!answer) return answer;
  // A service must not make one license open with the key of another by answering in another order.
  const bool fits = std::ranges::equal(answer->licenses, waiting_, {}, &license_answer::id, &waiting_license::id);
  if (!fits) return errc::service_answer_invalid;
  for (const auto& list : answer->revocations) issuers_.learn(list);
  if (!answer->help_url.empty()) help_url_ = answer->help_url;
  return answer;
}

result<consent_answer> managed_restore::ask_consent() {
  if (consent_) return *consent_;
  const auto agreed = config_.consent({config_.service->description(), config_.machine_name, owner_ != nullptr});
  if (agreed) consent_ = *agreed;
  return agreed;
}

result<void> managed_restore::send_waiting_releases() {
  note_store* const notes = config_.store->notes();
  if (!config_.service || !config_.allow_network || notes == nullptr) return {};
  const auto waiting = queued_releases(*notes, config_.service->description().key);
  if (!waiting) return waiting.error();
  if (waiting->empty()) return {};
  const auto agreed = ask_consent();
  if (!agreed) return agreed.error();
  if (*agreed == consent_answer::refused) return {};
  const auto sent = send_queued_releases(*notes, *config_.service, stop_);
  return sent ? result<void>() : sent.error();
}

result<restore_request> managed_restore::make_request() const {
  restore_request out;
  out.id = crypto::random_array<16>();
  out.machine_name = config_.machine_name;
  out.seals = seals_;
  out.licenses.reserve(waiting_.size());
  for (const waiting_license& item : waiting_) {
    const crypto::byte_span statement = statement_of(item.record());
    out.licenses.push_back(
        {{statement.begin(), statement.end()}, item.seal, furthest_state(item.present.state, item.state)});
  }
  out.revocations = issuers_.known_lists();
  if (owner_ == nullptr) return out;
  const auto machine = config_.identity->public_identity();
  if (!machine) return machine.error();
  const auto first = managed::read_certificate(seals_.front());
  if (!first) return first.error();
  const auto proof = owner_->prove(owner_action::restore, config_.service->description().key, machine->signing,
                                   same_machine_ ? first->origin : machine_id{}, current_time(config_));
  if (!proof) return proof.error();
  out.owner = *proof;
  return out;
}

result<void> managed_restore::tell(const waiting_license& item, license_answer& answer,
                                   const std::function<result<void>(const outcome&)>& take) {
  if (answer.refused.failed()) return refuse(item, answer.refused, take);
  if (!managed::open_payload(answer.key, item.sealed, payload_)) return refuse(item, errc::license_not_authentic, take);
  license_record opened = item.record();
  opened.payload = payload_;
  // Checks again: the payload is known now, and the service may have sent a newer list.
  if (const error_code objection = issuers_.objection(item.statement, opened.payload))
    return refuse(item, objection, take);
  ++granted_;
  return take({opened, {item.present.revision, furthest_state(item.present.state, answer.state)}, {}});
}

error_code managed_restore::refusal() const noexcept {
  return reached_limit_ ? make_error_code(errc::machine_limit_reached) : unavailable_;
}

result<void> managed_restore::refuse(const waiting_license& item, error_code reason,
                                     const std::function<result<void>(const outcome&)>& take) {
  ++refused_;
  reached_limit_ = reached_limit_ || reason == errc::machine_limit_reached;
  license_record record = item.record();
  record.payload = {};
  return take({record, item.present, reason});
}

}  // namespace reinstate::engine
