// SPDX-License-Identifier: BSL-1.0
// Plays a clip with libavformat and libavcodec. If it is encrypted (Common Encryption), a license of this machine opens
// it:
//
//     05-play-with-libavformat HOME CLIP
//
// HOME is the folder of the machine's licenses. Prints one line for each frame: its time and the MD5 of its picture.
#include "../support/machine.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/encryption_info.h>
#include <libavutil/imgutils.h>
#include <libavutil/md5.h>
}

#include <array>
#include <cstdio>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace reinstate;

namespace {

// Frees an object of libav.
struct deleter {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVEncryptionInfo* p) const { av_encryption_info_free(p); }
};

template <class T>
using owned = std::unique_ptr<T, deleter>;

int check(int outcome) {
  if (outcome >= 0) return outcome;
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(outcome, text.data(), text.size());
  throw std::runtime_error(text.data());
}

// [open]
// Opens a clip with its content key, or without decryption if the key is empty.
owned<AVFormatContext> open_clip(const std::string& clip, const secret_bytes& key) {
  AVDictionary* options = nullptr;
  if (!key.empty()) check(av_dict_set(&options, "decryption_key", support::c_str(support::text_with_key("", key)), 0));
  AVFormatContext* opened = nullptr;
  const int outcome = avformat_open_input(&opened, clip.c_str(), nullptr, &options);
  av_dict_free(&options);
  check(outcome);
  return owned<AVFormatContext>(opened);
}

// Returns the key id that each packet of an encrypted clip names, or nullopt if the clip is not encrypted.
std::optional<key_id> key_id_of(const std::string& clip) {
  const auto media = open_clip(clip, {});
  media->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;  // a parser cannot read encrypted data
  const owned<AVPacket> packet(av_packet_alloc());
  check(av_read_frame(media.get(), packet.get()));
  std::size_t size = 0;
  const auto* const data = av_packet_get_side_data(packet.get(), AV_PKT_DATA_ENCRYPTION_INFO, &size);
  if (data == nullptr) return std::nullopt;
  const owned<AVEncryptionInfo> info(av_encryption_info_get_side_data(data, size));
  key_id id;
  if (!info || info->key_id_size != id.bytes.size()) throw std::runtime_error("no key id of 16 bytes");
  std::ranges::copy(std::as_bytes(std::span(info->key_id, info->key_id_size)), id.bytes.begin());
  return id;
}

owned<AVFormatContext> open_with_license(license_store& store, const std::string& clip) {
  const auto id = key_id_of(clip);
  if (!id) return open_clip(clip, {});
  return open_clip(clip, content_key(store, *id).value());
}
// [/open]

owned<AVCodecContext> open_decoder(const AVCodecParameters& parameters) {
  const AVCodec* const codec = avcodec_find_decoder(parameters.codec_id);
  owned<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  check(avcodec_parameters_to_context(decoder.get(), &parameters));
  check(avcodec_open2(decoder.get(), codec, nullptr));
  return decoder;
}

void print(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const int size = check(av_image_get_buffer_size(format, frame.width, frame.height, 1));
  std::vector<std::uint8_t> picture(static_cast<std::size_t>(size));
  check(
      av_image_copy_to_buffer(picture.data(), size, frame.data, frame.linesize, format, frame.width, frame.height, 1));
  std::array<std::uint8_t, 16> hash{};
  av_md5_sum(hash.data(), picture.data(), picture.size());
  std::printf("%lld ", static_cast<long long>(frame.best_effort_timestamp));
  for (const std::uint8_t b : hash) std::printf("%02x", b);
  std::printf("\n");
}

// Passes a packet, or null at the end, to the decoder, and prints every frame that is then ready.
void decode(AVCodecContext& decoder, const AVPacket* packet, AVFrame& frame) {
  check(avcodec_send_packet(&decoder, packet));
  while (true) {
    const int outcome = avcodec_receive_frame(&decoder, &frame);
    if (outcome == AVERROR(EAGAIN) || outcome == AVERROR_EOF) return;
    check(outcome);
    print(frame);
  }
}

void play(AVFormatContext& media) {
  const int video = check(av_find_best_stream(&media, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0));
  const auto decoder = open_decoder(*media.streams[video]->codecpar);
  const owned<AVPacket> packet(av_packet_alloc());
  const owned<AVFrame> frame(av_frame_alloc());
  while (true) {
    const int outcome = av_read_frame(&media, packet.get());
    if (outcome == AVERROR_EOF) break;
    check(outcome);
    if (packet->stream_index == video) decode(*decoder, packet.get(), *frame);
    av_packet_unref(packet.get());
  }
  decode(*decoder, nullptr, *frame);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: 05-play-with-libavformat HOME CLIP\n";
    return 2;
  }
  try {
    const auto store = support::open_machine(argv[1]);
    play(*open_with_license(*store, argv[2]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
