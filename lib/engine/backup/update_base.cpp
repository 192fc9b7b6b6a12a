// SPDX-License-Identifier: BSL-1.0
#include "engine/backup/update_base.hpp"

#include "engine/generation/generation_readers.hpp"
#include "engine/set/prune.hpp"

namespace reinstate::engine {
namespace {

using effect = backup_effect;

std::unique_ptr<merged_reader<index_reader>> indexes_of(const update_parameters& parameters) {
  return merged_generations<index_reader>(parameters.medium, parameters.newest, parameters.identity,
                                          reading_by(parameters.config));
}

// Reads the indexes, which are small, before anything is written: a damaged one must not end the backup half-way.
result<void> check_indexes(const update_parameters& parameters) {
  if (!is_complete(parameters.newest, parameters.files)) return errc::volume_missing;
  for (const archive::parsed_manifest& each : parameters.newest) {
    const auto read = read_index(parameters.medium, each.manifest, parameters.identity, reading_by(parameters.config));
    if (!read) return read.error();
  }
  return {};
}

enum class store_state { unchanged, changed };

result<store_state> compare_store(const update_parameters& parameters) {
  backup_walk walk(parameters.config, {indexes_of(parameters), nullptr}, parameters.options.selection);
  if (const auto opened = walk.open(); !opened) return opened.error();
  while (walk.is_looking())
    if (const auto looked = walk.look_some(); !looked) return looked.error();
  for (;;) {
    const auto decision = walk.next();
    if (!decision) return decision.error();
    if (!*decision) return store_state::unchanged;
    if ((*decision)->effect == effect::written || (*decision)->effect == effect::removed) return store_state::changed;
  }
}

enum class next_generation { addition, everything };

result<next_generation> choose_next(const update_parameters& parameters) {
  if (parameters.is_newest_damaged) return next_generation::everything;
  const auto own = own_generations(parameters.medium, parameters.files, *parameters.config.identity);
  if (!own) return own.error();
  const bool is_wanted = outlives(parameters.newest.back().manifest, parameters.next, *own, parameters.options.keep);
  if (is_wanted && parameters.newest.size() < longest_chain) return next_generation::addition;
  const auto compared = compare_store(parameters);
  if (!compared) return compared.error();
  return *compared == store_state::unchanged ? next_generation::addition : next_generation::everything;
}

}  // namespace

result<std::optional<update_base>> find_update_base(const update_parameters& parameters) {
  const auto usable = check_indexes(parameters);
  if (!usable && !is_corruption(usable.error())) return usable.error();
  if (!usable) return std::optional<update_base>();
  const auto next = choose_next(parameters);
  if (!next) return next.error();

  std::optional<update_base> out(std::in_place);
  out->adds = *next == next_generation::addition;
  out->before.index = indexes_of(parameters);
  if (!out->adds)
    out->before.licenses = merged_generations<archive_reader>(parameters.medium, parameters.newest, parameters.identity,
                                                              reading_by(parameters.config));
  return out;
}

}  // namespace reinstate::engine
