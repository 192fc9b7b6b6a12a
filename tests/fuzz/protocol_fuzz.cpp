// SPDX-License-Identifier: BSL-1.0
#include "service/protocol/http_signature.hpp"
#include "service/protocol/wire.hpp"

#include <reinstate/plugins/memory_machine_identity.hpp>

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

// Turns bytes into messages of the protocol: sound ones with some edits, so that more than the outermost brace is
// reached. What a reader takes, the writer must write so that it is read as the same again; a signature must not be
// right for anything but what was signed.

namespace {

using namespace reinstate;
using namespace reinstate::service;

// A few places of `text` overwritten, cut or filled in.
std::string edited(std::string text, FuzzedDataProvider& bytes) {
  for (auto edits = bytes.ConsumeIntegralInRange(0u, 4u); edits != 0; --edits) {
    const auto at = bytes.ConsumeIntegralInRange<std::size_t>(0, text.size());
    const auto cut = bytes.ConsumeIntegralInRange<std::size_t>(0, std::min<std::size_t>(text.size() - at, 40));
    text.replace(at, cut, bytes.ConsumeRandomLengthString(40));
  }
  return text;
}

template <class Read, class Write>
void must_be_stable(const std::string& text, Read read, Write write) {
  const auto first = read(text);
  if (!first) return;
  const std::string written = write(*first);
  const auto second = read(written);
  if (!second || write(*second) != written) std::abort();
}

owner_proof some_proof(owner_action action) {
  owner_proof out;
  out.action = action;
  return out;
}

std::string restore_text() {
  restore_body out;
  out.request.machine_name = "name";
  out.request.seals = {std::vector(201, std::byte{1})};
  out.request.licenses = {{{std::byte{1}, std::byte{2}}, 0, {7, std::chrono::sys_seconds(std::chrono::seconds(9))}}};
  out.request.owner = some_proof(owner_action::restore);
  out.request.revocations = {{{}, 5}};
  return write_restore(out);
}

std::string answer_text() {
  sealed_restore_answer out;
  out.licenses.push_back({{}, {}, {7, {}}, {}});
  out.licenses.push_back({{}, errc::license_revoked, {}, {}});
  out.help_url = "https://a/";
  out.revocations = {{std::byte{1}}};
  return write_restore_answer(out);
}

const std::array<std::function<void(FuzzedDataProvider&)>, 7> readers{
    [](FuzzedDataProvider& bytes) { must_be_stable(edited(restore_text(), bytes), read_restore, write_restore); },
    [](FuzzedDataProvider& bytes) {
      must_be_stable(edited(answer_text(), bytes), read_restore_answer, write_restore_answer);
    },
    [](FuzzedDataProvider& bytes) {
      must_be_stable(edited(write_reports({{{std::byte{1}}, {7, {}}}}), bytes), read_reports, write_reports);
    },
    [](FuzzedDataProvider& bytes) {
      must_be_stable(
          edited(write_owner_proof(some_proof(owner_action::release)), bytes),
          [](std::string_view text) { return read_owner_proof(text); }, write_owner_proof);
    },
    [](FuzzedDataProvider& bytes) {
      must_be_stable(edited(write_machine_list({{{{}, "name", {}, {}, 3, std::chrono::sys_seconds()}}, 4}), bytes),
                     read_machine_list, write_machine_list);
    },
    [](FuzzedDataProvider& bytes) {
      must_be_stable(edited(write_receipt({3, {}}), bytes), read_receipt, write_receipt);
    },
    [](FuzzedDataProvider& bytes) {
      const std::string text = write_problem({429, errc::service_busy, "why", std::chrono::seconds(3), {{}}});
      const auto read = read_problem(edited(text, bytes));
      if (read && !read->error.failed()) std::abort();
    },
};

bool same(const signature_fields& a, const signature_fields& b) {
  return a.content_digest == b.content_digest && a.signature_input == b.signature_input && a.signature == b.signature;
}

signature_fields edited(const signature_fields& fields, FuzzedDataProvider& bytes) {
  return {edited(fields.content_digest, bytes), edited(fields.signature_input, bytes), edited(fields.signature, bytes)};
}

void check_signatures(FuzzedDataProvider& bytes) {
  static const auto machine = [] {
    auto made = make_memory_machine_identity();
    made->individualize().value();
    return made;
  }();
  static const service_keys keys = service_keys::generate();
  static const signed_request request{"POST", "a:1", "/v1/restores", "{}"};
  static const signature_fields good = sign_request(*machine, request, {}).value();
  static const signature_fields answer = sign_answer(keys, 200, "{}", good.signature, {});

  const signature_fields one = edited(good, bytes), other = edited(answer, bytes);
  const auto& key = keys.public_key().signing;
  if (check_request(request, one).has_value() != same(one, good)) std::abort();
  if (check_answer(key, 200, "{}", good.signature, other).has_value() != same(other, answer)) std::abort();
  const std::string to = edited(good.signature, bytes);
  if (check_answer(key, 200, "{}", to, answer).has_value() != (to == good.signature)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  const auto which = bytes.ConsumeIntegralInRange<std::size_t>(0, readers.size());
  if (which == readers.size())
    check_signatures(bytes);
  else
    readers[which](bytes);
  return 0;
}
