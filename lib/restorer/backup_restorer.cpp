// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/backup_job.hpp"
#include "engine/operation/backup_fsm.hpp"
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

// The settings by name. The passphrase is kept apart, where nobody reads it back.
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

// The one place an operation may run at. Operations keep it, so it may outlive the restorer.
class operation_slot : public std::enable_shared_from_this<operation_slot> {
 public:
  // Takes the place until the last copy of the result is gone; null where it is taken.
  std::shared_ptr<void> reserve() {
    {
      const std::lock_guard lock(mutex_);
      if (reserved_) return nullptr;
      reserved_ = true;
    }
    return {this, [self = shared_from_this()](operation_slot*) { self->release(); }};
  }

  void occupy(kind what, std::weak_ptr<engine::operation> running) {
    const std::lock_guard lock(mutex_);
    what_ = what;
    running_ = std::move(running);
  }

  cancel_result cancel(kind what) {
    const auto running = operation_of(what);
    return running ? running->cancel() : cancel_result::nothing_running;
  }

  void cancel_any() {
    for (const kind what : {kind::backup, kind::restore, kind::inspection}) cancel(what);
  }

 private:
  void release() {
    const std::lock_guard lock(mutex_);
    running_.reset();
    reserved_ = false;
  }

  std::shared_ptr<engine::operation> operation_of(kind what) {
    const std::lock_guard lock(mutex_);
    return what == what_ ? running_.lock() : nullptr;
  }

  std::mutex mutex_;
  bool reserved_ = false;
  kind what_ = kind::backup;
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
                        existing::answered_at_once);
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
    listener to{config_->callback, std::move(handler)};
    refuse(std::visit([&](auto& what) { return begin(what, std::move(to)); }, request), to);
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
  // Who hears of an operation. Taken only by one that starts.
  struct listener {
    std::shared_ptr<status_callback> callback = {};
    operation_handler handler = {};
  };

  // The two halves of an operation.
  struct task {
    std::unique_ptr<engine::state_machine> state_machine;
    std::unique_ptr<engine::job> job;
    std::stop_source stop = {};
  };

  // How the caller hears that there is a backup already: the documented method returns it. [O6]
  enum class existing { answered_at_once, answered_by_end };

  // The flag of the other direction is ignored, any other bit but those in `more` is a mistake. [O14]
  template <class Flags>
  static bool are_known(Flags flags, std::uint32_t more = 0) noexcept {
    return (static_cast<std::uint32_t>(flags) & ~(3u | more)) == 0;
  }

  template <class Flags>
  static bool has(Flags flags, Flags flag) noexcept {
    return (static_cast<std::uint32_t>(flags) & static_cast<std::uint32_t>(flag)) != 0;
  }

  result<void> begin(backup_options& options, listener&& to) {
    return begin_backup(std::move(options), engine::backup_job::purpose::backup, std::move(to),
                        existing::answered_by_end);
  }

  result<void> begin(plan_for<backup_options>& what, listener&& to) {
    return begin_backup(std::move(what.options), engine::backup_job::purpose::plan, std::move(to),
                        existing::answered_by_end);
  }

  result<void> begin(restore_options& options, listener&& to) {
    const bool may_individualize = has(options.flags, restore_flags::individualize);
    return begin_restore(std::move(options), engine::restore_job::purpose::restore, kind::restore,
                         std::make_unique<engine::restore_fsm>(may_individualize), std::move(to));
  }

  result<void> begin(plan_for<restore_options>& what, listener&& to) {
    return begin_restore(std::move(what.options), engine::restore_job::purpose::plan, kind::inspection,
                         std::make_unique<engine::inspection_fsm>(), std::move(to));
  }

  result<void> begin(verify_options& options, listener&& to) {
    restore_options what;
    what.generation = options.generation;
    what.salvage = options.continue_after_damage;
    return begin_restore(std::move(what), engine::restore_job::purpose::verify, kind::inspection,
                         std::make_unique<engine::inspection_fsm>(), std::move(to));
  }

  result<void> begin(health_options& options, listener&& to) {
    const auto path = props_.find(restore_path_property);
    if (!path) return path.error();
    return run(kind::inspection, std::move(to), [&]() -> result<task> {
      return task{std::make_unique<engine::inspection_fsm>(),
                  std::make_unique<engine::health_job>(current_config(), *path, options)};
    });
  }

  result<void> begin_backup(backup_options options, engine::backup_job::purpose what_for, listener&& to,
                            existing when) {
    if (!are_known(options.flags, static_cast<std::uint32_t>(backup_flags::update))) return errc::invalid_argument;
    const bool overwrites = has(options.flags, backup_flags::overwrite);
    const bool updates = has(options.flags, backup_flags::update);
    if (overwrites && updates) return errc::invalid_argument;
    const auto path = props_.find(backup_path_property);
    if (!path) return path.error();
    const bool is_plan = what_for == engine::backup_job::purpose::plan;
    return run(is_plan ? kind::inspection : kind::backup, std::move(to), [&]() -> result<task> {
      if (when == existing::answered_at_once && !overwrites && !updates && is_backup(*path)) return errc::backup_exists;
      std::unique_ptr<engine::state_machine> state_machine;
      if (is_plan)
        state_machine = std::make_unique<engine::inspection_fsm>();
      else
        state_machine = std::make_unique<engine::backup_fsm>();
      return task{std::move(state_machine),
                  std::make_unique<engine::backup_job>(current_config(), *path, std::move(options), what_for)};
    });
  }

  result<void> begin_restore(restore_options options, engine::restore_job::purpose what_for, kind what,
                             std::unique_ptr<engine::state_machine> state_machine, listener&& to) {
    if (!are_known(options.flags)) return errc::invalid_argument;
    const auto path = props_.find(restore_path_property);
    if (!path) return path.error();
    return run(what, std::move(to), [&]() -> result<task> {
      std::stop_source stop;
      auto job = std::make_unique<engine::restore_job>(current_config(), *path, std::move(options), what_for,
                                                       stop.get_token());
      return task{std::move(state_machine), std::move(job), std::move(stop)};
    });
  }

  // Reserves the slot, makes the parts, starts. `to` is taken only when the operation starts.
  template <class Make>
  result<void> run(kind what, listener&& to, Make make) {
    std::shared_ptr<void> place = slot_->reserve();
    if (!place) return errc::busy;
    result<task> todo = make();
    if (!todo) return todo.error();
    // Built in one go, since assigning a handler calls itself without end in Boost 1.81.
    const auto running = std::make_shared<engine::operation>(
        config_->io, config_->work,
        engine::operation::parts{std::move(todo->state_machine), std::move(todo->job), std::move(to.callback),
                                 std::move(to.handler), gate_, std::move(place), std::move(todo->stop)});
    slot_->occupy(what, running);
    running->start();
    return {};
  }

  // What an operation that starts now works with: the passphrase among the properties comes before the configuration.
  std::shared_ptr<const backup_restorer_config> current_config() const {
    auto passphrase = props_.passphrase();
    if (!passphrase) return config_;
    auto config = std::make_shared<backup_restorer_config>(*config_);
    config->recovery_key = recovery_key_storage::passphrase;
    config->begin_new_set_if_passphrase_differs = true;
    config->passphrase = [shared = std::make_shared<const secret_bytes>(std::move(*passphrase)),
                          other = config_->passphrase](passphrase_purpose purpose) -> result<secret_bytes> {
      if (purpose == passphrase_purpose::identity && other) return other(purpose);
      return shared->clone();
    };
    return config;
  }

  // Whether a backup was ever completed there. Trouble with the medium is left for the operation to report.
  bool is_backup(const std::string& path) const {
    const auto medium = config_->medium(path);
    if (!medium) return false;
    const auto files = (*medium)->list();
    return files && engine::holds_backup(*files);
  }

  // Tells the handler of an operation that did not start, never inline.
  void refuse(const result<void>& begun, listener& to) {
    if (begun || !to.handler) return;
    asio::post(config_->io, [handler = std::move(to.handler), io = config_->io, error = begun.error()]() mutable {
      const auto executor = asio::get_associated_executor(handler, io);
      asio::dispatch(
          executor, [handler = std::move(handler), error]() mutable { std::move(handler)(error, operation_report{}); });
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

// Nobody could open what is kept for a recipient that is none.
bool has_reader(const backup_restorer_config& config) {
  return config.recovery_key != recovery_key_storage::recipient || is_age_recipient(config.recipient);
}

}  // namespace

bool is_age_recipient(std::string_view text) {
  return age::parse_recipient(text).has_value();
}

result<std::unique_ptr<backup_restorer>> create_backup_restorer(backup_restorer_config config) {
  const bool complete = config.store && config.identity && config.medium && config.io && config.work &&
                        (config.consent || !config.service);
  if (!complete || !are_sound(config.limits) || !has_reader(config)) return errc::invalid_argument;
  return std::make_unique<restorer>(std::move(config));
}

}  // namespace reinstate
