// rooms: base audio net synth
// What a server sends as audio: the first byte chooses the label and the shape, the rest is the
// body. Out come bytes that show to be audio, an address, or bad_audio.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "audio/magic.h"
#include "bhashatts/error.h"
#include "synth/audio_reply.h"
#include "synth/gradio_call.h"

namespace {

namespace synth = bhashatts::synth;

void must(bool holds) {
  if (!holds) std::abort();
}

bhashatts::net::HttpReply reply_in(std::string_view body, unsigned choice) {
  constexpr std::array<const char*, 4> kLabels{"application/json", "audio/wav", "text/html", ""};
  bhashatts::net::HttpReply reply;
  reply.status = 200;
  reply.headers = {{"content-type", kLabels[choice % kLabels.size()]}};
  reply.body = body;
  return reply;
}

void read(std::string_view body, unsigned choice) {
  constexpr std::array<const char*, 4> kFields{"audio", "", "output.0.audio", "a.b"};
  auto reply = reply_in(body, choice);
  const synth::AudioShape shape{.field = kFields[choice / 4 % kFields.size()],
                                .pcm_rate = choice / 16 % 2 == 0 ? 0U : 24'000U};
  const synth::AudioAnswer answer = synth::read_audio(reply, shape);
  const auto* const audio = std::get_if<bhashatts::SharedBytes>(&answer);
  must(audio == nullptr || bhashatts::audio::recognise(audio->span()).has_value());
}

template <typename Call>
void must_be_bad_audio_at_worst(const Call& call) {
  try {
    call();
  } catch (const bhashatts::Error& error) {
    must(error.code() == bhashatts::ErrorCode::bad_audio);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  must_be_bad_audio_at_worst([&] { read(body, data[0]); });
  must_be_bad_audio_at_worst([&] { static_cast<void>(synth::file_in(body)); });
  must(synth::event_id_in(body).find('/') == std::string::npos);
  return 0;
}
