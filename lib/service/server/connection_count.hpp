// SPDX-License-Identifier: BSL-1.0
#ifndef REINSTATE_SERVICE_SERVER_CONNECTION_COUNT_HPP
#define REINSTATE_SERVICE_SERVER_CONNECTION_COUNT_HPP

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace reinstate::service {

// Who is at an address, for limits: of IPv6 the first 64 bits, since whoever has one address has all of those.
inline std::string party_of(const boost::asio::ip::address& address) {
  using boost::asio::ip::address_v6;
  if (!address.is_v6()) return address.to_string();
  const address_v6 all = address.to_v6();
  if (all.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, all).to_string();
  auto bytes = all.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return address_v6(bytes).to_string();
}

// How many connections are open, in all and for each party.
// Thread safety: any function from any thread.
class connection_count {
 public:
  connection_count(std::size_t in_all, std::size_t per_party) : limit_(in_all), limit_per_party_(per_party) {}

  // Empty: one more is open now. Otherwise which limit is in the way.
  std::string_view enter(const std::string& party) {
    const std::lock_guard lock(mutex_);
    if (open_ >= limit_) return "all";
    if (const auto found = per_party_.find(party); found != per_party_.end() && found->second >= limit_per_party_)
      return "address";
    ++per_party_[party];
    ++open_;
    return {};
  }

  void leave(const std::string& party) {
    const std::lock_guard lock(mutex_);
    const auto found = per_party_.find(party);
    if (--found->second == 0) per_party_.erase(found);
    --open_;
  }

 private:
  const std::size_t limit_, limit_per_party_;
  std::mutex mutex_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> per_party_;
};

}  // namespace reinstate::service

#endif
