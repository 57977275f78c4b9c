// rooms: base text
//
// Any bytes: the first says the language and the limit, the rest is a text as it was sent. Its
// utterances make the spoken text, each within the limit, beginning where an akshara does, and its
// places stand in what was sent, in order.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "text/aksharas.h"
#include "text/offsets.h"
#include "text/utterances.h"

namespace {

using bhashatts::text::TextUtterance;

void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "utterances: " << what << '\n';
  std::abort();
}

std::ptrdiff_t weighing(std::string_view text) {
  return std::ranges::count_if(bhashatts::text::aksharas(text),
                               [](const auto& akshara) { return akshara.weight > 0.0; });
}

void check_one(const TextUtterance& one, double most) {
  require(!one.spoken.empty() && one.spoken.front() != ' ' && one.spoken.back() != ' ',
          "not trimmed");
  require(one.spoken.size() <= one.whole.size(), "more spoken than there is");
  const double weight = bhashatts::text::akshara_weight(one.spoken);
  require(most <= 0.0 || weight <= most || weighing(one.spoken) == 1, "over the limit");
}

void check_utterances(const std::string& spoken, std::string_view language, double most) {
  const auto all = bhashatts::text::utterances(spoken, {.language = language, .most = most});
  std::string joined;
  auto akshara = bhashatts::text::aksharas(spoken);
  auto from = akshara.begin();
  for (const TextUtterance& one : all) {
    check_one(one, most);
    from = std::ranges::find(from, akshara.end(), joined.size(), &bhashatts::text::Akshara::begin);
    require(from != akshara.end(), "an akshara is torn");
    joined += one.whole;
  }
  require(joined == spoken, "the parts are not the whole");
}

void check_offsets(std::string_view sent, const std::string& spoken) {
  const auto offsets = bhashatts::text::sent_offsets(sent, spoken);
  require(offsets.size() == bhashatts::count_code_points(spoken) + 1, "places are missing");
  require(offsets.back().code_points == bhashatts::count_code_points(sent), "the end is not");
  const bool in_order = std::ranges::is_sorted(
      offsets, [](const auto& a, const auto& b) { return a.code_points < b.code_points; });
  require(in_order, "places out of order");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 8> kLanguages{"HINDI",  "GUJARATI",  "PUNJABI", "TAMIL",
                                                       "TELUGU", "MALAYALAM", "ENGLISH", "?"};
  if (size == 0) return 0;
  const std::string_view sent(reinterpret_cast<const char*>(data + 1), size - 1);
  std::string spoken;
  try {
    spoken = bhashatts::spoken_text(sent);
  } catch (const bhashatts::Error&) {
    return 0;
  }
  check_utterances(spoken, kLanguages[data[0] % 8], data[0] / 8 * 2.0);
  check_offsets(sent, spoken);
  return 0;
}
