#include "synth/espeak_speech.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

struct Voice {
  std::string_view language;  // its name in the registry
  std::string_view voice;
};

// The languages of the model's roster that espeak-ng 1.51 can speak.
constexpr std::array<Voice, 16> kVoices{{
    {"ASSAMESE", "as"},
    {"BENGALI", "bn"},
    {"ENGLISH", "en-gb"},
    {"GUJARATI", "gu"},
    {"HINDI", "hi"},
    {"KANNADA", "kn"},
    {"KONKANI", "kok"},
    {"MALAYALAM", "ml"},
    {"MARATHI", "mr"},
    {"NEPALI", "ne"},
    {"ODIA", "or"},
    {"PUNJABI", "pa"},
    {"SINDHI", "sd"},
    {"TAMIL", "ta"},
    {"TELUGU", "te"},
    {"URDU", "ur"},
}};

// Rates at which the six languages stay within 3 to 9 aksharas a second (measured on 20 pages
// each), as people read to children.
struct Prosody {
  std::string_view style;
  int rate;   // words a minute; the program's own is 175
  int pitch;  // 0 to 99; the program's own is 50
};

constexpr std::array<Prosody, 3> kStyles{{
    {"storyteller", 155, 52},
    {"calm", 140, 42},
    {"enthusiastic", 180, 64},
}};

// A take that was rejected must be followed by one that differs, if only a little: the program
// gives the same bytes for the same request. Takes walk through eight pitches above and eight below
// the style's own, then through rates; after 187 they come round.
constexpr std::array<int, 17> kPitchSteps{0, 2,  -2, 4,  -4, 6,  -6, 8, -8,
                                          1, -1, 3,  -3, 5,  -5, 7,  -7};
constexpr std::array<int, 11> kRateSteps{0, 3, -3, 6, -6, 9, -9, 12, -12, 15, -15};

Prosody prosody_for(std::string_view style, std::int32_t take) {
  const auto found = std::find_if(kStyles.begin(), kStyles.end(),
                                  [&](const Prosody& known) { return known.style == style; });
  if (found == kStyles.end()) {
    throw Error(ErrorCode::voice_style_unknown, "espeak-ng has no prosody for this voice style");
  }
  const auto step = static_cast<std::size_t>(std::max(take, 0));
  Prosody prosody = *found;
  prosody.pitch += kPitchSteps.at(step % kPitchSteps.size());
  prosody.rate += kRateSteps.at(step / kPitchSteps.size() % kRateSteps.size());
  return prosody;
}

// Below a blank there are only line ends and tabs in spoken text; the program takes Ctrl-A for the
// beginning of a command (rate, pitch, ...), also in the middle of a word.
bool is_command(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

}  // namespace

std::optional<std::string_view> espeak_voice(std::string_view language) {
  for (const Voice& known : kVoices) {
    if (known.language == language) return known.voice;
  }
  return std::nullopt;
}

std::vector<std::string> espeak_arguments(const SynthesisRequest& request) {
  const auto voice = espeak_voice(request.language);
  if (!voice) throw Error(ErrorCode::language_unknown, "espeak-ng has no voice for this language");
  const Prosody prosody = prosody_for(request.voice_style, request.take);
  return {"-v",      std::string(*voice),
          "-b",      "1",  // the text is UTF-8, whatever the locale says
          "-s",      std::to_string(prosody.rate),
          "-p",      std::to_string(prosody.pitch),
          "--stdin", "--stdout"};
}

// "[[" begins phonemes, and cannot be turned off; the program drops soft hyphens and their like
// first, so that "[", U+00AD, "[" begins them too. To break pairs up is thus a race against what it
// ignores. Round brackets instead are read just alike (same audio, byte for byte) and mean nothing.
// Markup (SSML) is off unless asked for by -m: "<" and "&" are then only characters.
std::string espeak_text(std::string_view spoken_text) {
  std::string text;
  text.reserve(spoken_text.size() + 1);
  for (const char c : spoken_text) {
    if (is_command(c)) continue;
    text += c == '[' ? '(' : c == ']' ? ')' : c;
  }
  text += '\n';
  return text;
}

}  // namespace bhashatts::synth
