// rooms: base audio
// Whatever comes back from the network is sniffed and decoded; nothing but bad_audio may come of
// it, and what decodes must survive being kept.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "audio/codec.h"
#include "bhashatts/error.h"

namespace {

using bhashatts::AudioFormat;

void must(bool holds) {
  if (!holds) std::abort();
}

void decode_and_keep(std::span<const std::byte> bytes) {
  const auto pcm = bhashatts::audio::decode(bytes);
  must(!pcm.samples.empty());
  if (pcm.samples.size() > 100'000) return;  // minutes of silence would only slow the search
  for (const AudioFormat format : {AudioFormat::wav, AudioFormat::flac}) {
    must(bhashatts::audio::decode(bhashatts::audio::encode(pcm, format).span()) == pcm);
  }
}

}  // namespace

// libsndfile forgets what libvorbis made (5.8 KB) when an Ogg file that names Vorbis breaks off in
// its headers. That is theirs: the engine frees all that it is given.
extern "C" const char* __lsan_default_suppressions() { return "leak:libvorbis\n"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  static_cast<void>(bhashatts::audio::sniff(bytes));
  static_cast<void>(bhashatts::audio::flac_comment(bytes));
  try {
    decode_and_keep(bytes);
  } catch (const bhashatts::Error& error) {
    must(error.code() == bhashatts::ErrorCode::bad_audio);
  }
  return 0;
}
