// SPDX-License-Identifier: BSL-1.0
// Plays an encrypted clip (Common Encryption) with libmpv, with the key of a license of this machine:
//
//     06-play-with-libmpv HOME KEY_ID CLIP FRAMES
//
// HOME is the folder of the machine's licenses; KEY_ID "none" plays a clip that is not encrypted. No window is opened:
// the new file FRAMES gets one line with an MD5 for each frame.
#include "../support/machine.hpp"

#include <mpv/client.h>

#include <iostream>
#include <stdexcept>
#include <string_view>

using namespace reinstate;

namespace {

struct deleter {
  void operator()(mpv_handle* p) const { mpv_terminate_destroy(p); }
};
using player = std::unique_ptr<mpv_handle, deleter>;

void check(int outcome) {
  if (outcome < 0) throw std::runtime_error(mpv_error_string(outcome));
}

void set(const player& mpv, const char* name, const char* value) {
  check(mpv_set_option_string(mpv.get(), name, value));
}

// [key]
// Sets the key through the API and not on a command line, where other users of the machine would see it. libmpv reads
// no configuration, loads no script and opens no socket unless told to, so no other program can query the option.
void set_key(const player& mpv, const secret_bytes& key) {
  set(mpv, "demuxer-lavf-o", support::c_str(support::text_with_key("decryption_key=", key)));
}
// [/key]

player open_player(const char* frames) {
  player mpv(mpv_create());
  if (!mpv) throw std::runtime_error("cannot create a player: is LC_NUMERIC other than C?");
  set(mpv, "o", frames);
  set(mpv, "of", "framemd5");
  set(mpv, "ovc", "rawvideo");
  set(mpv, "aid", "no");
  return mpv;
}

// Plays to the end of the clip.
void play(const player& mpv, const char* clip) {
  check(mpv_initialize(mpv.get()));
  check(mpv_request_log_messages(mpv.get(), "error"));
  const char* command[] = {"loadfile", clip, nullptr};
  check(mpv_command(mpv.get(), command));
  while (true) {
    const mpv_event& event = *mpv_wait_event(mpv.get(), -1);
    if (event.event_id == MPV_EVENT_LOG_MESSAGE)
      std::cerr << static_cast<const mpv_event_log_message*>(event.data)->text;
    if (event.event_id != MPV_EVENT_END_FILE) continue;
    const auto& end = *static_cast<const mpv_event_end_file*>(event.data);
    if (end.reason == MPV_END_FILE_REASON_ERROR) check(end.error);
    return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: 06-play-with-libmpv HOME KEY_ID CLIP FRAMES\n";
    return 2;
  }
  try {
    const player mpv = open_player(argv[4]);
    if (std::string_view(argv[2]) != "none") {
      const auto store = support::open_machine(argv[1]);
      set_key(mpv, content_key(*store, parse_key_id(argv[2]).value()).value());
    }
    play(mpv, argv[3]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
