// SPDX-License-Identifier: BSL-1.0
#include "service/desk/restore_decision.hpp"

#include "crypto/x25519.hpp"
#include "managed/key_wrap.hpp"
#include "managed/managed_seal.hpp"
#include "managed/proof_codec.hpp"
#include "managed/signed_document.hpp"
#include "service/desk/page_ticket.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reinstate::service {
namespace {

using instant = std::chrono::sys_seconds;

constexpr std::size_t max_name_size = 100;
constexpr instant last_instant{std::chrono::seconds{253'402'300'799}};  // of the year 9999

// Returns true if the text contains a C0 control, DEL, or a C1 control in UTF-8, which could change how it is shown.
bool has_control_character(std::string_view text) noexcept {
  for (std::size_t i = 0; i != text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 != text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool is_valid(const restore_request& request) noexcept {
  const std::string_view name = request.machine_name;
  if (name.size() > max_name_size || !managed::is_short_text(name) || has_control_character(name)) return false;
  if (request.licenses.size() > restore_request::max_licenses) return false;
  if (request.seals.size() > restore_request::max_seals) return false;
  return std::ranges::all_of(request.licenses,
                             [&](const license_claim& claim) { return claim.seal < request.seals.size(); });
}

// A seal certificate, and the secret that the service shares with the machine that sealed.
struct opened_seal {
  managed::seal_certificate certificate;
  secret_bytes shared;
};

// Errors: license_not_authentic.
result<opened_seal> open_seal(crypto::byte_span bytes, const service_keys& keys) {
  const auto certificate = managed::read_certificate(bytes);
  if (!certificate || certificate->service != keys.public_key().agreement) return errc::license_not_authentic;
  auto shared = crypto::x25519_agree(keys.agreement(), certificate->ephemeral);
  if (!shared) return errc::license_not_authentic;
  return opened_seal{*certificate, *std::move(shared)};
}

class restore_decision {
 public:
  restore_decision(const service_desk::parts& desk, const issuer_book& issuers, const service_caller& caller,
                   const restore_request& request, instant now)
      : desk_(desk),
        known_issuers_(issuers),
        caller_(caller),
        request_(request),
        now_(now),
        seals_(request.seals.size()) {}

  result<sealed_restore_answer> make() {
    if (!is_valid(request_)) return errc::invalid_argument;
    auto shared = crypto::x25519_agree(desk_.keys->agreement(), caller_.agreement);
    if (!shared) return shared.error();
    shared_with_caller_ = *std::move(shared);
    owner_proven_ = proves_ownership();

    for (std::size_t i = 0; i != request_.licenses.size(); ++i)
      if (const auto done = examine(i); !done) return done.error();
    if (const auto done = ask_ledger(); !done) return done.error();
    return sealed_restore_answer{std::move(answers_), page(), newer_revocations()};
  }

 private:
  // A license that only the ledger can still refuse.
  struct candidate {
    std::size_t index;  // in the request
    rights_statement issued;
  };

  bool proves_ownership() const {
    if (!request_.owner) return false;
    const owner_proof& proof = *request_.owner;
    const auto tolerance = desk_.policy.clock_tolerance;
    if (proof.created < now_ - tolerance || proof.created > now_ + tolerance) return false;
    return check_proof(proof, owner_action::restore, caller_.machine, *desk_.keys).has_value();
  }

  const result<opened_seal>& seal(std::size_t index) {
    auto& opened = seals_[index];
    if (!opened) opened.emplace(open_seal(request_.seals[index], *desk_.keys));
    return *opened;
  }

  bool belongs_to_owner(const opened_seal& seal) const {
    return owner_proven_ && request_.owner->recipient == seal.certificate.owner;
  }

  // Refuses a license, or makes it a candidate. Errors: invalid_argument if the request has it twice.
  result<void> examine(std::size_t index) {
    sealed_answer& answer = answers_.emplace_back();
    const license_claim& claim = request_.licenses[index];
    auto rights = parse_statement(claim.statement);
    if (!rights) {
      answer.refused = errc::license_not_authentic;
      return {};
    }
    answer.id = rights->statement.id;
    if (!ids_.insert(answer.id).second) return errc::invalid_argument;
    answer.refused = reason_to_refuse(*rights, claim);
    if (answer.refused) return {};
    claims_.push_back(make_slot_claim(claim, rights->statement));
    candidates_.push_back({index, std::move(rights->statement)});
    return {};
  }

  // Checks a license without the ledger. Returns success if only the ledger can still refuse it.
  error_code reason_to_refuse(const signed_statement& rights, const license_claim& claim) {
    const rights_statement& issued = rights.statement;
    if (!seal(claim.seal)) return errc::license_not_authentic;
    if (!known_issuers_.knows(issued.issuer, rights.signer)) return errc::issuer_unknown;
    issuers_.insert(rights.signer);
    if (issued.backup == backup_right::denied) return errc::backup_right_absent;
    const newest_list* revoked = known_issuers_.list_of(rights.signer);
    if (revoked != nullptr && is_revoked(revoked->content, issued.id, issued.key, issued.user))
      return errc::license_revoked;
    if (issued.not_after && now_ > *issued.not_after) return errc::license_expired;
    return {};
  }

  slot_claim make_slot_claim(const license_claim& claim, const rights_statement& issued) {
    const opened_seal& opened = *seal(claim.seal);
    const service_policy& policy = desk_.policy;
    slot_claim out;
    out.license = issued.id;
    out.machine = caller_.machine;
    out.machine_name = request_.machine_name;
    out.origin = opened.certificate.origin;
    out.limit = issued.machines;
    out.state = plausible(claim.state, issued);
    if (belongs_to_owner(opened)) {
      out.owner = request_.owner->recipient;
      out.take_over_origin = policy.allow_takeover && request_.owner->target == out.origin;
    }
    out.max_takeovers = policy.max_takeovers;
    out.takeover_period = policy.takeover_period;
    out.daily = policy.daily_restores;
    return out;
  }

  result<void> ask_ledger() {
    if (claims_.empty()) return {};
    const auto outcomes = desk_.ledger->claim(claims_, now_);
    if (!outcomes) return outcomes.error();
    for (std::size_t i = 0; i != candidates_.size(); ++i) conclude(candidates_[i], (*outcomes)[i]);
    return {};
  }

  void conclude(const candidate& license, const claim_outcome& outcome) {
    sealed_answer& answer = answers_[license.index];
    const license_claim& claim = request_.licenses[license.index];
    const opened_seal& opened = *seal(claim.seal);
    if (outcome.decision == claim_result::at_limit || outcome.decision == claim_result::daily_limit) {
      reached_limit_ = true;
      refused_owner_ = refused_owner_ || belongs_to_owner(opened);
      answer.refused =
          outcome.decision == claim_result::at_limit ? errc::machine_limit_reached : errc::daily_limit_reached;
      return;
    }
    answer.state = plausible(outcome.state, license.issued);
    const std::vector<std::byte>& certificate = request_.seals[claim.seal];
    const secret_bytes key = managed::license_key(opened.shared, answer.id, certificate, claim.statement);
    answer.key = managed::wrap_key(shared_with_caller_, request_.id, answer.id, certificate, claim.statement, key);
  }

  // Returns the link to the page, if a limit was reached. It has a ticket only if the caller proved to own the
  // licenses.
  std::string page() const {
    if (!reached_limit_ || desk_.page_url.empty() || !refused_owner_)
      return reached_limit_ ? desk_.page_url : std::string();
    const instant expiry = now_ + desk_.policy.ticket_lifetime;
    return desk_.page_url + "?ticket=" + make_page_ticket(desk_.keys->ticket(), request_.owner->recipient, expiry);
  }

  // Returns the revocation lists of the requested licenses' issuers that are newer than those that the machine has.
  std::vector<std::vector<std::byte>> newer_revocations() const {
    std::map<ed25519_public_key, std::uint64_t> known;
    for (const ed25519_public_key& issuer : issuers_) known[issuer] = 0;
    for (const known_revocations& list : request_.revocations)
      known[list.issuer] = std::max(known[list.issuer], list.version);
    std::vector<std::vector<std::byte>> out;
    for (const auto& [issuer, version] : known)
      if (const newest_list* list = known_issuers_.list_of(issuer); list != nullptr && list->content.version > version)
        out.push_back(list->bytes);
    return out;
  }

  const service_desk::parts& desk_;
  const issuer_book& known_issuers_;
  const service_caller& caller_;
  const restore_request& request_;
  instant now_;
  bool owner_proven_ = false;
  secret_bytes shared_with_caller_;
  std::vector<std::optional<result<opened_seal>>> seals_;  // opened when a license needs them
  std::set<license_id> ids_;
  std::set<ed25519_public_key> issuers_;
  std::vector<candidate> candidates_;
  std::vector<slot_claim> claims_;  // of the candidates
  std::vector<sealed_answer> answers_;
  bool reached_limit_ = false, refused_owner_ = false;
};

}  // namespace

license_state plausible(license_state state, const rights_statement& issued) noexcept {
  if (state.first_use) state.first_use = std::clamp(*state.first_use, instant{}, last_instant);
  return furthest_state(state, {issued.uses, std::nullopt});
}

result<void> check_proof(const owner_proof& proof, owner_action action, const machine_id& asking,
                         const service_keys& keys) {
  if (proof.action != action || proof.requester != asking) return errc::ownership_not_proven;
  return managed::check_owner_proof(proof, keys.agreement());
}

result<sealed_restore_answer> decide_restore(const service_desk::parts& desk, const issuer_book& issuers,
                                             const service_caller& caller, const restore_request& request,
                                             instant now) {
  return restore_decision(desk, issuers, caller, request, now).make();
}

}  // namespace reinstate::service
