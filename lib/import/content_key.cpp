// SPDX-License-Identifier: BSL-1.0
#include <reinstate/import/clearkey.hpp>
#include <reinstate/import/content_key.hpp>

#include <algorithm>
#include <array>

namespace reinstate {
namespace {

using instant = std::chrono::system_clock::time_point;

// Returns success if the store holds a license for the root of a leaf. Uses another cursor, since that license may be
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

// Returns the key of the license at the cursor. The rights are in the metadata, so the payload is opened only for a key
// that may be returned. Opening it authenticates the metadata as well.
result<secret_bytes> key_of(license_store& store, license_record record, license_cursor& cursor, instant now) {
  const auto described = unpack(record);
  if (!described) return described.error();
  if (described->format != "clearkey") return errc::content_key_unavailable;  // whatever its rights
  if (const error_code ec = check_playable(*described, now)) return ec;
  if (described->root)
    if (const error_code ec = check_root(store, *described->root)) return ec;
  const auto payload = cursor.payload();
  if (!payload) return payload.error();
  record.payload = *payload;
  const auto item = unpack(record);
  return item ? clearkey_content_key(*item) : result<secret_bytes>(item.error());
}

// The errors in order of precedence if several licenses fail: a license that is valid at another time comes before one
// for another program, and both before one that cannot be read.
constexpr std::array precedence = {errc::license_not_started,  errc::license_expired,         errc::license_used_up,
                                   errc::license_chain_broken, errc::content_key_unavailable, errc::license_damaged,
                                   errc::license_not_found};

auto rank_of(const error_code& ec) noexcept {
  return std::find(precedence.begin(), precedence.end(), ec);
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
    if (found || rank_of(found.error()) == precedence.end()) return found;
    if (rank_of(found.error()) < rank_of(failure)) failure = found.error();
  }
}

}  // namespace reinstate
