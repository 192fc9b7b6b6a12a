// SPDX-License-Identifier: BSL-1.0
#include "service_commands.hpp"

#include "opened_folder.hpp"
#include "service_client.hpp"
#include "text.hpp"

#include <reinstate/managed/owner_proof.hpp>
#include <reinstate/managed/release_outbox.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tool {
namespace {

using reinstate::errc;
using reinstate::error_code;
using reinstate::machine_id;
using reinstate::managed_machine;
using reinstate::owner_action;
using reinstate::owner_proof;
using reinstate::result;

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Why a release may wait.
bool may_be_there_later(const error_code& ec) {
  return ec == errc::service_unavailable || ec == errc::service_busy;
}

// A backup whose owner asks the service about his machines.
class owner_at_service {
 public:
  owner_at_service(const options& what, output& out) : what_(what), out_(out), folder_(what, out) {}

  result<void> open() {
    auto used = use_service(what_, folder_.here().identity(), where_);
    if (!used) return used.error();
    where_.clear();
    if (!used->service || used->service->description().url.empty()) return errc::service_required;
    service_ = std::move(used->service);
    is_about_folder_ = true;
    if (const auto opened = folder_.open(); !opened) return opened;
    auto owner = reinstate::open_backup_owner(folder_.medium(), folder_.opener());
    if (!owner) return owner.error();
    owner_.emplace(std::move(*owner));
    const auto self = folder_.here().identity()->public_identity();
    if (!self) return self.error();
    self_ = self->signing;
    is_about_folder_ = false;
    where_ = service_->description().url;
    return {};
  }

  result<owner_proof> prove(owner_action action, const machine_id& subject = {}) const {
    return owner_->prove(action, service_->description().key, self_, subject, now());
  }

  result<reinstate::machine_list> machines() {
    const auto proof = prove(owner_action::list_machines);
    if (!proof) return proof.error();
    return service_->machines(*proof, {});
  }

  reinstate::license_management_service& service() { return *service_; }
  const home& here() const { return folder_.here(); }
  bool is_self(const machine_id& id) const { return id == self_; }

  exit_code failed(const error_code& ec) { return is_about_folder_ ? folder_.failed(ec) : out_.failed(ec, where_); }

 private:
  const options& what_;
  output& out_;
  opened_folder folder_;
  shared_service service_;
  std::optional<reinstate::backup_owner> owner_;
  machine_id self_{};
  bool is_about_folder_ = false;
  std::string where_;
};

json machine_json(const managed_machine& machine) {
  json out{{"machine", hex_of(machine.id)},
           {"name", machine.name},
           {"first_restore", time_text(machine.first_restore)},
           {"last_restore", time_text(machine.last_restore)},
           {"licenses", machine.licenses}};
  if (machine.releasable_from) out["releasable_from"] = time_text(*machine.releasable_from);
  return out;
}

std::string machine_text(const managed_machine& machine, bool is_self) {
  std::string out = hex_of(machine.id).substr(0, 16) + "  " + time_text(machine.last_restore) + "  " +
                    license_count(machine.licenses) + "  " +
                    (machine.name.empty() ? "(no name)" : quoted_title(machine.name));
  if (is_self) out += ", this machine";
  if (machine.releasable_from) out += ", can be released from " + time_text(*machine.releasable_from);
  return out;
}

// The machine with this name, or else the only one whose id begins so.
// Errors: machine_not_found; invalid_argument where several could be meant.
result<machine_id> find_machine(const reinstate::machine_list& list, const std::string& text) {
  std::vector<machine_id> named, begun;
  for (const managed_machine& each : list.machines) {
    if (each.name == text) named.push_back(each.id);
    if (hex_of(each.id).starts_with(text)) begun.push_back(each.id);
  }
  const auto& found = named.empty() ? begun : named;
  if (found.empty() || text.empty()) return errc::machine_not_found;
  if (found.size() > 1) return errc::invalid_argument;
  return found.front();
}

// Only a whole id tells a machine without asking anybody.
result<machine_id> machine_without_service(const std::string& text, const error_code& why) {
  const auto id = public_key_from(text);
  if (!id) return why;
  return *id;
}

exit_code keep_for_later(owner_at_service& from, const owner_proof& order, output& out) {
  auto store = from.here().open_store();
  if (!store) return out.failed(store.error(), from.here().place_of(store.error()));
  const auto kept = reinstate::queue_release(*(*store)->notes(), from.service().description().key, order);
  if (!kept) return out.failed(kept.error(), from.here().place_of(kept.error()));
  out.line(
      "The service cannot be reached. The release is kept, and sent with the next restore or with release --send.");
  return out.done({{"released", false}, {"kept", true}}, exit_partial);
}

exit_code send_kept(const options& what, output& out) {
  const home here(what.home);
  std::string where;
  auto used = use_service(what, here.identity(), where);
  if (!used) return out.failed(used.error(), where);
  if (!used->service || used->service->description().url.empty()) return out.failed(errc::service_required, "");
  reinstate::sent_releases sent;
  if (here.has_store()) {
    auto store = here.open_store();
    if (!store) return out.failed(store.error(), here.place_of(store.error()));
    const auto done = reinstate::send_queued_releases(*(*store)->notes(), *used->service, {});
    if (!done) return out.failed(done.error(), here.place_of(done.error()));
    sent = *done;
  }
  out.note("Acknowledged: " + std::to_string(sent.acknowledged) + ". Refused: " + std::to_string(sent.refused) +
           ". Still waiting: " + std::to_string(sent.waiting) + ".");
  return out.done({{"acknowledged", sent.acknowledged}, {"refused", sent.refused}, {"waiting", sent.waiting}},
                  sent.refused + sent.waiting == 0 ? exit_done : exit_partial);
}

void show_choice(const service_choice& what, output& out) {
  out.line("address      " + (what.url.empty() ? "(none: enough for a backup)" : printable(what.url)));
  out.line("key          " + (what.key ? to_string(*what.key) : "(none)"));
  if (!what.certificate.empty()) out.line("certificate  " + printable(what.certificate.string()));
  if (!what.machine_name.empty()) out.line("this machine " + quoted_title(what.machine_name));
  for (const auto& each : what.issuers) out.line("issuer       " + printable(each.name) + "=" + hex_of(each.key));
}

}  // namespace

exit_code service_set(const options& what, output& out) {
  const home here(what.home);
  std::string where;
  // Everything is tried out that can be without asking anybody.
  if (const auto used = use_service(what, here.identity(), where); !used) return out.failed(used.error(), where);
  const auto chosen = chosen_service(what);
  if (!chosen) return out.failed(chosen.error(), where);
  auto done = here.create();
  if (done) done = remember_service(what.home, *chosen);
  if (!done) return out.failed(done.error(), (what.home / service_file_name).string());
  if (!out.is_quiet()) show_choice(*chosen, out);
  return out.done({{"service", service_json(*chosen)}});
}

exit_code service_show(const options& what, output& out) {
  const auto known = remembered_service(what.home);
  if (!known) return out.failed(known.error(), (what.home / service_file_name).string());
  show_choice(*known, out);
  return out.done({{"service", service_json(*known)}});
}

exit_code service_forget(const options& what, output& out) {
  const auto done = forget_service(what.home);
  if (!done) return out.failed(done.error(), (what.home / service_file_name).string());
  out.note("Forgotten.");
  return out.done();
}

exit_code machines(const options& what, output& out) {
  owner_at_service owner(what, out);
  if (const auto opened = owner.open(); !opened) return owner.failed(opened.error());
  const auto list = owner.machines();
  if (!list) return owner.failed(list.error());
  json all = json::array();
  for (const managed_machine& each : list->machines) {
    out.line(machine_text(each, owner.is_self(each.id)));
    all.push_back(machine_json(each));
  }
  if (list->machines.empty())
    out.note("No machine has managed licenses of this backup.");
  else
    out.note("A license may be on " + count_text(list->limit) + " machines.");
  return out.done({{"machines", std::move(all)}, {"limit", list->limit}});
}

exit_code release(const options& what, output& out) {
  if (what.service.send) return send_kept(what, out);
  owner_at_service owner(what, out);
  if (const auto opened = owner.open(); !opened) return owner.failed(opened.error());
  const auto list = owner.machines();
  if (!list && !may_be_there_later(list.error())) return owner.failed(list.error());
  const auto machine =
      list ? find_machine(*list, what.service.machine) : machine_without_service(what.service.machine, list.error());
  const bool is_ambiguous = !machine && machine.error() == errc::invalid_argument;
  if (!machine && list)
    return out.failed(machine.error(), what.service.machine + (is_ambiguous ? ", which several machines fit" : ""));
  if (!machine) return owner.failed(machine.error());

  const auto order = owner.prove(owner_action::release, *machine);
  if (!order) return owner.failed(order.error());
  if (!list) return keep_for_later(owner, *order, out);
  const auto receipt = owner.service().release(*order, {});
  if (!receipt && may_be_there_later(receipt.error())) return keep_for_later(owner, *order, out);
  if (!receipt) return owner.failed(receipt.error());
  out.note("Released: " + license_count(receipt->licenses) + ".");
  if (receipt->next_release > now()) out.note("No other release before " + time_text(receipt->next_release) + ".");
  return out.done(
      {{"released", true}, {"licenses", receipt->licenses}, {"next_release", time_text(receipt->next_release)}});
}

}  // namespace tool
