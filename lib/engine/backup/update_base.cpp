// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/update_base.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/set/prune.hpp"

namespace reinstate::engine {
namespace {

using effect = backup_effect;

std::unique_ptr<merged<index_reader>> indexes_of(const update_situation& now) {
  return merged_generations<index_reader>(now.medium, now.newest, now.identity, reading_by(now.config));
}

// Indexes are small, and read before anything is written: a damaged one must not end the backup half-way.
result<void> check_indexes(const update_situation& now) {
  if (!is_complete(now.newest, now.files)) return errc::volume_missing;
  for (const archive::parsed_manifest& each : now.newest) {
    const auto read = read_index(now.medium, each.manifest, now.identity, reading_by(now.config));
    if (!read) return read.error();
  }
  return {};
}

enum class store_is { unchanged, changed };

result<store_is> compare_store(const update_situation& now) {
  backup_walk walk(now.config, {indexes_of(now), nullptr}, now.options.selection);
  if (const auto opened = walk.open(); !opened) return opened.error();
  while (walk.is_looking())
    if (const auto looked = walk.look_some(); !looked) return looked.error();
  for (;;) {
    const auto decision = walk.next();
    if (!decision) return decision.error();
    if (!*decision) return store_is::unchanged;
    if ((*decision)->effect == effect::written || (*decision)->effect == effect::removed) return store_is::changed;
  }
}

enum class next_is { addition, everything };

result<next_is> what_is_next(const update_situation& now) {
  if (now.is_newest_damaged) return next_is::everything;
  const auto own = own_generations(now.medium, now.files, *now.config.identity);
  if (!own) return own.error();
  const bool is_wanted = outlives(now.newest.back().manifest, now.next, *own, now.options.keep);
  if (is_wanted && now.newest.size() < longest_chain) return next_is::addition;
  const auto compared = compare_store(now);
  if (!compared) return compared.error();
  return *compared == store_is::unchanged ? next_is::addition : next_is::everything;
}

}  // namespace

result<std::optional<update_base>> find_update_base(const update_situation& now) {
  const auto usable = check_indexes(now);
  if (!usable && !is_corruption(usable.error())) return usable.error();
  if (!usable) return std::optional<update_base>();
  const auto next = what_is_next(now);
  if (!next) return next.error();

  std::optional<update_base> out(std::in_place);
  out->adds = *next == next_is::addition;
  out->before.index = indexes_of(now);
  if (!out->adds)
    out->before.licenses = merged_generations<archive_reader>(now.medium, now.newest, now.identity, reading_by(now.config));
  return out;
}

}  // namespace reinstate::engine
