// SPDX-License-Identifier: BSL-1.0
// How many decisions a License Management Service makes in a second, on one machine with those who ask:
//
//     service_load [--folder <where the ledger lies>] [--requests <of one license, in a row of the table>]
//                  [--only <licenses in a request>,<clients>,<requests>]
//
// The server, with its ledger in SQLite, is a process of its own. Those who ask are threads of this one, each with its
// machine and its connection, over TLS on loopback. Every license is new to the ledger: each decision writes.
#include "served_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace reinstate;
using namespace reinstate::tests;
using steady = std::chrono::steady_clock;

struct load {
  unsigned batch, clients, requests;  // licenses in a request; requests of all clients together
};

struct measured {
  double seconds = 0;
  std::vector<double> answer_times;  // in milliseconds, sorted
  double server_cpu = 0;             // in seconds
  double server_peak = 0;            // in MiB

  double quantile(double part) const {
    return answer_times[static_cast<std::size_t>(part * static_cast<double>(answer_times.size() - 1))];
  }
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// Since it began to run its program; what is told at its end counts the process that it was forked from as well.
double peak_mib(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  throw std::runtime_error("The system does not tell how much memory a process takes.");
}

class client {
 public:
  client(const served_folder& in, const std::string& url, unsigned number, const load& what)
      : in_(in), service_(in.client(url, self_)) {
    for (unsigned i = 0; i != what.requests / what.clients; ++i) {
      auto& statements = requests_.emplace_back();
      for (unsigned j = 0; j != what.batch; ++j) statements.push_back(in.statement(new_license(number), 4));
    }
  }

  // Connects, so that this is not in the time of the first answer.
  void connect() { service_->machines(in_.proof(owner_action::list_machines, self_), {}).value(); }

  std::vector<double> ask() {
    std::vector<double> times;
    for (const auto& statements : requests_) {
      restore_request request = in_.request(self_);
      for (const auto& one : statements) request.licenses.push_back({one, 0, {}});
      const auto begin = steady::now();
      const auto answer = service_->decide(request, {}).value();
      times.push_back(std::chrono::duration<double, std::milli>(steady::now() - begin).count());
      if (std::ranges::any_of(answer.licenses, [](const auto& one) { return one.refused.failed(); }))
        throw std::runtime_error("A license was refused.");
    }
    return times;
  }

 private:
  license_id new_license(unsigned of) {
    license_id out;
    const std::uint32_t number[] = {of, ++last_};
    crypto::fill_random(out.bytes);  // in no order, as real ids are
    std::memcpy(out.bytes.data(), number, sizeof number);
    std::ranges::reverse(out.bytes);
    return out;
  }

  const served_folder& in_;
  asking_machine self_;
  std::shared_ptr<license_management_service> service_;
  std::uint32_t last_ = 0;
  std::vector<std::vector<std::vector<std::byte>>> requests_;
};

measured measure(const load& what, const std::filesystem::path& where) {
  const served_folder folder(where);
  served_ledger server(SERVED_LEDGER, folder);
  std::vector<std::unique_ptr<client>> clients;
  for (unsigned number = 0; number != what.clients; ++number) {
    clients.push_back(std::make_unique<client>(folder, server.url(), number, what));
    clients.back()->connect();
  }
  std::vector<std::future<std::vector<double>>> asking;
  std::latch ready(what.clients);
  const auto begin = steady::now();
  for (const auto& one : clients)
    asking.push_back(std::async(std::launch::async, [&] {
      ready.arrive_and_wait();
      return one->ask();
    }));
  measured out;
  for (auto& one : asking) {
    const auto times = one.get();
    out.answer_times.insert(out.answer_times.end(), times.begin(), times.end());
  }
  out.seconds = std::chrono::duration<double>(steady::now() - begin).count();
  std::ranges::sort(out.answer_times);
  out.server_peak = peak_mib(server.id());
  server.end_input();
  rusage used{};
  if (server.wait(&used) != 0) throw std::runtime_error("The server failed.");
  out.server_cpu = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  return out;
}

void print(const load& what, const measured& got) {
  const double decisions = static_cast<double>(got.answer_times.size()) * what.batch;
  std::printf("| %u | %u | %.0f | %.1f ms | %.1f ms | %.0f us | %.0f MiB |\n", what.batch, what.clients,
              decisions / got.seconds, got.quantile(0.5), got.quantile(0.99), 1e6 * got.server_cpu / decisions,
              got.server_peak);
  std::fflush(stdout);
}

struct options {
  std::filesystem::path folder = std::filesystem::temp_directory_path();
  unsigned requests = 4'000;
  std::optional<load> only;
};

int run(const options& with) {
  const unsigned few = std::max(with.requests / 20, 8U);
  std::vector<load> rows = {
      {1, 1, with.requests}, {1, 8, with.requests}, {1, 32, with.requests}, {1'000, 1, few}, {1'000, 8, few}};
  if (with.only) rows = {*with.only};
  std::string before;
  std::getline(std::ifstream("/proc/loadavg"), before);
  std::printf("Other programs before: load average %s\n\n", before.c_str());
  std::printf(
      "| licenses in a request | clients at a time | decisions a second | p50 | p99 | CPU of the server for each "
      "decision | peak memory of the server |\n|--:|--:|--:|--:|--:|--:|--:|\n");
  for (const load& row : rows) print(row, measure(row, with.folder));
  return 0;
}

unsigned number_in(std::string_view text, unsigned least) {
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < least)
    throw std::runtime_error("A number of " + std::to_string(least) + " or more is needed, not: " + std::string(text));
  return number;
}

// licenses,clients,requests
load row_in(std::string_view text) {
  std::array<unsigned, 3> numbers{};
  for (unsigned& each : numbers) {
    const auto end = std::min(text.find(','), text.size());
    each = number_in(text.substr(0, end), 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto [batch, clients, requests] = numbers;
  if (batch > restore_request::max_licenses || requests < clients) throw std::runtime_error("No such row is possible.");
  return {batch, clients, requests};
}

options read(int count, char** arguments) {
  options out;
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = arguments[i];
    if (i + 1 == count) throw std::runtime_error(std::string(option) + " needs a value.");
    if (option == "--folder")
      out.folder = arguments[i + 1];
    else if (option == "--requests")
      out.requests = number_in(arguments[i + 1], 32);
    else if (option == "--only")
      out.only = row_in(arguments[i + 1]);
    else
      throw std::runtime_error("There is no option " + std::string(option) + ".");
  }
  return out;
}

}  // namespace

int main(int count, char** arguments) try { return run(read(count, arguments)); } catch (const std::exception& failed) {
  std::fprintf(stderr, "%s\n", failed.what());
  return 1;
}
