// Counts code points and UTF-16 units and reads WebVTT by itself, with nothing from src/: what is
// to be proven is that a browser, which has only the standards, sees what we meant. Only what an
// utterance of a cut is comes from spoken_text().
#include "tests/support/timings_check.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bhashatts/text.h"

namespace bhashatts::testing {
namespace {

// ---- the text as it was sent

class SentText {
 public:
  explicit SentText(std::string_view text) : text_(text) {
    std::uint32_t units = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xC0U) == 0x80U) continue;
      bytes_.push_back(i);
      units_.push_back(units);
      units += byte >= 0xF0U ? 2 : 1;
    }
    bytes_.push_back(text.size());
    units_.push_back(units);
  }

  std::uint32_t points() const { return static_cast<std::uint32_t>(bytes_.size() - 1); }
  std::uint32_t utf16(std::uint32_t point) const { return units_[std::min(point, points())]; }
  std::string cut(const TextRange& range) const {
    const std::size_t begin = bytes_[std::min(range.begin, points())];
    const std::size_t end = bytes_[std::min(range.end, points())];
    return std::string(text_.substr(begin, std::max(begin, end) - begin));
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> bytes_;  // where each code point begins, and the end
  std::vector<std::uint32_t> units_;
};

// Every run of blanks is one, and there is none at either end: as a browser shows text.
std::string collapsed(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank) {
      shown += c;
    } else if (!shown.empty() && shown.back() != ' ') {
      shown += ' ';
    }
  }
  if (shown.ends_with(' ')) shown.pop_back();
  return shown;
}

// ---- WebVTT

struct Cue {
  std::int64_t start = -1;
  std::int64_t end = -1;
  std::vector<std::int64_t> stamps;
  std::string text;
};

std::int64_t time_of(const std::string& stamp) {
  unsigned hours = 0, minutes = 0, seconds = 0, ms = 0;
  int used = 0;
  const int found =
      std::sscanf(stamp.c_str(), "%2u:%2u:%2u.%3u%n", &hours, &minutes, &seconds, &ms, &used);
  if (found != 4 || used != 12 || minutes > 59 || seconds > 59) return -1;
  return ((hours * 60 + minutes) * 60 + seconds) * 1'000LL + ms;
}

std::string unescaped(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};  // & last: what it makes is no name
  for (const auto& [name, meaning] : kNames) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; ++at) {
      text.replace(at, name.size(), meaning);
    }
  }
  return text;
}

void read_line(Cue& cue, const std::string& line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t close = line[at] == '<' ? line.find('>', at) : std::string::npos;
    if (close == std::string::npos) {
      text += line[at++];
    } else {
      cue.stamps.push_back(time_of(line.substr(at + 1, close - at - 1)));
      at = close + 1;
    }
  }
  cue.text += unescaped(text) + '\n';
}

// A block that is no cue gives one without times.
std::vector<Cue> read_webvtt(const std::string& file) {
  std::istringstream in(file);
  std::vector<Cue> cues;
  bool in_cue = false;
  std::string line;
  if (!std::getline(in, line) || line != "WEBVTT") return cues;
  while (std::getline(in, line)) {
    const std::size_t arrow = line.find(" --> ");
    if (line.empty()) {
      in_cue = false;
    } else if (in_cue) {
      read_line(cues.back(), line);
    } else {
      cues.emplace_back();
      in_cue = true;
      if (arrow == std::string::npos) continue;
      cues.back().start = time_of(line.substr(0, arrow));
      cues.back().end = time_of(line.substr(arrow + 5));
    }
  }
  return cues;
}

// ---- the judge

class Judge {
 public:
  Judge(const Timings& timings, std::string_view sent) : timings_(timings), sent_(sent) {}

  std::vector<std::string> faults;

  void judge(const std::vector<std::string>& spoken) {
    judge_list("utterance", timings_.utterances);
    judge_list("word", timings_.words);
    judge_ends();
    judge_utterances(spoken);
    judge_words();
    judge_json();
  }

  void judge_webvtt(std::string_view sent) {
    const std::vector<Cue> cues = read_webvtt(timings_.to_webvtt(sent));
    expect(cues.size() == timings_.utterances.size(), "WebVTT: not one cue an utterance");
    for (std::size_t i = 0; i < std::min(cues.size(), timings_.utterances.size()); ++i) {
      const Timing& timing = timings_.utterances[i];
      const Cue& cue = cues[i];
      expect(cue.start == timing.start_ms && cue.end == timing.end_ms,
             "WebVTT: other times than the utterance's");
      expect(cue.start < cue.end, "WebVTT: a cue that ends before it begins");
      expect(collapsed(cue.text) == collapsed(sent_.cut(timing.text)), "WebVTT: another text");
      judge_stamps(cue);
    }
  }

 private:
  void expect(bool holds, const std::string& fault) {
    if (!holds) faults.push_back(fault);
  }

  void judge_list(const std::string& what, const std::vector<Timing>& list) {
    TextRange at;
    std::int64_t time = 0;
    for (const Timing& timing : list) {
      const TextRange& text = timing.text;
      expect(text.begin == at.end && text.begin_utf16 == at.end_utf16,
             what + ": a gap in the text");
      expect(text.end > text.begin, what + ": of no text");
      expect(text.end_utf16 == sent_.utf16(text.end), what + ": UTF-16 is something else");
      expect(timing.start_ms >= time && timing.end_ms >= timing.start_ms, what + ": out of order");
      expect(timing.end_ms <= timings_.duration_ms, what + ": behind the audio's end");
      at = text;
      time = timing.end_ms;
    }
    expect(at.end == sent_.points(), what + "s: do not reach the end of the text");
    expect(at.end_utf16 == sent_.utf16(sent_.points()), what + "s: do not reach its end in UTF-16");
  }

  void judge_ends() {
    if (timings_.utterances.empty() || timings_.words.empty()) return faults.push_back("nothing");
    expect(timings_.utterances.front().start_ms == 0, "the first utterance begins late");
    expect(timings_.utterances.back().end_ms == timings_.duration_ms,
           "the last utterance does not end where the audio ends");
    expect(timings_.words.back().end_ms == timings_.duration_ms,
           "the last word does not end where the audio ends");
  }

  void judge_utterances(const std::vector<std::string>& spoken) {
    expect(spoken.size() == timings_.utterances.size(), "not one timing an utterance");
    for (std::size_t i = 0; i < std::min(spoken.size(), timings_.utterances.size()); ++i) {
      const Timing& timing = timings_.utterances[i];
      expect(timing.end_ms > timing.start_ms, "an utterance that takes no time");
      expect(spoken_text(sent_.cut(timing.text)) == spoken[i], "the range of another text");
    }
  }

  // Each in its utterance, by text and by time.
  void judge_words() {
    auto word = timings_.words.begin();
    for (const Timing& utterance : timings_.utterances) {
      for (; word != timings_.words.end() && word->text.end <= utterance.text.end; ++word) {
        expect(word->start_ms >= utterance.start_ms && word->end_ms <= utterance.end_ms,
               "a word outside of its utterance");
      }
    }
    expect(word == timings_.words.end(), "a word in two utterances");
  }

  void judge_json() {
    const auto json = nlohmann::json::parse(timings_.to_json(), nullptr, false);
    if (!json.is_object()) return faults.push_back("JSON: does not parse");
    expect(json.value("duration_ms", -1) == timings_.duration_ms, "JSON: another duration");
    judge_json_list(json["utterances"], timings_.utterances, false);
    judge_json_list(json["words"], timings_.words, true);
  }

  void judge_json_list(const nlohmann::json& list, const std::vector<Timing>& timings,
                       bool estimated) {
    expect(list.size() == timings.size(), "JSON: not as many timings");
    for (std::size_t i = 0; i < std::min(list.size(), timings.size()); ++i) {
      const auto& text = list[i]["text"];
      const Timing read{list[i]["start_ms"],
                        list[i]["end_ms"],
                        {text["begin"], text["end"], text["begin_utf16"], text["end_utf16"]}};
      expect(read == timings[i] && list[i]["estimated"] == estimated, "JSON: another timing");
    }
  }

  // The standard wants each later than the one before, and inside of the cue.
  void judge_stamps(const Cue& cue) {
    std::int64_t before = cue.start;
    for (const std::int64_t stamp : cue.stamps) {
      expect(stamp > before && stamp < cue.end, "WebVTT: a stamp out of order");
      before = stamp;
    }
  }

  const Timings& timings_;
  SentText sent_;
};

}  // namespace

std::vector<std::string> faults_of_timings(const Timings& timings, std::string_view sent,
                                           const std::vector<std::string>& spoken) {
  Judge judge(timings, sent);
  judge.judge(spoken);
  judge.judge_webvtt(sent);
  return std::move(judge.faults);
}

}  // namespace bhashatts::testing
