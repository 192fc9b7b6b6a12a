// SPDX-License-Identifier: BSL-1.0
#include "service/service_choice_text.hpp"

#include "output/text.hpp"

namespace tool {

void print_service_choice(const service_choice& choice, output& out) {
  out.line("address      " + (choice.url.empty() ? "(none: enough for a backup)" : printable(choice.url)));
  out.line("key          " + (choice.key ? to_string(*choice.key) : "(none)"));
  if (!choice.certificate.empty()) out.line("certificate  " + printable(choice.certificate.string()));
  if (!choice.machine_name.empty()) out.line("this machine " + quoted_title(choice.machine_name));
  for (const auto& each : choice.issuers) out.line("issuer       " + printable(each.name) + "=" + hex_of(each.key));
}

}  // namespace tool
