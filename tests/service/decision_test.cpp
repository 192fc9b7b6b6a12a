// SPDX-License-Identifier: BSL-1.0
#include "desk_fixture.hpp"

#include <reinstate/managed/revocation_list.hpp>

#include <algorithm>

using namespace reinstate;
using namespace reinstate::tests;

namespace {

// A license that only one thing can be said against.
struct refused_license {
  errc why;
  issued_license license;
};

using lists = std::vector<std::vector<std::byte>>;

std::vector<std::byte> revocations(const revocation_list& list, std::uint8_t issuer = 0x11) {
  return sign_revocation_list(list, seed_of(issuer)).value();
}

void put(const desk_fixture& in, const revocation_list& list) {
  REQUIRE(in.book->records().put_revocations(in.issuer_key(), list.version, revocations(list)));
}

}  // namespace

TEST_CASE("a new machine is granted a license until the limit", "[desk][C92][C94][C96]") {
  const desk_fixture in;
  const auto license = in.license(1);
  CHECK_FALSE(in.ask(in.first, license).refused);
  for (int i = 0; i != 3; ++i) CHECK_FALSE(in.ask(player(), license).refused);
  const auto fifth = in.ask(player(), license);
  CHECK(fifth.refused == errc::machine_limit_reached);
  CHECK(fifth.id == license.rights.id);
  CHECK(fifth.key == sealed_answer().key);
}

TEST_CASE("the limit is the one that the issuer signed", "[desk]") {
  const desk_fixture in;
  auto rights = in.rights_of(1);
  rights.machines = 2;
  const auto license = in.issue(rights);
  CHECK_FALSE(in.ask(player(), license).refused);
  CHECK(in.ask(player(), license).refused == errc::machine_limit_reached);
}

TEST_CASE("each reason to refuse a license has its error", "[desk]") {
  const desk_fixture in;
  const auto with = [&](auto change) {
    auto rights = in.rights_of(1);
    change(rights);
    return in.issue(rights);
  };
  auto forged = in.license(1);
  forged.statement[5] ^= std::byte{1};
  auto nothing = in.license(1);
  nothing.statement.clear();
  auto other_key = in.issue(in.rights_of(1), 0x22);

  const refused_license all[] = {
      {errc::license_not_authentic, forged},
      {errc::license_not_authentic, nothing},
      {errc::issuer_unknown, other_key},
      {errc::issuer_unknown, with([](auto& rights) { rights.issuer = "Other"; })},
      {errc::backup_right_absent, with([](auto& rights) { rights.backup = backup_right::denied; })},
      {errc::license_expired, with([](auto& rights) { rights.not_after = noon - 1s; })},
  };
  for (const auto& [why, license] : all) {
    CAPTURE(info_of(why).name);
    const auto answer = in.ask(in.first, license);
    CHECK(answer.refused == why);
    CHECK(answer.key == sealed_answer().key);
  }
  // None of them was told to the ledger: the place of the first machine is still to be taken.
  CHECK(in.book->records().audit(0, 10)->empty());
}

TEST_CASE("a license that its issuer lets go without a service is granted too", "[desk]") {
  const desk_fixture in;
  auto rights = in.rights_of(1);
  rights.backup = backup_right::granted;
  CHECK_FALSE(in.ask(player(), in.issue(rights)).refused);
}

TEST_CASE("an issuer is known by its key together with its name", "[desk]") {
  const desk_fixture in;
  REQUIRE(in.book->records().put_issuer({"Other", in.issuer_key(0x22)}));
  auto rights = in.rights_of(1);
  rights.issuer = "Other";
  CHECK_FALSE(in.ask(in.first, in.issue(rights, 0x22)).refused);
  CHECK(in.ask(in.first, in.issue(rights, 0x11)).refused == errc::issuer_unknown);
  CHECK(in.ask(in.first, in.issue(in.rights_of(1), 0x22)).refused == errc::issuer_unknown);
}

TEST_CASE("a seal counts only where it is genuine and made for this service", "[desk]") {
  const desk_fixture in;
  const auto license = in.license(1);
  auto request = in.request(license);
  SECTION("a bit was changed") {
    request.seals[0][40] ^= std::byte{1};
  }
  SECTION("it is cut") {
    request.seals[0].pop_back();
  }
  SECTION("it is for another service") {
    const managed_backup other(in.first, service_keys::generate().public_key(), in.owner.recipient());
    request.seals[0] = other.certificate();
  }
  CHECK(in.ask(in.first, request).refused == errc::license_not_authentic);
}

TEST_CASE("revoked licenses are refused by id and key and user", "[desk][C133][C134]") {
  const desk_fixture in;
  const auto license = in.license(1);
  REQUIRE_FALSE(in.ask(in.first, license).refused);
  revocation_list list{"Issuer", 1, noon, {}, {}, {}};
  SECTION("by id") {
    list.licenses = {license.rights.id};
  }
  SECTION("by key") {
    list.keys = {license.rights.key};
  }
  SECTION("by user") {
    list.users = {license.rights.user};
  }
  put(in, list);
  CHECK(in.ask(in.first, license).refused == errc::license_revoked);
  CHECK(in.ask(player(), license).refused == errc::license_revoked);
}

TEST_CASE("what the newest list does not name is not revoked", "[desk]") {
  const desk_fixture in;
  const auto desk = in.desk();
  const auto license = in.license(1);
  const auto refused = [&] { return desk->decide(in.first.caller(), in.request(license))->licenses[0].refused; };
  put(in, {"Issuer", 1, noon, {in.rights_of(2).id}, {}, {"user-8"}});
  CHECK_FALSE(refused());
  put(in, {"Issuer", 2, noon, {license.rights.id}, {}, {}});
  CHECK(refused() == errc::license_revoked);
  put(in, {"Issuer", 3, noon, {}, {}, {}});
  CHECK_FALSE(refused());
}

TEST_CASE("the list of one issuer says nothing about the licenses of another", "[desk]") {
  const desk_fixture in;
  REQUIRE(in.book->records().put_issuer({"Other", in.issuer_key(0x22)}));
  const revocation_list list{"Other", 1, noon, {in.rights_of(1).id}, {}, {"user-7"}};
  REQUIRE(in.book->records().put_revocations(in.issuer_key(0x22), 1, revocations(list, 0x22)));
  CHECK_FALSE(in.ask(in.first, in.license(1)).refused);
}

TEST_CASE("lists that are newer than what the request knows come with the answer", "[desk]") {
  const desk_fixture in;
  const revocation_list list{"Issuer", 5, noon, {in.rights_of(9).id}, {}, {}};
  put(in, list);
  const auto sent = [&](restore_request request) { return in.desk()->decide(in.first.caller(), request)->revocations; };
  auto request = in.request(in.license(1));
  CHECK(sent(request) == lists{revocations(list)});
  request.revocations = {{in.issuer_key(), 4}};
  CHECK(sent(request) == lists{revocations(list)});
  request.revocations = {{in.issuer_key(), 5}};
  CHECK(sent(request).empty());
  CHECK(sent({}).empty());
  restore_request only_asks;
  only_asks.revocations = {{in.issuer_key(), 1}};
  CHECK(sent(only_asks) == lists{revocations(list)});
}

TEST_CASE("a list in the ledger that cannot be read stops every decision", "[desk]") {
  const desk_fixture in;
  REQUIRE(in.book->records().put_revocations(in.issuer_key(), 1, std::vector<std::byte>(100)));
  CHECK(in.desk()->decide(in.first.caller(), in.request(in.license(1))).error() == errc::ledger_damaged);
}

TEST_CASE("the clock of the service decides what has expired", "[desk][C136][C138]") {
  desk_fixture in;
  auto rights = in.rights_of(1);
  rights.not_after = noon;
  const auto license = in.issue(rights);
  CHECK_FALSE(in.ask(in.first, license).refused);
  in.time = noon + 1s;
  CHECK(in.ask(in.first, license).refused == errc::license_expired);
  // A proof from a machine whose clock was set back changes nothing.
  auto request = in.request(license);
  request.owner = in.owner.prove(owner_action::restore, in.keys->public_key(), in.first.id(), {}, noon - 24h).value();
  CHECK(in.ask(in.first, request).refused == errc::license_expired);
}

TEST_CASE("a license that has not begun may be restored", "[desk]") {
  const desk_fixture in;
  auto rights = in.rights_of(1);
  rights.not_before = noon + 24h;
  CHECK_FALSE(in.ask(in.first, in.issue(rights)).refused);
}

TEST_CASE("a restore never raises a count or forgets a first use", "[desk][C131][C132][C137]") {
  const desk_fixture in;
  auto license = in.license(1);
  license.state = {3, noon - 1h};
  CHECK(in.ask(in.first, license).state == license_state{3, noon - 1h});
  license.state = {9, noon};
  CHECK(in.ask(in.first, license).state == license_state{3, noon - 1h});
  CHECK(in.ask(player(), license).state == license_state{3, noon - 1h});
  license.state = {1, std::nullopt};
  CHECK(in.ask(player(), license).state == license_state{1, noon - 1h});
}

TEST_CASE("who is refused a license uses nothing up for those who have it", "[desk][C132]") {
  const desk_fixture in;
  auto rights = in.rights_of(1);
  rights.machines = 2;
  auto license = in.issue(rights);
  license.state.uses_left = 5;
  const player second;
  REQUIRE_FALSE(in.ask(second, license).refused);
  auto spent = license;
  spent.state = {0, noon - 24h};
  CHECK(in.ask(player(), spent).refused == errc::machine_limit_reached);
  CHECK(in.ask(second, license).state == license_state{5, std::nullopt});
  CHECK(in.ask(second, spent).state == spent.state);
}

TEST_CASE("no machine has more uses than were issued", "[desk][C131]") {
  const desk_fixture in;
  auto rights = in.rights_of(1);
  rights.uses = 10;
  auto license = in.issue(rights);
  license.state.uses_left = 500;
  CHECK(in.ask(in.first, license).state.uses_left == 10);
  license.state.uses_left = std::nullopt;
  CHECK(in.ask(in.first, license).state.uses_left == 10);
  license.state.uses_left = 0;
  CHECK(in.ask(in.first, license).state.uses_left == 0);
}

TEST_CASE("an instant that no calendar has is brought into one", "[desk]") {
  const desk_fixture in;
  auto license = in.license(1);
  license.state.first_use = std::chrono::sys_seconds::max();
  CHECK(in.ask(in.first, license).state.first_use == std::chrono::sys_seconds{253'402'300'799s});
  license.state.first_use = std::chrono::sys_seconds::min();
  CHECK(in.ask(in.first, license).state.first_use == std::chrono::sys_seconds{});
}

TEST_CASE("uses are reported for licenses that a machine has", "[desk]") {
  const desk_fixture in;
  auto license = in.license(1);
  license.state.uses_left = 9;
  REQUIRE_FALSE(in.ask(in.first, license).refused);
  auto forged = license.statement;
  forged.back() ^= std::byte{1};
  const std::vector<use_report> uses{
      {forged, {0, {}}}, {in.issue(in.rights_of(1), 0x22).statement, {1, {}}}, {license.statement, {5, {}}}};
  REQUIRE(in.desk()->report(in.first.caller(), uses));
  REQUIRE(in.desk()->report(player().caller(), {{license.statement, {2, {}}}}));
  REQUIRE(in.desk()->report(in.first.caller(), uses));
  CHECK(in.ask(in.first, license).state.uses_left == 5);
  const std::vector<use_report> many(restore_request::max_licenses + 1);
  CHECK(in.desk()->report(in.first.caller(), many).error() == errc::invalid_argument);
}

TEST_CASE("a daily limit is told apart from that of machines", "[desk][C103]") {
  desk_fixture in;
  in.policy.daily_restores = 1;
  const auto license = in.license(1);
  CHECK_FALSE(in.ask(player(), license).refused);
  CHECK(in.ask(player(), license).refused == errc::daily_limit_reached);
  in.time += 24h;
  CHECK_FALSE(in.ask(player(), license).refused);
}

TEST_CASE("a request that breaks a rule is refused as a whole", "[desk]") {
  const desk_fixture in;
  auto request = in.request({in.license(1), in.license(2)});
  SECTION("a license twice") {
    request.licenses[1] = request.licenses[0];
  }
  SECTION("a seal that is not there") {
    request.licenses[1].seal = 1;
  }
  SECTION("too many seals") {
    request.seals.resize(restore_request::max_seals + 1, request.seals[0]);
  }
  SECTION("too many licenses") {
    request.licenses.resize(restore_request::max_licenses + 1);
  }
  SECTION("a name that is too long") {
    request.machine_name = std::string(101, 'x');
  }
  SECTION("a name that is not UTF-8") {
    request.machine_name = "Kitchen \xff";
  }
  SECTION("a name that is cut") {
    request.machine_name = "Kitchen \xc3";
  }
  SECTION("a name with a line end") {
    request.machine_name = "Kit\nchen";
  }
  SECTION("a name with a C1 control") {
    request.machine_name =
        "Kit\xc2\x9b"
        "chen";
  }
  SECTION("a name with DEL") {
    request.machine_name =
        "Kit\x7f"
        "chen";
  }
  CHECK(in.desk()->decide(in.first.caller(), request).error() == errc::invalid_argument);
  CHECK(in.book->records().audit(0, 10)->empty());
}

TEST_CASE("a machine whose agreement key is no key is refused", "[desk]") {
  const desk_fixture in;
  service_caller caller = in.first.caller();
  caller.agreement = {};
  CHECK(in.desk()->decide(caller, in.request(in.license(1))).error() == errc::invalid_argument);
}

TEST_CASE("a name may be of any script and have markup in it", "[desk]") {
  const desk_fixture in;
  auto request = in.owned(in.request(in.license(1)), in.first);
  request.machine_name = "\xd0\x9a\xd1\x83\xd1\x85\xd0\xbd\xd1\x8f <b>&\xc2\xa0\xf0\x9f\x8e\xb5";
  REQUIRE_FALSE(in.ask(in.first, request).refused);
  CHECK(in.desk()->machines_of(in.owner.recipient())->machines[0].name == request.machine_name);
}

TEST_CASE("a request with the most licenses is answered in order", "[desk]") {
  const desk_fixture in;
  std::vector<issued_license> licenses;
  for (std::size_t i = 0; i != restore_request::max_licenses; ++i) {
    auto rights = in.rights_of(1);
    rights.id.bytes[0] = static_cast<std::byte>(i % 256);
    rights.id.bytes[1] = static_cast<std::byte>(i / 256);
    if (i % 3 == 0) rights.backup = backup_right::denied;
    licenses.push_back(in.issue(rights));
  }
  const auto answer = in.desk()->decide(in.first.caller(), in.request(licenses)).value();
  REQUIRE(answer.licenses.size() == licenses.size());
  for (std::size_t i = 0; i != licenses.size(); ++i) {
    CHECK(answer.licenses[i].id == licenses[i].rights.id);
    CHECK(answer.licenses[i].refused.failed() == (i % 3 == 0));
  }
}

TEST_CASE("the same request again gets the same answer", "[desk][C93][C95]") {
  const desk_fixture in;
  const player other;
  auto license = in.license(1);
  license.state.uses_left = 4;
  const auto once = in.ask(other, license), again = in.ask(other, license);
  CHECK(once.key == again.key);
  CHECK(once.state == again.state);
  CHECK_FALSE(again.refused);
  CHECK(in.book->records().audit(0, 10)->size() == 2);  // the origin and the other machine, once
}
