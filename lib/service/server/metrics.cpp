// SPDX-License-Identifier: BSL-1.0
#include "service/server/metrics.hpp"

#include <algorithm>
#include <locale>
#include <sstream>

namespace reinstate::service {
namespace {

void begin(std::ostream& out, std::string_view name, std::string_view type, std::string_view help) {
  out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

void put(std::ostream& out, std::string_view name, std::uint64_t value) {
  out << name << ' ' << value << '\n';
}

void put_each(std::ostream& out, std::string_view name, std::string_view label,
              const std::map<std::string, std::uint64_t, std::less<>>& values) {
  for (const auto& [key, count] : values) out << name << '{' << label << "=\"" << key << "\"} " << count << '\n';
}

}  // namespace

void metrics::count_request(std::string_view path, unsigned status, std::chrono::steady_clock::duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  const auto bound = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(path), status}];
  ++durations_[static_cast<std::size_t>(bound)];
  total_duration_ += seconds;
}

void metrics::count_decisions(std::string_view outcome, std::uint64_t licenses) {
  const std::lock_guard lock(mutex_);
  decisions_[std::string(outcome)] += licenses;
}

void metrics::count_ledger_error() {
  const std::lock_guard lock(mutex_);
  ++ledger_errors_;
}

void metrics::connection_opened() {
  const std::lock_guard lock(mutex_);
  ++connections_opened_;
}

void metrics::connection_closed() {
  const std::lock_guard lock(mutex_);
  ++connections_closed_;
}

void metrics::connection_refused(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++refused_connections_[std::string(reason)];
}

std::string metrics::text() const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  const std::lock_guard lock(mutex_);
  begin(out, "reinstate_requests_total", "counter", "Answered requests.");
  for (const auto& [key, count] : requests_)
    out << "reinstate_requests_total{path=\"" << key.first << "\",status=\"" << key.second << "\"} " << count << '\n';

  begin(out, "reinstate_decisions_total", "counter", "Licenses that machines asked for, by decision.");
  put_each(out, "reinstate_decisions_total", "outcome", decisions_);

  constexpr std::string_view duration = "reinstate_request_duration_seconds";
  begin(out, duration, "histogram", "Time from the first byte of a request to the last byte of its answer.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i != bounds.size(); ++i)
    out << duration << "_bucket{le=\"" << bounds[i] << "\"} " << (sum += durations_[i]) << '\n';
  sum += durations_.back();
  out << duration << "_bucket{le=\"+Inf\"} " << sum << '\n';
  out << duration << "_sum " << total_duration_ << '\n' << duration << "_count " << sum << '\n';

  begin(out, "reinstate_connections", "gauge", "Open connections.");
  put(out, "reinstate_connections", connections_opened_ - connections_closed_);
  begin(out, "reinstate_connections_total", "counter", "Accepted connections.");
  put(out, "reinstate_connections_total", connections_opened_);
  begin(out, "reinstate_connections_refused_total", "counter", "Connections closed at once, by reason.");
  put_each(out, "reinstate_connections_refused_total", "reason", refused_connections_);
  begin(out, "reinstate_ledger_errors_total", "counter", "Requests that failed because of the ledger.");
  put(out, "reinstate_ledger_errors_total", ledger_errors_);
  return std::move(out).str();
}

}  // namespace reinstate::service
