// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/backup_job.hpp"
#include "engine/operation/backup_fsm.hpp"
#include "engine/operation/guarded_plugins.hpp"
#include "engine/operation/operation.hpp"
#include "engine/operation/restore_fsm.hpp"
#include "engine/restore/health_job.hpp"
#include "engine/restore/restore_job.hpp"
#include "format/age/age_recipient.hpp"

#include <reinstate/backup_restorer.hpp>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace reinstate {
namespace {

namespace asio = boost::asio;

enum class kind { backup, restore, inspection };

// The properties by name. The passphrase is kept apart, so that it cannot be read back.
class property_bag {
 public:
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return values_.size();
  }

  result<property> at(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    if (index >= values_.size()) return errc::invalid_argument;
    const auto& [name, value] = *std::next(values_.begin(), static_cast<std::ptrdiff_t>(index));
    return property{name, value};
  }

  result<std::string> find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = values_.find(name);
    if (found == values_.end()) return errc::property_not_set;
    return found->second;
  }

  void set(std::string_view name, std::string_view value) {
    const std::lock_guard lock(mutex_);
    if (name == passphrase_property)
      passphrase_ = secret_bytes::locked_copy_of(value);
    else
      values_.insert_or_assign(std::string(name), std::string(value));
  }

  result<void> remove(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (name == passphrase_property && passphrase_) {
      passphrase_.reset();
      return {};
    }
    const auto found = values_.find(name);
    if (found == values_.end()) return errc::property_not_set;
    values_.erase(found);
    return {};
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    values_.clear();
    passphrase_.reset();
  }

  std::optional<secret_bytes> passphrase() const {
    const std::lock_guard lock(mutex_);
    if (!passphrase_) return std::nullopt;
    return passphrase_->clone();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> values_;
  std::optional<secret_bytes> passphrase_;
};

// The slot for the one operation that may run at a time. Operations share ownership, so it may outlive the restorer.
class operation_slot : public std::enable_shared_from_this<operation_slot> {
 public:
  // Reserves the slot until the last copy of the result is destroyed. Returns null if it is reserved.
  std::shared_ptr<void> reserve() {
    {
      const std::lock_guard lock(mutex_);
      if (reserved_) return nullptr;
      reserved_ = true;
    }
    return {this, [self = shared_from_this()](operation_slot*) { self->release(); }};
  }

  void occupy(kind type, std::weak_ptr<engine::operation> running) {
    const std::lock_guard lock(mutex_);
    type_ = type;
    running_ = std::move(running);
  }

  cancel_result cancel(kind type) {
    const auto running = operation_of(type);
    return running ? running->cancel() : cancel_result::nothing_running;
  }

  void cancel_any() {
    for (const kind type : {kind::backup, kind::restore, kind::inspection}) cancel(type);
  }

 private:
  void release() {
    const std::lock_guard lock(mutex_);
    running_.reset();
    reserved_ = false;
  }

  std::shared_ptr<engine::operation> operation_of(kind type) {
    const std::lock_guard lock(mutex_);
    return type == type_ ? running_.lock() : nullptr;
  }

  std::mutex mutex_;
  bool reserved_ = false;
  kind type_ = kind::backup;
  std::weak_ptr<engine::operation> running_;
};

class restorer final : public backup_restorer {
 public:
  explicit restorer(backup_restorer_config config)
      : config_(std::make_shared<const backup_restorer_config>(std::move(config))) {}

  ~restorer() override { slot_->cancel_any(); }

  asio::any_io_executor get_executor() const noexcept override { return config_->io; }

  // --- license_backup and license_restore

  result<void> backup_licenses(backup_flags flags, std::shared_ptr<status_callback> callback) override {
    if (callback == nullptr) return errc::invalid_argument;
    return begin_backup({flags}, engine::backup_job::purpose::backup, {.callback = std::move(callback)},
                        existing_backup::returned);
  }

  result<void> restore_licenses(restore_flags flags, std::shared_ptr<status_callback> callback) override {
    if (callback == nullptr) return errc::invalid_argument;
    restore_options options;
    options.flags = flags;
    return begin(options, {.callback = std::move(callback)});
  }

  cancel_result cancel_license_backup() override { return slot_->cancel(kind::backup); }
  cancel_result cancel_license_restore() override { return slot_->cancel(kind::restore); }

  // --- the asynchronous functions

  void start(operation_request request, operation_handler handler) override {
    listener receivers{config_->callback, std::move(handler)};
    report_refusal(std::visit([&](auto& options) { return begin(options, std::move(receivers)); }, request), receivers);
  }

  // --- backup_restore_props

  std::size_t prop_count() const override { return props_.size(); }
  result<property> prop_by_index(std::size_t index) const override { return props_.at(index); }
  result<std::string> prop_by_name(std::string_view name) const override { return props_.find(name); }

  result<void> set_prop(std::string_view name, std::string_view value) override {
    if (name.empty()) return errc::invalid_argument;
    props_.set(name, value);
    return {};
  }

  result<void> remove_prop(std::string_view name) override { return props_.remove(name); }
  void remove_all_props() override { props_.clear(); }

 private:
  // The receivers of the events and the result of an operation. Moved from only by an operation that starts.
  struct listener {
    std::shared_ptr<status_callback> callback = {};
    operation_handler handler = {};
  };

  // The parts of an operation that has not started.
  struct task {
    std::unique_ptr<engine::state_machine> state_machine;
    std::unique_ptr<engine::job> job;
    std::stop_source stop = {};
  };

  // The way the caller learns of an existing backup: the documented method returns it as an error. [O6]
  enum class existing_backup { returned, reported_at_end };

  // Returns true if all flags are known. The flag of the other direction is ignored; `additional` bits are known too.
  // [O14]
  template <class Flags>
  static bool are_known(Flags flags, std::uint32_t additional = 0) noexcept {
    return (static_cast<std::uint32_t>(flags) & ~(3u | additional)) == 0;
  }

  template <class Flags>
  static bool has(Flags flags, Flags flag) noexcept {
    return (static_cast<std::uint32_t>(flags) & static_cast<std::uint32_t>(flag)) != 0;
  }

  result<void> begin(backup_options& options, listener&& receivers) {
    return begin_backup(std::move(options), engine::backup_job::purpose::backup, std::move(receivers),
                        existing_backup::reported_at_end);
  }

  result<void> begin(plan_for<backup_options>& plan, listener&& receivers) {
    return begin_backup(std::move(plan.options), engine::backup_job::purpose::plan, std::move(receivers),
                        existing_backup::reported_at_end);
  }

  result<void> begin(restore_options& options, listener&& receivers) {
    const bool may_individualize = has(options.flags, restore_flags::individualize);
    return begin_restore(std::move(options), engine::restore_job::purpose::restore, kind::restore,
                         std::make_unique<engine::restore_fsm>(may_individualize), std::move(receivers));
  }

  result<void> begin(plan_for<restore_options>& plan, listener&& receivers) {
    return begin_restore(std::move(plan.options), engine::restore_job::purpose::plan, kind::inspection,
                         std::make_unique<engine::inspection_fsm>(), std::move(receivers));
  }

  result<void> begin(verify_options& options, listener&& receivers) {
    restore_options reading;
    reading.generation = options.generation;
    reading.salvage = options.continue_after_damage;
    return begin_restore(std::move(reading), engine::restore_job::purpose::verify, kind::inspection,
                         std::make_unique<engine::inspection_fsm>(), std::move(receivers));
  }

  result<void> begin(health_options& options, listener&& receivers) {
    const auto path = props_.find(restore_path_property);
    if (!path) return path.error();
    return run(kind::inspection, std::move(receivers), [&]() -> result<task> {
      return task{std::make_unique<engine::inspection_fsm>(),
                  std::make_unique<engine::health_job>(current_config(), *path, options)};
    });
  }

  result<void> begin_backup(backup_options options, engine::backup_job::purpose purpose, listener&& receivers,
                            existing_backup reporting) {
    if (!are_known(options.flags, static_cast<std::uint32_t>(backup_flags::update))) return errc::invalid_argument;
    const bool overwrites = has(options.flags, backup_flags::overwrite);
    const bool updates = has(options.flags, backup_flags::update);
    if (overwrites && updates) return errc::invalid_argument;
    const auto path = props_.find(backup_path_property);
    if (!path) return path.error();
    const bool is_plan = purpose == engine::backup_job::purpose::plan;
    return run(is_plan ? kind::inspection : kind::backup, std::move(receivers), [&]() -> result<task> {
      if (reporting == existing_backup::returned && !overwrites && !updates && is_backup(*path))
        return errc::backup_exists;
      std::unique_ptr<engine::state_machine> state_machine;
      if (is_plan)
        state_machine = std::make_unique<engine::inspection_fsm>();
      else
        state_machine = std::make_unique<engine::backup_fsm>();
      return task{std::move(state_machine),
                  std::make_unique<engine::backup_job>(current_config(), *path, std::move(options), purpose)};
    });
  }

  result<void> begin_restore(restore_options options, engine::restore_job::purpose purpose, kind type,
                             std::unique_ptr<engine::state_machine> state_machine, listener&& receivers) {
    if (!are_known(options.flags)) return errc::invalid_argument;
    const auto path = props_.find(restore_path_property);
    if (!path) return path.error();
    return run(type, std::move(receivers), [&]() -> result<task> {
      std::stop_source stop;
      auto job =
          std::make_unique<engine::restore_job>(current_config(), *path, std::move(options), purpose, stop.get_token());
      return task{std::move(state_machine), std::move(job), std::move(stop)};
    });
  }

  // Reserves the slot, makes the parts of the operation, and starts it. Moves from `receivers` only if the operation
  // starts.
  template <class Make>
  result<void> run(kind type, listener&& receivers, Make make) {
    std::shared_ptr<void> reservation = slot_->reserve();
    if (!reservation) return errc::busy;
    result<task> task = make();
    if (!task) return task.error();
    // Initialized in one expression, since the assignment of a handler recurses without end in Boost 1.81.
    const auto running = std::make_shared<engine::operation>(
        config_->io, config_->work,
        engine::operation::parts{std::move(task->state_machine), std::move(task->job), std::move(receivers.callback),
                                 std::move(receivers.handler), gate_, std::move(reservation), std::move(task->stop)});
    slot_->occupy(type, running);
    running->start();
    return {};
  }

  // Returns the configuration for an operation that starts now. The passphrase property overrides the configured one.
  std::shared_ptr<const backup_restorer_config> current_config() const {
    auto passphrase = props_.passphrase();
    if (!passphrase) return config_;
    auto config = std::make_shared<backup_restorer_config>(*config_);
    config->recovery_key = recovery_key_storage::passphrase;
    config->begin_new_set_if_passphrase_differs = true;
    config->passphrase = [shared = std::make_shared<const secret_bytes>(std::move(*passphrase)),
                          configured = config_->passphrase](passphrase_purpose purpose) -> result<secret_bytes> {
      if (purpose == passphrase_purpose::identity && configured) return configured(purpose);
      return shared->clone();
    };
    return config;
  }

  // Returns true if a backup was ever completed at this path. Errors of the medium are left for the operation to
  // report.
  bool is_backup(const std::string& path) const {
    const auto medium = config_->medium(path);
    if (!medium) return false;
    const auto files = (*medium)->list();
    return files && engine::holds_backup(*files);
  }

  // Calls the handler if the operation did not start, never inline.
  void report_refusal(const result<void>& begun, listener& receivers) {
    if (begun || !receivers.handler) return;
    asio::post(config_->io,
               [handler = std::move(receivers.handler), io = config_->io, error = begun.error()]() mutable {
                 const auto executor = asio::get_associated_executor(handler, io);
                 asio::dispatch(executor, [handler = std::move(handler), error]() mutable {
                   std::move(handler)(error, operation_report{});
                 });
               });
  }

  std::shared_ptr<const backup_restorer_config> config_;
  property_bag props_;
  const std::shared_ptr<engine::delivery_gate> gate_ = std::make_shared<engine::delivery_gate>();
  std::shared_ptr<operation_slot> slot_ = std::make_shared<operation_slot>();
};

constexpr std::uint64_t min_volume_bytes = 4 * 64 * 1024;
constexpr std::uint64_t max_volume_bytes = 0xffff'ffff;  // FAT
constexpr std::size_t min_license_bytes = 1024;
constexpr std::size_t max_license_bytes = std::size_t{1} << 30;

bool are_sound(const operation_limits& limits) noexcept {
  return limits.volume_bytes >= min_volume_bytes && limits.volume_bytes <= max_volume_bytes &&
         limits.license_bytes >= min_license_bytes && limits.license_bytes <= max_license_bytes &&
         limits.scrypt_work_factor >= 1 && limits.scrypt_work_factor <= limits.max_scrypt_work_factor &&
         limits.max_scrypt_work_factor <= 30;
}

// Returns false if the recovery key would be encrypted to an invalid recipient: no one could open it.
bool has_valid_recipient(const backup_restorer_config& config) {
  return config.recovery_key != recovery_key_storage::recipient || is_age_recipient(config.recipient);
}

}  // namespace

bool is_age_recipient(std::string_view text) {
  return age::parse_recipient(text).has_value();
}

result<std::unique_ptr<backup_restorer>> create_backup_restorer(backup_restorer_config config) {
  const bool complete = config.store && config.identity && config.medium && config.io && config.work &&
                        (config.consent || !config.service);
  if (!complete || !are_sound(config.limits) || !has_valid_recipient(config)) return errc::invalid_argument;
  return std::make_unique<restorer>(engine::guarded_plugins(std::move(config)));
}

}  // namespace reinstate
