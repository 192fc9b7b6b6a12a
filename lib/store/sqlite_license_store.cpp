// SPDX-License-Identifier: BSL-1.0
#include "store/license_database.hpp"
#include "store/license_reader.hpp"
#include "store/license_rows.hpp"
#include "store/license_seal.hpp"
#include "store/license_walk.hpp"
#include "store/note_name.hpp"
#include "store/row_pipeline.hpp"
#include "sqlite/sqlite.hpp"
#include "sqlite/sqlite_file.hpp"
#include "store/sqlite_notes.hpp"
#include "store/store_error.hpp"

#include <reinstate/plugins/sqlite_license_store.hpp>

#include <mutex>
#include <optional>
#include <utility>

namespace reinstate {
namespace {

using store::journal;
using store::license_seal;
using store::owner;

class empty_cursor final : public license_cursor {
 public:
  result<std::optional<license_record>> next() override { return std::nullopt; }
  result<std::span<const std::byte>> payload() override { return errc::invalid_argument; }
};

// Has connections of its own, whose read transactions are the snapshot.
class sqlite_cursor final : public license_cursor {
 public:
  sqlite_cursor(store::view rows, std::optional<store::view> payloads, store::license_reader reader,
                std::shared_ptr<const license_seal> seal, boost::asio::any_io_executor helpers)
      : rows_(std::move(rows)),
        payloads_(std::move(payloads)),
        walk_(std::in_place, std::move(reader), std::move(seal), std::move(helpers)) {}

  result<std::optional<license_record>> next() override {
    if (!walk_) return std::nullopt;
    auto step = walk_->next();
    if (!step || !*step) close();
    return step;
  }

  result<std::span<const std::byte>> payload() override {
    if (!walk_) return errc::invalid_argument;
    auto opened = walk_->payload();
    if (!opened && opened.error() != errc::license_damaged && opened.error() != errc::invalid_argument) close();
    return opened;
  }

 private:
  // At the end already: a snapshot that nobody reads keeps the write-ahead log from being folded in.
  void close() noexcept {
    walk_.reset();
    payloads_.reset();
    rows_.reset();
  }

  std::optional<store::view> rows_;
  std::optional<store::view> payloads_;  // where they are read with another connection
  std::optional<store::license_walk> walk_;
};

class sqlite_store;

// Has the store's writing connection to itself while it is open.
class sqlite_batch final : public write_batch {
 public:
  sqlite_batch(sqlite_store& store, sqlite::transaction change, std::shared_ptr<const license_seal> seal,
               store::row_writer rows, store::fill fill, boost::asio::any_io_executor helpers)
      : store_(&store),
        change_(std::move(change)),
        seal_(std::move(seal)),
        rows_(std::in_place, std::move(rows), *seal_, std::move(fill), std::move(helpers)) {}
  ~sqlite_batch() override { end(); }

  result<std::optional<license_version>> find(const license_id& id) override {
    if (!rows_) return errc::store_failed;
    return rows_->find(id);
  }

  result<void> put(const license_record& record) override {
    return rows_ ? rows_->put(record) : result<void>(errc::store_failed);
  }

  result<void> remove(const license_id& id) override {
    return rows_ ? rows_->remove(id) : result<void>(errc::store_failed);
  }

  result<void> commit() override;

 private:
  void end() noexcept;

  sqlite_store* store_;
  sqlite::transaction change_;
  std::shared_ptr<const license_seal> seal_;
  std::optional<store::row_pipeline> rows_;  // absent when the batch is spent
};

class sqlite_store final : public license_store, private note_store {
 public:
  sqlite_store(std::filesystem::path file, std::shared_ptr<machine_identity> identity,
               std::unique_ptr<sqlite::database> reader, boost::asio::any_io_executor helpers)
      : file_(std::move(file)),
        helpers_(std::move(helpers)),
        identity_(std::move(identity)),
        reader_(std::move(reader)) {}

  result<store_description> describe() override;
  result<std::unique_ptr<license_cursor>> open_cursor() override;
  result<std::unique_ptr<write_batch>> begin_batch() override;
  result<license> find(const license_id& id) override;
  note_store* notes() noexcept override { return this; }

  // Called by the batch when its transaction is over.
  void batch_ended() noexcept;

 private:
  result<std::optional<document>> read(std::string_view name) override;
  result<void> update(std::string_view name, const change& make) override;

  result<const license_seal*> seal();
  result<const license_seal*> seal_for_reading(sqlite::database& in);
  result<const license_seal*> seal_for_writing();
  result<void> own(sqlite::database& in, const license_seal& machine);
  result<void> choose_journal();
  result<std::unique_ptr<write_batch>> begin_change(const license_seal& machine);
  result<sqlite::database*> reader();
  result<std::optional<store::view>> view_of_payloads(store::view& rows);

  const std::filesystem::path file_;
  const boost::asio::any_io_executor helpers_;  // threads that may work ahead
  std::mutex mutex_;                            // guards what follows; a batch has `writer_` to itself while it is open
  const std::shared_ptr<machine_identity> identity_;
  std::shared_ptr<const license_seal> seal_;  // of the identity as it was when last asked
  std::unique_ptr<sqlite::database> reader_;  // for single reads; closed while the store is being filled
  std::unique_ptr<sqlite::database> writer_;  // for batches, one after the other
  bool batch_open_ = false;
  bool filling_ = false;  // the open batch fills an empty store with a rollback journal: for all others it is empty
  store::note_map notes_while_filling_;  // nobody can change them then, and reading them would wait for the batch
};

// --- whose store it is ---

result<const license_seal*> sqlite_store::seal() {
  if (!seal_) {
    auto fetched = license_seal::of(*identity_);
    if (!fetched) return fetched.error();
    seal_ = std::make_shared<const license_seal>(*std::move(fetched));
  }
  return seal_.get();
}

// The seal that opens the licenses in a database; none where there are no licenses and no owner.
result<const license_seal*> sqlite_store::seal_for_reading(sqlite::database& in) {
  const auto owned = store::has_owner(in);
  if (!owned) return owned.error();
  if (!*owned) {
    const auto some = store::has_licenses(in);
    if (!some) return some.error();
    if (*some) return errc::store_damaged;  // the first batch writes the owner with the licenses
    return nullptr;
  }
  const auto machine = seal();
  if (!machine && machine.error() == errc::needs_individualization) return errc::store_of_another_machine;
  if (!machine) return machine.error();
  const auto whose = store::owner_of(in, **machine);
  if (!whose) return whose.error();
  if (*whose != owner::this_machine) return errc::store_of_another_machine;
  return *machine;
}

result<const license_seal*> sqlite_store::seal_for_writing() {
  auto machine = seal();
  if (machine || machine.error() != errc::needs_individualization) return machine;
  // An identity made now would not be the one that owns the store.
  const auto owned = store::has_owner(*writer_);
  if (!owned) return owned.error();
  return *owned ? errc::store_of_another_machine : errc::needs_individualization;
}

// Puts this machine's name to a store that has none.
result<void> sqlite_store::own(sqlite::database& in, const license_seal& machine) {
  const auto readable = seal_for_reading(in);
  if (!readable) return readable.error();
  return *readable == nullptr ? store::set_owner(in, machine) : result<void>();
}

// --- reading ---

result<sqlite::database*> sqlite_store::reader() {
  if (reader_ && reader_->has_moved()) reader_.reset();
  if (!reader_) {
    auto connected = store::connect(file_);
    if (!connected) return connected.error();
    reader_ = *std::move(connected);
  }
  return reader_.get();
}

result<store_description> sqlite_store::describe() {
  const std::lock_guard lock(mutex_);
  if (filling_) return store_description{};
  const auto in = reader();
  if (!in) return in.error();
  return store::measure(**in);
}

result<license> sqlite_store::find(const license_id& id) {
  const std::lock_guard lock(mutex_);
  if (filling_) return errc::license_not_found;
  const auto in = reader();
  if (!in) return in.error();
  const auto snapshot = sqlite::transaction::begin_read(**in);
  if (!snapshot) return store::errc_of(snapshot.error());
  const auto machine = seal_for_reading(**in);
  if (!machine) return machine.error();
  if (*machine == nullptr) return errc::license_not_found;

  auto rows = store::license_reader::one(**in, id);
  if (!rows) return rows.error();
  store::license_batch found;
  rows->read(found, true);
  if (found.rows.empty()) return found.end->failed() ? *found.end : make_error_code(errc::license_not_found);
  store::license_row& row = found.rows.front();
  store::open_payload(row, **machine);
  const auto payload = store::payload_of(row);
  if (!payload) return payload.error();
  row.record.payload = *payload;
  return unpack(row.record);
}

result<std::unique_ptr<license_cursor>> sqlite_store::open_cursor() {
  const std::lock_guard lock(mutex_);
  if (filling_) return std::make_unique<empty_cursor>();
  seal_.reset();  // the identity may be another one by now, or gone
  auto rows = store::open_view(file_);
  if (!rows) return rows.error();
  auto payloads = view_of_payloads(*rows);
  if (!payloads) return payloads.error();
  sqlite::database& in = *rows->connection;
  const auto machine = seal_for_reading(in);
  if (!machine) return machine.error();
  if (*machine == nullptr) return std::make_unique<empty_cursor>();
  auto reader = store::license_reader::all(in, *payloads ? *(*payloads)->connection : in);
  if (!reader) return reader.error();
  return std::make_unique<sqlite_cursor>(*std::move(rows), *std::move(payloads), *std::move(reader), seal_, helpers_);
}

// A connection of their own for the payloads of licenses that are scattered: each of them comes with a page that nobody
// needs again, and the cache is for the pages of the rows, which are needed again and again.
result<std::optional<store::view>> sqlite_store::view_of_payloads(store::view& rows) {
  const auto scattered = store::is_scattered(*rows.connection);
  if (!scattered) return scattered.error();
  if (!*scattered) return std::optional<store::view>();
  if (auto prepared = store::prepare_scattered_walk(*rows.connection); !prepared) return prepared.error();
  const auto locking = reader();
  if (!locking) return locking.error();
  return store::open_second_view(file_, rows, **locking);
}

// --- writing ---

// A restore into an empty store is written once with a rollback journal and twice with a write-ahead log. SQLite
// permits the change of journal only while no other connection is open, here or in another program.
result<void> sqlite_store::choose_journal() {
  const auto stored = store::has_licenses(*writer_);
  if (!stored) return stored.error();
  if (!*stored) reader_.reset();
  store::try_journal(*writer_, *stored ? journal::ahead : journal::back);
  return {};
}

result<std::unique_ptr<write_batch>> sqlite_store::begin_change(const license_seal& machine) {
  if (auto chosen = choose_journal(); !chosen) return chosen.error();
  auto change = sqlite::transaction::begin_write(*writer_);
  if (!change) return store::errc_of(change.error());
  if (auto owned = own(*writer_, machine); !owned) return owned.error();
  // Only now nobody else can change either answer.
  const auto in_use = store::journal_of(*writer_);
  if (!in_use) return in_use.error();
  const auto stored = store::has_licenses(*writer_);
  if (!stored) return stored.error();

  auto rows = store::row_writer::in(*writer_);
  if (!rows) return rows.error();
  const bool fills_file = *in_use == journal::back && !*stored;
  auto notes = fills_file ? store::all_notes(*writer_) : result<store::note_map>(store::note_map());
  if (!notes) return notes.error();
  store::fill fill{!*stored, fills_file ? std::optional(store::write_back(file_)) : std::nullopt};
  auto batch =
      std::make_unique<sqlite_batch>(*this, *std::move(change), seal_, *std::move(rows), std::move(fill), helpers_);
  notes_while_filling_ = *std::move(notes);
  batch_open_ = true;
  filling_ = fills_file;
  return batch;
}

result<std::unique_ptr<write_batch>> sqlite_store::begin_batch() {
  const std::lock_guard lock(mutex_);
  if (batch_open_) return errc::store_busy;
  seal_.reset();  // the identity may be another one by now
  // Who moved the file away wants nothing more to be written to it; what is at its place now counts.
  if (writer_ && writer_->has_moved()) writer_.reset();
  if (!writer_) {
    auto connected = store::connect(file_);
    if (!connected) return connected.error();
    writer_ = *std::move(connected);
  }
  const auto machine = seal_for_writing();
  if (!machine) return machine.error();
  auto batch = begin_change(**machine);
  if (!batch) store::try_journal(*writer_, journal::ahead);
  return batch;
}

void sqlite_store::batch_ended() noexcept {
  const std::lock_guard lock(mutex_);
  if (filling_) store::try_journal(*writer_, journal::ahead);
  filling_ = false;
  notes_while_filling_.clear();
  batch_open_ = false;
}

// --- notes ---

// With the connection for single reads, which is closed where a batch needs the file to itself.
result<std::optional<note_store::document>> sqlite_store::read(std::string_view name) {
  if (!store::is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  if (filling_) {
    const auto found = notes_while_filling_.find(name);
    return found == notes_while_filling_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto in = reader();
  if (!in) return in.error();
  return store::read_note(**in, name);
}

result<void> sqlite_store::update(std::string_view name, const change& make) {
  if (!store::is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  if (batch_open_) return errc::store_busy;
  const auto in = reader();
  if (!in) return in.error();
  return store::update_note(**in, name, make);
}

// --- batch ---

result<void> sqlite_batch::commit() {
  if (!rows_) return errc::store_failed;  // spent
  auto outcome = rows_->finish();
  if (outcome) outcome = store::translated(change_.commit());
  end();
  return outcome;
}

void sqlite_batch::end() noexcept {
  if (!rows_) return;
  rows_.reset();
  change_.rollback();
  store_->batch_ended();
}

}  // namespace

result<std::unique_ptr<license_store>> open_sqlite_license_store(const std::filesystem::path& file,
                                                                 std::shared_ptr<machine_identity> identity,
                                                                 boost::asio::any_io_executor helpers) {
  if (file.empty() || identity == nullptr) return errc::invalid_argument;
  std::error_code error;
  // Connections are opened whenever they are needed: the current folder may be another then.
  const auto place = std::filesystem::absolute(file, error);
  if (error == std::errc::not_enough_memory) return errc::out_of_memory;
  if (error) return errc::store_not_accessible;
  if (auto created = sqlite::create_file(place); !created) return store::errc_of(created.error());
  auto connection = store::connect(place);
  if (!connection) return connection.error();
  if (auto prepared = store::prepare_tables(**connection); !prepared) return prepared.error();
  return std::make_unique<sqlite_store>(place, std::move(identity), *std::move(connection), std::move(helpers));
}

}  // namespace reinstate
