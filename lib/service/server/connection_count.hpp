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

// Returns the network that limits count an address for: of an IPv6 address its first 64 bits, since a client with one
// such address usually has all of them.
inline std::string network_of(const boost::asio::ip::address& address) {
  using boost::asio::ip::address_v6;
  if (!address.is_v6()) return address.to_string();
  const address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return address_v6(bytes).to_string();
}

// Counts the open connections, in total and per network.
// Thread safety: any function from any thread.
class connection_count {
 public:
  connection_count(std::size_t limit, std::size_t limit_per_network)
      : limit_(limit), limit_per_network_(limit_per_network) {}

  // Counts one more connection and returns an empty string; or returns the name of the limit that was reached.
  std::string_view enter(const std::string& network) {
    const std::lock_guard lock(mutex_);
    if (open_ >= limit_) return "all";
    if (const auto found = per_network_.find(network);
        found != per_network_.end() && found->second >= limit_per_network_)
      return "address";
    ++per_network_[network];
    ++open_;
    return {};
  }

  void leave(const std::string& network) {
    const std::lock_guard lock(mutex_);
    const auto found = per_network_.find(network);
    if (--found->second == 0) per_network_.erase(found);
    --open_;
  }

 private:
  const std::size_t limit_, limit_per_network_;
  std::mutex mutex_;
  std::size_t open_ = 0;
  std::unordered_map<std::string, std::size_t> per_network_;
};

}  // namespace reinstate::service

#endif
