// The passages in tests/text/passages: texts of our own, marked by hand where an utterance ends.
//
// A file a language. A passage begins with a line `## kind`, or `## kind, most 20` where utterances
// are limited to 20 aksharas (else to the usual 50, in Tamil 60), and goes on to the next such
// line. ⏐ stands behind the last character of each utterance; none is needed at the passage's end.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "text/utterances.h"

namespace bhashatts::testing {

struct Passage {
  std::string language;
  std::string kind;
  double most = 0.0;
  std::string marked;
  std::string text;  // without the marks
};

inline constexpr std::string_view kMark = "⏐";

inline std::string without_marks(std::string text) {
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at)) {
    text.erase(at, kMark.size());
  }
  return text;
}

class PassageReader {
 public:
  explicit PassageReader(const std::filesystem::path& file) : language_(file.stem()) {
    std::ranges::transform(language_, language_.begin(), [](char c) { return c & ~0x20; });
    std::ifstream in(file);
    if (!in) throw std::runtime_error("no passages at " + file.string());
    for (std::string line; std::getline(in, line);) take(line);
    finish();
  }

  std::vector<Passage> passages;

 private:
  void take(const std::string& line) {
    if (!line.starts_with("## ")) {
      if (!passages.empty()) passages.back().marked += line + "\n";
      return;
    }
    finish();
    constexpr std::string_view kLimit = ", most ";
    const std::size_t limit = line.find(kLimit);
    Passage passage;
    passage.language = language_;
    passage.most = language_ == "TAMIL" ? 60.0 : 50.0;
    passage.kind = line.substr(3, std::min(limit, line.size()) - 3);
    if (limit != std::string::npos) passage.most = std::stod(line.substr(limit + kLimit.size()));
    passages.push_back(passage);
  }

  void finish() {
    if (passages.empty()) return;
    std::string& marked = passages.back().marked;
    while (marked.ends_with('\n')) marked.pop_back();
    if (marked.ends_with(kMark)) marked.resize(marked.size() - kMark.size());
    passages.back().text = without_marks(marked);
  }

  std::string language_;
};

inline std::vector<Passage> all_passages() {
  std::vector<Passage> all;
  for (const char* name : {"gujarati", "hindi", "malayalam", "punjabi", "tamil", "telugu"}) {
    const std::filesystem::path file =
        std::filesystem::path(BHASHATTS_PASSAGES) / (std::string(name) + ".txt");
    const auto passages = PassageReader(file).passages;
    all.insert(all.end(), passages.begin(), passages.end());
  }
  return all;
}

// As in the file: a mark behind each utterance but the last.
inline std::string marked(const std::vector<text::TextUtterance>& utterances) {
  std::string all;
  for (const auto& utterance : utterances) {
    const auto end = static_cast<std::size_t>(utterance.spoken.end() - utterance.whole.begin());
    all += utterance.whole.substr(0, end);
    if (&utterance != &utterances.back()) all += kMark;
    all += utterance.whole.substr(end);
  }
  return all;
}

}  // namespace bhashatts::testing
