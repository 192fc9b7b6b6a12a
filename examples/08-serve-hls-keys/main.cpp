// SPDX-License-Identifier: BSL-1.0
// Serves an HLS stream, encrypted with AES-128, to a player on this machine, and answers its requests for the key from
// the licenses of this machine:
//
//     08-serve-hls-keys HOME FOLDER
//
// HOME is the folder of the machine's licenses. FOLDER has playlists and segments; the playlist has the tag
// EXT-X-KEY:METHOD=AES-128,URI="key/KEY_ID". Prints the base address, to which the player appends the playlist's name,
// and runs until Ctrl-C.
#include "../support/loopback_server.hpp"
#include "../support/machine.hpp"

#include <iostream>

using namespace reinstate;
using support::answer;

namespace {

// [key]
answer give_key(license_store& store, std::string_view id_text) {
  const auto id = parse_key_id(id_text);
  if (!id) return {};
  auto key = content_key(store, *id);
  if (key) return support::found("application/octet-stream", std::move(*key));
  std::cerr << key.error().message() << std::endl;
  return support::refused();
}
// [/key]

// Returns true if the name is that of a file in the folder itself, not of one below or outside it.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == name.npos && name.find('\0') == name.npos;
}

answer give_file(const std::filesystem::path& folder, std::string_view name) {
  if (!is_plain_name(name)) return {};
  return support::file(folder / name, name.ends_with(".m3u8") ? "application/vnd.apple.mpegurl" : "video/mp2t");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: 08-serve-hls-keys HOME FOLDER\n";
    return 2;
  }
  try {
    const auto store = support::open_machine(argv[1]);
    const std::filesystem::path folder = argv[2];
    support::loopback_server server([&](const support::loopback_server::request& request) -> answer {
      if (request.method != support::http::verb::get) return support::refused();
      constexpr std::string_view keys = "key/";
      if (request.path.starts_with(keys)) return give_key(*store, request.path.substr(keys.size()));
      return give_file(folder, request.path);
    });
    std::cout << server.address() << std::endl;
    server.run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
