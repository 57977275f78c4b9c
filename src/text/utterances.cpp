#include "text/utterances.h"

#include "text/fit.h"
#include "text/sentences.h"

namespace bhashatts::text {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (text.size() > 1 && is_blank(text.front())) text.remove_prefix(1);
  while (text.size() > 1 && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<TextUtterance> utterances(std::string_view spoken_text, const SplitOptions& options) {
  Sentences found = sentences(spoken_text, options.language);
  const std::vector<Piece> pieces = fit(spoken_text, found, options);
  std::vector<TextUtterance> all;
  all.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : pieces[i].begin;
    const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1].begin : spoken_text.size();
    const std::string_view whole = spoken_text.substr(begin, end - begin);
    all.push_back({whole, trimmed(whole), pieces[i].after});
  }
  return all;
}

}  // namespace bhashatts::text
