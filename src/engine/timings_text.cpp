// Timings as JSON and as WebVTT.
#include <array>
#include <cstdio>

#include "base/json_text.h"
#include "bhashatts/timings.h"

namespace bhashatts {
namespace {

JsonObject range_of(const TextRange& range) {
  return JsonObject()
      .add("begin", range.begin)
      .add("end", range.end)
      .add("begin_utf16", range.begin_utf16)
      .add("end_utf16", range.end_utf16);
}

JsonList listed(const std::vector<Timing>& timings, bool estimated) {
  return JsonList::of(timings, [&](const Timing& timing) {
    return JsonObject()
        .add("start_ms", timing.start_ms)
        .add("end_ms", timing.end_ms)
        .add("text", range_of(timing.text))
        .add("estimated", estimated);
  });
}

// 00:00:01.250
std::string stamp(std::int64_t ms) {
  std::array<char, 40> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld",
      static_cast<long long>(ms / 3'600'000), static_cast<long long>(ms / 60'000 % 60),
      static_cast<long long>(ms / 1'000 % 60), static_cast<long long>(ms % 1'000));
  return {text.data(), static_cast<std::size_t>(size)};
}

// The text between two code points; offsets must be asked for in order.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) {}

  std::string_view cut(const TextRange& range) {
    const std::size_t begin = byte_of(range.begin);
    return text_.substr(begin, byte_of(range.end) - begin);
  }

 private:
  std::size_t byte_of(std::uint32_t point) {
    while (point_ < point && byte_ < text_.size()) {
      do {
        ++byte_;
      } while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0U) == 0x80U);
      ++point_;
    }
    return byte_;
  }

  std::string_view text_;
  std::uint32_t point_ = 0;
  std::size_t byte_ = 0;
};

// A cue must not hold an empty line, nor what looks like a tag; "-->" cannot be without its '>'.
std::string escaped(std::string_view text) {
  std::string cue;
  for (const char c : text) {
    if (c == '&') {
      cue += "&amp;";
    } else if (c == '<') {
      cue += "&lt;";
    } else if (c == '>') {
      cue += "&gt;";
    } else {
      cue += c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return cue;
}

}  // namespace

std::string Timings::to_json() const {
  return JsonObject()
      .add("duration_ms", duration_ms)
      .add("utterances", listed(utterances, false))
      .add("words", listed(words, true))
      .text();
}

std::string Timings::to_webvtt(std::string_view text) const {
  std::string vtt = "WEBVTT\n";
  Cutter cutter(text);
  auto word = words.begin();
  for (const Timing& utterance : utterances) {
    vtt += "\n" + stamp(utterance.start_ms) + " --> " + stamp(utterance.end_ms) + "\n";
    std::int64_t stamped = utterance.start_ms;
    for (; word != words.end() && word->text.begin < utterance.text.end; ++word) {
      // A stamp must lie inside its cue and behind the one before; a word that is not spoken, an
      // emoji, begins when the next one does.
      if (word->start_ms > stamped && word->start_ms < utterance.end_ms) {
        stamped = word->start_ms;
        vtt += "<" + stamp(stamped) + ">";
      }
      vtt += escaped(cutter.cut(word->text));
    }
    while (vtt.back() == ' ') vtt.pop_back();
    vtt += "\n";
  }
  return vtt;
}

}  // namespace bhashatts
