// SPDX-License-Identifier: BSL-1.0
#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>

#include <algorithm>
#include <array>

namespace reinstate {
namespace {

using instant = std::chrono::system_clock::time_point;

// A leaf needs a license of its root's key id beside it; success where there is one. Another cursor, since it may stand
// anywhere in the store.
error_code check_root(license_store& store, const key_id& root) {
  const auto cursor = store.open_cursor();
  if (!cursor) return cursor.error();
  while (true) {
    const auto next = (*cursor)->next();
    if (!next) return next.error();
    if (!*next) return errc::license_chain_broken;
    if ((*next)->key == root) return {};
  }
}

// The key of the license that the cursor is at. What permits or refuses it stands in the metadata: a payload is opened
// only for a key that may be given, and opening it proves the metadata as well.
result<secret_bytes> key_of(license_store& store, license_record record, license_cursor& cursor, instant now) {
  const auto described = unpack(record);
  if (!described) return described.error();
  if (described->format != "clearkey") return errc::content_key_unavailable;  // whatever it permits
  if (const error_code ec = check_playable(*described, now)) return ec;
  if (described->root)
    if (const error_code ec = check_root(store, *described->root)) return ec;
  const auto payload = cursor.payload();
  if (!payload) return payload.error();
  record.payload = *payload;
  const auto item = unpack(record);
  return item ? clearkey_content_key(*item) : result<secret_bytes>(item.error());
}

// Where several licenses fail, the first of these is the error: a license that may open later comes before one that
// another program opens, and both before one that nobody can read.
constexpr std::array helpful = {errc::license_not_started,  errc::license_expired,         errc::license_used_up,
                                errc::license_chain_broken, errc::content_key_unavailable, errc::license_damaged,
                                errc::license_not_found};

auto rank_of(const error_code& ec) noexcept {
  return std::find(helpful.begin(), helpful.end(), ec);
}

}  // namespace

error_code check_playable(const license& item, instant now) noexcept {
  if (item.rights.not_before && now < *item.rights.not_before) return errc::license_not_started;
  if (item.rights.not_after && now > *item.rights.not_after) return errc::license_expired;
  if (item.state.uses_left == 0) return errc::license_used_up;
  return {};
}

result<secret_bytes> content_key(license_store& store, const key_id& key, instant now) {
  const auto cursor = store.open_cursor();
  if (!cursor) return cursor.error();
  error_code failure = errc::license_not_found;
  while (true) {
    const auto next = (*cursor)->next();
    if (!next) return next.error();
    if (!*next) return failure;
    if ((*next)->key != key) continue;
    auto found = key_of(store, **next, **cursor, now);
    if (found || rank_of(found.error()) == helpful.end()) return found;
    if (rank_of(found.error()) < rank_of(failure)) failure = found.error();
  }
}

}  // namespace reinstate
