// SPDX-License-Identifier: BSL-1.0
#include "hot_loops.hpp"

#include "corpus.hpp"
#include "format/age/age_stream.hpp"
#include "format/archive/archive_page.hpp"
#include "format/archive/archive_record.hpp"

#include <reinstate/async.hpp>
#include <reinstate/plugins/memory_license_store.hpp>
#include <reinstate/plugins/memory_machine_identity.hpp>
#include <reinstate/plugins/memory_medium.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

using namespace reinstate;

// Licenses and their metadata, in ascending order of id.
struct packed_licenses {
  explicit packed_licenses(std::size_t count) {
    for (const std::uint32_t number : in_order_of_id(count)) {
      items.push_back(make_license(number));
      metadata.push_back(pack_metadata(items.back()));
    }
  }

  template <class Do>
  void for_each(Do what) const {
    for (std::size_t i = 0; i != items.size(); ++i) what(as_record(items[i], metadata[i]));
  }

  std::vector<license> items;
  std::vector<std::vector<std::byte>> metadata;
};

using packed = std::shared_ptr<const packed_licenses>;

// --- pages and chunks ---

using sealed_chunks = std::vector<std::vector<std::byte>>;

age::stream_key make_key() {
  const std::vector<std::byte> nonce(age::payload_nonce_size);
  return age::stream_key(secret_bytes(16), nonce);
}

void seal_pages(const packed_licenses& from, const age::stream_key& key, sealed_chunks& to) {
  std::size_t count = 0;
  archive::page_writer pages([&](crypto::byte_span page, bool last) -> result<void> {
    if (to.size() == count) to.emplace_back();
    to[count].resize(page.size() + age::chunk_overhead);
    key.seal(count, last, page, to[count]);
    ++count;
    return {};
  });
  from.for_each([&](const license_record& item) {
    pages.append(archive::encoded_size(item), [&](auto& page) { archive::write_record(page, item); }).value();
  });
  pages.finish().value();
}

std::function<void()> sealing(const std::filesystem::path&, std::size_t licenses) {
  const auto key = std::make_shared<age::stream_key>(make_key());
  return [from = packed(new packed_licenses(licenses)), key, to = sealed_chunks()]() mutable {
    seal_pages(*from, *key, to);
  };
}

std::function<void()> opening(const std::filesystem::path&, std::size_t licenses) {
  const auto key = std::make_shared<age::stream_key>(make_key());
  const auto chunks = std::make_shared<sealed_chunks>();
  seal_pages(packed_licenses(licenses), *key, *chunks);
  return [key, chunks, licenses, page = std::vector<std::byte>(age::chunk_size)]() mutable {
    archive::page_reader records(1024 * 1024);
    std::size_t seen = 0;
    for (std::size_t i = 0; i != chunks->size(); ++i) {
      const crypto::byte_span chunk = (*chunks)[i];
      const auto opened = std::span(page).first(chunk.size() - age::chunk_overhead);
      if (!key->open(i, i + 1 == chunks->size(), chunk, opened)) throw std::runtime_error("a chunk does not open");
      records.add_page(opened);
      for (auto step = records.next().value(); step.state == archive::page_reader::state::record;
           step = records.next().value())
        seen += std::holds_alternative<license_record>(archive::parse_record(step.content).value().record) ? 1u : 0u;
    }
    if (seen != licenses) throw std::runtime_error("licenses are lost");
  };
}

// --- the store ---

template <bool WithPayloads>
std::function<void()> walking(const std::filesystem::path& folder, std::size_t licenses) {
  const home at{folder / "walked"};
  if (!fs::exists(at.store_file())) fill(at, licenses);
  return [store = at.store(), licenses] {
    const auto cursor = store->open_cursor().value();
    std::size_t seen = 0;
    for (; cursor->next().value(); ++seen)
      if (WithPayloads) cursor->payload().value();
    if (seen != licenses) throw std::runtime_error("licenses are lost");
  };
}

std::function<void()> filling(const std::filesystem::path& folder, std::size_t licenses) {
  const home at{folder / "filled"};
  individualize(at);
  return [at, from = packed(new packed_licenses(licenses))] {
    fs::remove(at.store_file());
    const auto store = at.store();
    const auto batch = store->begin_batch().value();
    from->for_each([&](const license_record& item) {
      batch->find(item.id).value();
      batch->put(item).value();
    });
    batch->commit().value();
  };
}

// --- whole operations, in memory, by one thread ---

struct machine {
  std::shared_ptr<license_store> store = make_memory_license_store();
  std::shared_ptr<machine_identity> identity = make_memory_machine_identity();
};

void run(const machine& on, const std::shared_ptr<memory_files>& files, const age_identity& key,
         operation_request request) {
  boost::asio::io_context context(1);
  backup_restorer_config config;
  config.store = on.store;
  config.identity = on.identity;
  config.medium = [files](const std::string&) { return make_memory_medium(files); };
  config.recovery_key = recovery_key_storage::recipient;
  config.recipient = key.recipient;
  config.passphrase = [&key](passphrase_purpose) { return key.secret.clone(); };
  config.io = config.work = context.get_executor();
  const auto restorer = create_backup_restorer(std::move(config)).value();
  for (const auto name : {backup_path_property, restore_path_property}) restorer->set_prop(name, "memory").value();
  error_code ended;
  restorer->start(std::move(request), [&ended](error_code error, operation_report) { ended = error; });
  context.run();
  if (ended) throw boost::system::system_error(ended);
}

machine filled_machine(std::size_t licenses) {
  machine out;
  out.identity->individualize().value();
  const auto batch = out.store->begin_batch().value();
  packed_licenses(licenses).for_each([&](const license_record& item) { batch->put(item).value(); });
  batch->commit().value();
  return out;
}

std::function<void()> backing_up(const std::filesystem::path&, std::size_t licenses) {
  const auto key = std::make_shared<age_identity>(make_age_identity());
  return
      [from = filled_machine(licenses), key] { run(from, std::make_shared<memory_files>(), *key, backup_options{}); };
}

std::function<void()> restoring(const std::filesystem::path&, std::size_t licenses) {
  const auto key = std::make_shared<age_identity>(make_age_identity());
  const auto files = std::make_shared<memory_files>();
  run(filled_machine(licenses), files, *key, backup_options{});
  return [files, key] { run(machine(), files, *key, restore_options{restore_flags::individualize}); };
}

}  // namespace

const std::map<std::string, hot_loop>& hot_loops() {
  static const std::map<std::string, hot_loop> all = {
      {"pages: encode and seal", sealing},
      {"pages: open and parse", opening},
      {"store: walk", walking<false>},
      {"store: walk, open payloads", walking<true>},
      {"store: fill", filling},
      {"backup in memory", backing_up},
      {"restore in memory", restoring},
  };
  return all;
}

}  // namespace bench
