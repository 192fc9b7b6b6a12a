// SPDX-License-Identifier: BSL-1.0
#include "sqlite/sqlite.hpp"
#include "sqlite/sqlite_file.hpp"
#include "store/license_database.hpp"
#include "store/license_reader.hpp"
#include "store/license_rows.hpp"
#include "store/license_seal.hpp"
#include "store/license_walk.hpp"
#include "store/note_name.hpp"
#include "store/row_pipeline.hpp"
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

// A cursor with connections of its own, whose read transactions are the snapshot.
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
  // Called at the end of the walk: an open snapshot keeps the write-ahead log from being checkpointed.
  void close() noexcept {
    walk_.reset();
    payloads_.reset();
    rows_.reset();
  }

  std::optional<store::view> rows_;
  std::optional<store::view> payloads_;  // if they are read with another connection
  std::optional<store::license_walk> walk_;
};

class sqlite_store;

// A batch, which has the store's writing connection to itself while it is open.
class sqlite_batch final : public write_batch {
 public:
  sqlite_batch(sqlite_store& store, sqlite::transaction change, std::shared_ptr<const license_seal> seal,
               store::row_writer writer, store::fill_options options, boost::asio::any_io_executor helpers)
      : store_(&store),
        change_(std::move(change)),
        seal_(std::move(seal)),
        rows_(std::in_place, std::move(writer), *seal_, std::move(options), std::move(helpers)) {}
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
  result<void> update(std::string_view name, const change& edit) override;

  result<const license_seal*> seal();
  result<const license_seal*> seal_for_reading(sqlite::database& database);
  result<const license_seal*> seal_for_writing();
  result<void> take_ownership(sqlite::database& database, const license_seal& seal);
  result<void> choose_journal();
  result<std::unique_ptr<write_batch>> begin_change(const license_seal& seal);
  result<sqlite::database*> reader();
  result<std::optional<store::view>> view_of_payloads(store::view& rows);

  const std::filesystem::path file_;
  const boost::asio::any_io_executor helpers_;  // threads that may work ahead
  std::mutex mutex_;                            // guards the following; an open batch has `writer_` to itself
  const std::shared_ptr<machine_identity> identity_;
  std::shared_ptr<const license_seal> seal_;  // of the identity as last read
  std::unique_ptr<sqlite::database> reader_;  // for single reads; closed while the store is being filled
  std::unique_ptr<sqlite::database> writer_;  // for batches, one after the other
  bool batch_open_ = false;
  bool filling_ = false;  // the open batch fills an empty store with a rollback journal: readers see it empty
  store::note_map notes_while_filling_;  // which cannot change, and whose reading would wait for the batch
};

// --- the owner of the store ---

result<const license_seal*> sqlite_store::seal() {
  if (!seal_) {
    auto fetched = license_seal::of(*identity_);
    if (!fetched) return fetched.error();
    seal_ = std::make_shared<const license_seal>(*std::move(fetched));
  }
  return seal_.get();
}

// Returns the seal that opens the licenses in a database, or null if it has no licenses and no owner.
result<const license_seal*> sqlite_store::seal_for_reading(sqlite::database& database) {
  const auto owned = store::has_owner(database);
  if (!owned) return owned.error();
  if (!*owned) {
    const auto stored = store::has_licenses(database);
    if (!stored) return stored.error();
    if (*stored) return errc::store_damaged;  // the first batch writes the owner with the licenses
    return nullptr;
  }
  const auto own_seal = seal();
  if (!own_seal && own_seal.error() == errc::needs_individualization) return errc::store_of_another_machine;
  if (!own_seal) return own_seal.error();
  const auto found = store::owner_of(database, **own_seal);
  if (!found) return found.error();
  if (*found != owner::this_machine) return errc::store_of_another_machine;
  return *own_seal;
}

result<const license_seal*> sqlite_store::seal_for_writing() {
  auto own_seal = seal();
  if (own_seal || own_seal.error() != errc::needs_individualization) return own_seal;
  // An identity made now would not be the one that owns the store.
  const auto owned = store::has_owner(*writer_);
  if (!owned) return owned.error();
  return *owned ? errc::store_of_another_machine : errc::needs_individualization;
}

// Makes this machine the owner of a store without owner. Errors: store_of_another_machine.
result<void> sqlite_store::take_ownership(sqlite::database& database, const license_seal& seal) {
  const auto owner_seal = seal_for_reading(database);
  if (!owner_seal) return owner_seal.error();
  return *owner_seal == nullptr ? store::set_owner(database, seal) : result<void>();
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
  const auto connection = reader();
  if (!connection) return connection.error();
  return store::measure(**connection);
}

result<license> sqlite_store::find(const license_id& id) {
  const std::lock_guard lock(mutex_);
  if (filling_) return errc::license_not_found;
  const auto connection = reader();
  if (!connection) return connection.error();
  const auto snapshot = sqlite::transaction::begin_read(**connection);
  if (!snapshot) return store::errc_of(snapshot.error());
  const auto own_seal = seal_for_reading(**connection);
  if (!own_seal) return own_seal.error();
  if (*own_seal == nullptr) return errc::license_not_found;

  auto rows = store::license_reader::one(**connection, id);
  if (!rows) return rows.error();
  store::license_batch found;
  rows->read(found, true);
  if (found.rows.empty()) return found.end->failed() ? *found.end : make_error_code(errc::license_not_found);
  store::license_row& row = found.rows.front();
  store::open_payload(row, **own_seal);
  const auto payload = store::payload_of(row);
  if (!payload) return payload.error();
  row.record.payload = *payload;
  return unpack(row.record);
}

result<std::unique_ptr<license_cursor>> sqlite_store::open_cursor() {
  const std::lock_guard lock(mutex_);
  if (filling_) return std::make_unique<empty_cursor>();
  seal_.reset();  // the identity may have changed or be gone
  auto rows = store::open_view(file_);
  if (!rows) return rows.error();
  auto payloads = view_of_payloads(*rows);
  if (!payloads) return payloads.error();
  sqlite::database& database = *rows->connection;
  const auto own_seal = seal_for_reading(database);
  if (!own_seal) return own_seal.error();
  if (*own_seal == nullptr) return std::make_unique<empty_cursor>();
  auto reader = store::license_reader::all(database, *payloads ? *(*payloads)->connection : database);
  if (!reader) return reader.error();
  return std::make_unique<sqlite_cursor>(*std::move(rows), *std::move(payloads), *std::move(reader), seal_, helpers_);
}

// Returns a second connection for the payloads if the licenses are scattered: the page of a payload is not needed
// again, while the cache should keep the pages of the rows, which are needed again and again.
result<std::optional<store::view>> sqlite_store::view_of_payloads(store::view& rows) {
  const auto scattered = store::is_scattered(*rows.connection);
  if (!scattered) return scattered.error();
  if (!*scattered) return std::optional<store::view>();
  if (auto prepared = store::prepare_scattered_walk(*rows.connection); !prepared) return prepared.error();
  const auto lock_connection = reader();
  if (!lock_connection) return lock_connection.error();
  return store::open_second_view(file_, rows, **lock_connection);
}

// --- writing ---

// Chooses the journal for a batch. A restore into an empty store is written once with a rollback journal and twice with
// a write-ahead log. SQLite changes the journal only while no other connection is open, here or in another program.
result<void> sqlite_store::choose_journal() {
  const auto stored = store::has_licenses(*writer_);
  if (!stored) return stored.error();
  if (!*stored) reader_.reset();
  store::try_journal(*writer_, *stored ? journal::write_ahead : journal::rollback);
  return {};
}

result<std::unique_ptr<write_batch>> sqlite_store::begin_change(const license_seal& seal) {
  if (auto chosen = choose_journal(); !chosen) return chosen.error();
  auto change = sqlite::transaction::begin_write(*writer_);
  if (!change) return store::errc_of(change.error());
  if (auto owned = take_ownership(*writer_, seal); !owned) return owned.error();
  // Asked within the transaction: no one else can change either answer any more.
  const auto in_use = store::journal_of(*writer_);
  if (!in_use) return in_use.error();
  const auto stored = store::has_licenses(*writer_);
  if (!stored) return stored.error();

  auto writer = store::row_writer::open(*writer_);
  if (!writer) return writer.error();
  const bool fills_file = *in_use == journal::rollback && !*stored;
  auto notes = fills_file ? store::all_notes(*writer_) : result<store::note_map>(store::note_map());
  if (!notes) return notes.error();
  store::fill_options options{!*stored, fills_file ? std::optional(store::write_back(file_)) : std::nullopt};
  auto batch = std::make_unique<sqlite_batch>(*this, *std::move(change), seal_, *std::move(writer), std::move(options),
                                              helpers_);
  notes_while_filling_ = *std::move(notes);
  batch_open_ = true;
  filling_ = fills_file;
  return batch;
}

result<std::unique_ptr<write_batch>> sqlite_store::begin_batch() {
  const std::lock_guard lock(mutex_);
  if (batch_open_) return errc::store_busy;
  seal_.reset();  // the identity may have changed
  // If the file was moved or deleted, reconnects: later writes belong to the file now at this path.
  if (writer_ && writer_->has_moved()) writer_.reset();
  if (!writer_) {
    auto connected = store::connect(file_);
    if (!connected) return connected.error();
    writer_ = *std::move(connected);
  }
  const auto own_seal = seal_for_writing();
  if (!own_seal) return own_seal.error();
  auto batch = begin_change(**own_seal);
  if (!batch) store::try_journal(*writer_, journal::write_ahead);
  return batch;
}

void sqlite_store::batch_ended() noexcept {
  const std::lock_guard lock(mutex_);
  if (filling_) store::try_journal(*writer_, journal::write_ahead);
  filling_ = false;
  notes_while_filling_.clear();
  batch_open_ = false;
}

// --- notes ---

// Uses the connection for single reads, which is closed while a batch needs the file to itself.
result<std::optional<note_store::document>> sqlite_store::read(std::string_view name) {
  if (!store::is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  if (filling_) {
    const auto found = notes_while_filling_.find(name);
    return found == notes_while_filling_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto connection = reader();
  if (!connection) return connection.error();
  return store::read_note(**connection, name);
}

result<void> sqlite_store::update(std::string_view name, const change& edit) {
  if (!store::is_note_name(name)) return errc::invalid_argument;
  const std::lock_guard lock(mutex_);
  if (batch_open_) return errc::store_busy;
  const auto connection = reader();
  if (!connection) return connection.error();
  return store::update_note(**connection, name, edit);
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
  // Absolute, because connections are opened later, when the working directory may have changed.
  const auto path = std::filesystem::absolute(file, error);
  if (error == std::errc::not_enough_memory) return errc::out_of_memory;
  if (error) return errc::store_not_accessible;
  if (auto created = sqlite::create_file(path); !created) return store::errc_of(created.error());
  auto connection = store::connect(path);
  if (!connection) return connection.error();
  if (auto prepared = store::prepare_tables(**connection); !prepared) return prepared.error();
  return std::make_unique<sqlite_store>(path, std::move(identity), *std::move(connection), std::move(helpers));
}

}  // namespace reinstate
