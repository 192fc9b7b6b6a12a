// SPDX-License-Identifier: BSL-1.0
#include <reinstate/plugins/memory_medium.hpp>

#include <algorithm>
#include <utility>

namespace reinstate {
namespace {

using shared_files = std::shared_ptr<memory_files>;

// Returns true if a file of this name can be created: it does not exist, and no folder and file would share a name.
bool is_free(const memory_files& files, std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos) return !files.contains(name) && !files.contains(name.substr(0, slash));
  const std::string folder = std::string(name).append("/");
  const auto inside = files.lower_bound(folder);
  const bool is_folder = inside != files.end() && inside->first.starts_with(folder);
  return !files.contains(name) && !is_folder;
}

// A reader that looks the file up for every read, so that it sees changes a test makes, and never a removed file.
class memory_reader final : public medium_reader {
 public:
  memory_reader(shared_files files, std::string_view name, std::uint64_t size)
      : files_(std::move(files)), name_(name), size_(size) {}

  std::uint64_t size() const override { return size_; }

  result<std::size_t> read(std::span<std::byte> buffer) override {
    const auto file = files_->find(name_);
    if (file == files_->end()) return errc::medium_failed;
    const std::span<const std::byte> content = file->second;
    const auto rest = content.subspan(std::min(position_, content.size()));
    const auto piece = rest.first(std::min(buffer.size(), rest.size()));
    std::copy(piece.begin(), piece.end(), buffer.begin());  // std::ranges::copy of g++ 12 copies byte by byte
    position_ += piece.size();
    return piece.size();
  }

 private:
  shared_files files_;
  std::string name_;
  std::uint64_t size_;
  std::size_t position_ = 0;
};

class memory_writer final : public medium_writer {
 public:
  memory_writer(shared_files files, std::string_view name) : files_(std::move(files)), name_(name) {}

  result<void> write(std::span<const std::byte> bytes) override {
    if (is_over_) return errc::medium_failed;
    content_.insert(content_.end(), bytes.begin(), bytes.end());
    return {};
  }

  result<void> finish() override {
    const auto file = files_->find(name_);
    if (std::exchange(is_over_, true) || file == files_->end()) return errc::medium_failed;  // removed in the meantime
    file->second = std::move(content_);
    return {};
  }

 private:
  shared_files files_;
  std::string name_;
  std::vector<std::byte> content_;
  bool is_over_ = false;
};

class memory_medium final : public backup_medium {
 public:
  explicit memory_medium(shared_files files) : files_(std::move(files)) {}

  result<std::vector<medium_entry>> list() override {
    std::vector<medium_entry> entries;
    for (const auto& [name, content] : *files_)
      if (is_medium_name(name)) entries.push_back({name, content.size()});
    return entries;
  }

  result<std::unique_ptr<medium_reader>> open(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const auto file = files_->find(name);
    if (file == files_->end()) return errc::path_not_found;
    return std::make_unique<memory_reader>(files_, name, file->second.size());
  }

  result<std::unique_ptr<medium_writer>> create(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    if (!is_free(*files_, name)) return errc::medium_failed;
    files_->emplace(name, std::vector<std::byte>());  // reserves the name
    return std::make_unique<memory_writer>(files_, name);
  }

  result<void> remove(std::string_view name) override {
    if (!is_medium_name(name)) return errc::invalid_argument;
    const auto file = files_->find(name);
    if (file != files_->end()) files_->erase(file);
    return {};
  }

 private:
  shared_files files_;
};

}  // namespace

std::unique_ptr<backup_medium> make_memory_medium(std::shared_ptr<memory_files> files) {
  return std::make_unique<memory_medium>(std::move(files));
}

}  // namespace reinstate
