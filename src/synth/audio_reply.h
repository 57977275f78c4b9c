// From a reply that is a success to audio, or to the address where it lies.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "bhashatts/bytes.h"
#include "net/http.h"

namespace bhashatts::synth {

struct AudioShape {
  // Where in a JSON answer the audio is; the common names are tried where this leads nowhere.
  std::string field = "audio";
  // Hz of headerless 16-bit little-endian mono, where that was asked for; 0: it is no audio.
  std::uint32_t pcm_rate = 0;
};

struct AudioAddress {
  std::string url;  // as the upstream wrote it: hostile, and perhaps relative
};

using AudioAnswer = std::variant<SharedBytes, AudioAddress>;

// Goes by the first bytes, never by the content type. JSON may hold base64 (also as a data: URI),
// an address, or floats beside a sampling_rate, which become a wav. Takes the body where that is
// the audio, and leaves it to be reported otherwise.
// Raises bad_audio: retryable where the next answer may well be better (nothing came, or it was
// damaged), not where the shape is simply another than the settings say, since each try is paid.
AudioAnswer read_audio(net::HttpReply& reply, const AudioShape& shape);

}  // namespace bhashatts::synth
