// All that decides how an utterance sounds, and the names that follow from it.
//
// The identity is stored inside the master (as the FLAC's comment), so that a store without its
// catalog can be read back whole, and `verify` can tell that a file is what its name says. It tells
// nobody more than the audio itself does: that speaks the text aloud.
//
// Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bhashatts/audio.h"
#include "bhashatts/key.h"

namespace bhashatts::engine {

struct Identity {
  std::string synthesizer;
  std::string description;
  std::string language;
  std::string voice_style;  // for people: what it changes is the description
  std::string text;         // spoken text
  std::int32_t take = 0;

  bool operator==(const Identity&) const = default;
};

// The identity less its take: what takes are counted by. secret: Config::key_secret.
Key base_key(std::string_view synthesizer, std::string_view description, std::string_view language,
             std::string_view text, std::string_view secret);
Key utterance_key(const Key& base, std::int32_t take, std::string_view secret);
// Of utterances in order, with the pause behind each in ms (none is as good as zeros).
Key speech_key(std::span<const Key> utterances, std::span<const std::int64_t> pauses,
               AudioFormat format, std::string_view secret);
// Of a speech of one utterance.
Key speech_key(const Key& utterance, AudioFormat format, std::string_view secret);

std::string to_comment(const Identity& identity);
// Nothing for a comment that is not ours or not whole.
std::optional<Identity> from_comment(std::string_view comment);

}  // namespace bhashatts::engine
