// SPDX-License-Identifier: BSL-1.0
#include "corpus.hpp"

#include "database.hpp"
#include "floor.hpp"

#include <reinstate/plugins/file_machine_identity.hpp>
#include <reinstate/plugins/sqlite_license_store.hpp>
#include <reinstate/recovery/recovery_key.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

using reinstate::license;

// SplitMix64: a seed gives the same numbers with every compiler and library.
class random_numbers {
 public:
  explicit random_numbers(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }

  double normal() noexcept {  // Box and Muller
    const double u = (static_cast<double>(next() >> 11) + 1) / 9007199254740993.0;
    const double v = static_cast<double>(next() >> 11) / 9007199254740992.0;
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
  }

  void fill(std::span<std::byte> out) noexcept {
    while (!out.empty()) {
      const std::uint64_t word = next();
      const std::size_t size = std::min(out.size(), sizeof word);
      std::memcpy(out.data(), &word, size);
      out = out.subspan(size);
    }
  }

 private:
  std::uint64_t state_;
};

random_numbers numbers_of(std::uint32_t number) {
  return random_numbers(random_numbers(20240607 + (std::uint64_t{number} << 32)).next());
}

std::size_t payload_size(random_numbers& random) {
  return static_cast<std::size_t>(std::clamp(2048 * std::exp(0.6 * random.normal()), 512.0, 8192.0));
}

std::string rights_document(random_numbers& random) {
  const char* const resolutions[] = {"1280x720", "1920x1080", "3840x2160"};
  return R"({"play":true,"copy":false,"security_level":"L)" + std::to_string(1 + random.below(3)) + R"(","hdcp":"2.)" +
         std::to_string(random.below(4)) + R"(","resolution":")" + resolutions[random.below(3)] +
         R"(","tracks":["video","audio-en","audio-de"],"territories":["AT","DE","CH"],"playback":{"limit_s":172800,)" +
         R"("count":)" + std::to_string(random.below(30)) + R"(},"serial":")" + std::to_string(random.next()) +
         R"(","renew_url":"https://licenses.example/renew/)" + std::to_string(random.next()) + R"("})";
}

template <class Do>
void for_each_license(std::size_t count, Do what) {
  for (const std::uint32_t number : in_order_of_id(count)) what(make_license(number));
}

std::ofstream created(const fs::path& file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.exceptions(std::ios::failbit | std::ios::badbit);
  return out;
}

void write(std::ofstream& out, std::span<const std::byte> bytes) {
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

fs::path file_of(const fs::path& folder, const license& item) {
  const std::string name = to_string(item.id);
  return folder / name.substr(0, 2) / (name + ".license");
}

void write_file(const fs::path& file, const license& item) {
  auto out = created(file);
  write(out, pack_metadata(item));
  write(out, item.payload.expose());
}

}  // namespace

license make_license(std::uint32_t number, std::uint64_t revision) {
  random_numbers random = numbers_of(number);
  license item;
  random.fill(item.id.bytes);
  random.fill(item.key.bytes);
  item.revision = revision;
  item.format = "opaque";
  item.issuer = "https://licenses.example/issuers/" + std::to_string(random.below(4));
  item.title = "Title " + std::to_string(number) + ": episode " + std::to_string(random.below(40));
  item.rights.backup = reinstate::backup_right::granted;
  item.rights.not_before = std::chrono::sys_seconds(std::chrono::seconds(1600000000 + random.below(100000000)));
  item.rights.document = rights_document(random);
  if (random.below(5) == 0) item.state.uses_left = random.below(30);
  item.payload = reinstate::secret_bytes(payload_size(random));
  if (revision != 1) random = random_numbers(random.next() + revision);
  random.fill(item.payload.expose_writable());
  return item;
}

std::vector<std::uint32_t> in_order_of_id(std::size_t count) {
  std::vector<std::pair<reinstate::license_id, std::uint32_t>> ids(count);
  for (std::uint32_t i = 0; i != count; ++i) {
    numbers_of(i).fill(ids[i].first.bytes);
    ids[i].second = i;
  }
  std::ranges::sort(ids);
  std::vector<std::uint32_t> out(count);
  std::ranges::transform(ids, out.begin(), [](const auto& each) { return each.second; });
  return out;
}

std::vector<std::uint32_t> changing(std::size_t count, std::size_t every) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = every / 3; i < count; i += every) out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

// --- stores ---

std::shared_ptr<reinstate::machine_identity> home::identity() const {
  return reinstate::make_file_machine_identity(folder / "machine.key");
}

std::shared_ptr<reinstate::license_store> home::store(boost::asio::any_io_executor helpers) const {
  return reinstate::open_sqlite_license_store(store_file(), identity(), std::move(helpers)).value();
}

void individualize(const home& at) {
  fs::create_directories(at.folder);
  if (!fs::exists(at.folder / "machine.key")) at.identity()->individualize().value();
}

void fill(const home& at, std::size_t count) {
  individualize(at);
  const auto store = at.store();
  const auto batch = store->begin_batch().value();
  for_each_license(count, [&](const license& item) {
    const auto metadata = pack_metadata(item);
    batch->put(as_record(item, metadata)).value();
  });
  batch->commit().value();
}

void grow(const home& at, std::size_t count) {
  individualize(at);
  const auto store = at.store();
  for (std::uint32_t i = 0; i != count; ++i) put_license(*store, make_license(i)).value();
}

void change(const home& at, std::size_t count, std::size_t every) {
  const auto store = at.store();
  const auto batch = store->begin_batch().value();
  for (const std::uint32_t number : changing(count, every)) {
    const license item = make_license(number, 2);
    const auto metadata = pack_metadata(item);
    batch->put(as_record(item, metadata)).value();
  }
  batch->commit().value();
}

// --- what other programs read ---

namespace {

// With pages of SQLite's own size, as a program has them whose author did not measure.
template <class Payload>
void make_database(const fs::path& file, const char* settings, std::size_t count, Payload payload) {
  fs::remove(file);
  database to(file);
  to.execute(settings);
  to.execute(licenses_table);
  statement insert = to.prepare("INSERT INTO licenses VALUES (?1, ?2, ?3)");
  to.execute("BEGIN");
  for_each_license(count, [&](const license& item) {
    insert.bind(1, item.id.bytes).bind(2, pack_metadata(item)).bind(3, payload(item)).run();
  });
  to.execute("COMMIT");
}

}  // namespace

void make_plain_database(const fs::path& file, std::size_t count) {
  make_database(file, "", count, [](const license& item) { return item.payload.expose(); });
}

void make_sealed_database(const fs::path& file, std::size_t count) {
  std::vector<std::byte> sealed;
  make_database(file, "PRAGMA page_size = 16384", count, [&](const license& item) {
    seal_at_rest(item.id.bytes, item.payload.expose(), sealed);
    return std::span<const std::byte>(sealed);
  });
}

void make_directory(const fs::path& folder, std::size_t count) {
  for_each_license(count, [&](const license& item) {
    const fs::path file = file_of(folder, item);
    fs::create_directories(file.parent_path());
    write_file(file, item);
  });
}

void change_directory(const fs::path& folder, std::size_t count, std::size_t every, std::uint64_t revision) {
  for (const std::uint32_t number : changing(count, every)) {
    const license item = make_license(number, revision);
    const fs::path file = file_of(folder, item), temporary = file.string() + ".new";
    write_file(temporary, item);
    fs::rename(temporary, file);
  }
}

void make_stream(const fs::path& file, std::size_t count) {
  auto out = created(file);
  for_each_license(count, [&](const license& item) {
    write(out, item.id.bytes);
    write(out, pack_metadata(item));
    write(out, item.payload.expose());
  });
}

void make_age_key(const fs::path& folder) {
  const auto key = reinstate::make_age_identity();
  auto identity = created(folder / "age.key"), recipient = created(folder / "recipient");
  write(identity, key.secret.expose());
  identity << '\n';
  recipient << key.recipient;
}

}  // namespace bench
