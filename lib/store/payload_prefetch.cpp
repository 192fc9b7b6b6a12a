// SPDX-License-Identifier: BSL-1.0
#include "store/payload_prefetch.hpp"

#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace reinstate::store {
namespace {

// Returns how many blocks of 512 bytes this process has read from a disk so far.
std::int64_t blocks_from_disk() noexcept {
  struct rusage usage {};
  return ::getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_inblock : 0;
}

std::int64_t bytes_of_memory() noexcept {
  return static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

void payload_prefetch::read_more() noexcept {
  if (!is_begun_ && walk_reads_from_disk()) begin();
  if (!rest_) return;
  // Few enough that the wait is not noticeable even with a slow disk.
  for (int n = 0; n != 4'000; ++n) {
    const auto row = rest_->step();
    if (row && *row) continue;
    rest_.reset();  // the walk reports damage
    return;
  }
}

// Returns true if every other payload or more came from the disk.
bool payload_prefetch::walk_reads_from_disk() noexcept {
  const std::size_t walked = std::exchange(walked_, 0);
  if (walked == 0) return false;
  const std::int64_t before = std::exchange(blocks_, blocks_from_disk());
  return walked > 15 && before != 0 && blocks_ - before > static_cast<std::int64_t>(walked) * 16;
}

void payload_prefetch::begin() noexcept {
  is_begun_ = true;
  const auto pages = database_->integer("PRAGMA page_count"), page_size = database_->integer("PRAGMA page_size");
  if (!pages || !page_size || *pages > bytes_of_memory() / 2 / *page_size) return;
  if (auto all = database_->prepare("SELECT place FROM payload ORDER BY place")) rest_ = *std::move(all);
}

}  // namespace reinstate::store
