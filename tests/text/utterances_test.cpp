// What holds of every text, printed or hostile: the parts make the whole, none is over the limit,
// none is short beside room, and the work grows with the text only.
#include "text/utterances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "tests/text/hostile_text.h"
#include "tests/text/passages.h"
#include "text/abbreviations.h"
#include "text/aksharas.h"
#include "text/fit.h"
#include "text/script.h"
#include "text/sentences.h"
#include "text/utf8.h"

namespace bhashatts {
namespace {

using testing::marked;
using text::akshara_weight;
using text::Boundary;
using text::SplitOptions;
using text::TextUtterance;
using text::utterances;

std::string split(std::string_view text, double most = 0.0, std::string_view language = "HINDI") {
  return marked(utterances(text, {.language = language, .most = most}));
}

std::vector<Boundary> boundaries(std::string_view text, double most = 0.0) {
  std::vector<Boundary> all;
  for (const auto& one : utterances(text, {.language = "HINDI", .most = most})) {
    all.push_back(one.after);
  }
  return all;
}

bool begins_akshara(std::string_view text, const char* at) {
  for (const auto& akshara : text::aksharas(text)) {
    if (text.data() + akshara.begin == at) return true;
  }
  return false;
}

void expect_partition(std::string_view text, const std::vector<TextUtterance>& all) {
  std::string joined;
  for (const TextUtterance& one : all) {
    joined += one.whole;
    EXPECT_FALSE(one.spoken.empty());
    EXPECT_NE(one.whole.find(one.spoken), std::string_view::npos);
    EXPECT_NE(one.spoken.front(), ' ');
    EXPECT_NE(one.spoken.back(), '\n');
    EXPECT_TRUE(begins_akshara(text, one.whole.data())) << one.whole;
    EXPECT_EQ(one.after == Boundary::end, &one == &all.back());
  }
  EXPECT_EQ(joined, text);
}

std::ptrdiff_t weighing(std::string_view text) {
  return std::ranges::count_if(text::aksharas(text), [](const auto& a) { return a.weight > 0.0; });
}

bool has_latin(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text::script_of(text::decode(text, at)) == text::Script::latin) return true;
  }
  return false;
}

void expect_weights(const std::vector<TextUtterance>& all, const SplitOptions& options) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double weight = akshara_weight(all[i].spoken);
    const bool one_akshara = weighing(all[i].spoken) == 1;
    const bool fits = options.most <= 0.0 || weight <= options.most || one_akshara;
    EXPECT_TRUE(fits) << all[i].spoken;
    if (i + 1 == all.size()) break;
    const double next = akshara_weight(all[i + 1].spoken);
    if (std::min(weight, next) >= options.least) continue;
    // Latin letters of a word that was cut count in full.
    if (has_latin(all[i].spoken) || has_latin(all[i + 1].spoken)) continue;
    EXPECT_GT((weight + next) * 1.001, options.most > 0 ? options.most : 1e9) << all[i].whole;
  }
}

void expect_all(std::string_view text, const SplitOptions& options) {
  const auto all = utterances(text, options);
  expect_partition(text, all);
  expect_weights(all, options);
}

TEST(Utterances, OfPassagesHoldAtEveryLimit) {
  for (const testing::Passage& passage : testing::all_passages()) {
    for (const double most : {0.0, 60.0, 50.0, 20.0, 9.0, 1.0}) {
      expect_all(passage.text, {.language = passage.language, .most = most});
    }
  }
}

TEST(Utterances, OfHostileTextsHoldAtEveryLimit) {
  testing::HostileText letters(3);
  std::mt19937 random(5);
  constexpr std::u32string_view kMarks = U"।॥?!.…,;:–-()[]“”‘’\"' \n.. ?”a1कक";
  for (int i = 0; i < 4'000; ++i) {
    std::u32string sent = letters.next(60);
    for (char32_t& c : sent) c = random() % 2 == 0 ? c : kMarks[random() % kMarks.size()];
    std::string spoken;
    try {
      spoken = spoken_text(text::encode(sent));
    } catch (const Error&) {
      continue;
    }
    expect_all(spoken, {.language = "HINDI", .most = static_cast<double>(random() % 20)});
    if (HasFailure()) break;
  }
}

TEST(Utterances, OfTheSameTextAreTheSameAlways) {
  for (const testing::Passage& passage : testing::all_passages()) {
    const SplitOptions options{.language = passage.language, .most = passage.most};
    const std::string copy = passage.text;
    EXPECT_EQ(marked(utterances(copy, options)), marked(utterances(passage.text, options)));
    std::string joined;
    for (const auto& one : utterances(passage.text, options)) joined += one.whole;
    EXPECT_EQ(marked(utterances(joined, options)), marked(utterances(passage.text, options)));
  }
}

TEST(Utterances, OfTheUsualLimitAreWholeByThemselves) {
  for (const testing::Passage& passage : testing::all_passages()) {
    const SplitOptions options{.language = passage.language, .most = 50.0};
    for (const auto& one : utterances(passage.text, options)) {
      EXPECT_EQ(utterances(one.spoken, options).size(), 1U) << one.spoken;
    }
  }
}

TEST(Utterances, SayWhatStandsBehindThem) {
  using B = Boundary;
  EXPECT_EQ(boundaries("बारिश बहुत तेज़ हो रही थी। सब लोग घर के भीतर चले गए।\n"
                       "चिड़िया डाल पर भीगती रही\n\nअगले दिन धूप निकल आई"),
            (std::vector{B::sentence, B::line, B::paragraph, B::end}));
  EXPECT_EQ(boundaries("छोटी चिड़िया डाल पर बैठी, ठंडी हवा चलने लगी", 12),
            (std::vector{B::comma, B::end}));
  EXPECT_EQ(boundaries("छोटी चिड़िया डाल पर बैठी ठंडी हवा में", 12), (std::vector{B::word, B::end}));
}

TEST(Utterances, AreNoneOfNothing) { EXPECT_TRUE(utterances("", {}).empty()); }

TEST(Utterances, WithoutASingleLetterAreOne) {
  for (const char* text : {"।", "...", "🙂", "?!", "“”", "( )", "* * *\n* * *\n\n* * *"}) {
    EXPECT_EQ(utterances(text, {.language = "HINDI", .most = 50}).size(), 1U) << text;
  }
}

TEST(Utterances, LeaveAParagraphOnlyWhereAllOfItIsShort) {
  EXPECT_EQ(split("तितली\n\nबगीचे में पीली तितली उड़ रही थी।"),
            "तितली\n\nबगीचे में पीली तितली उड़ रही थी।");
  EXPECT_EQ(split("नन्हे कछुए की लंबी यात्रा\n\nवह चला। बस।"), "नन्हे कछुए की लंबी यात्रा\n\nवह चला। बस।");
  EXPECT_EQ(split("बगीचे में पीली तितली उड़ रही थी। वाह!\n\nसब बच्चे उसके पीछे भागने लगे।"),
            "बगीचे में पीली तितली उड़ रही थी। वाह!⏐\n\nसब बच्चे उसके पीछे भागने लगे।");
}

TEST(Utterances, ThatAreShortStayAloneOnlyForWantOfRoom) {
  EXPECT_EQ(split("वाह! सब बच्चे बगीचे में भागने लगे।", 14), "वाह!⏐ सब बच्चे बगीचे में भागने लगे।");
}

TEST(Utterances, OfAnUnknownLanguageKnowEnglishAbbreviations) {
  EXPECT_EQ(split("আজ সকালে Mr. Roy আমাদের বাড়ি এলেন। আমরা সবাই খুব খুশি হলাম।", 0, "BENGALI"),
            "আজ সকালে Mr. Roy আমাদের বাড়ি এলেন।⏐ আমরা সবাই খুব খুশি হলাম।");
}

TEST(Utterances, TearNoNumberAndNoCommaWithinOne) {
  EXPECT_EQ(split("मेले में कुल 1,00,000 लोग", 20), "मेले में कुल⏐ 1,00,000 लोग");
}

TEST(Abbreviations, AreSpokenTextsThatNoLookupMisses) {
  for (const char* language :
       {"HINDI", "GUJARATI", "PUNJABI", "TAMIL", "TELUGU", "MALAYALAM", "ENGLISH"}) {
    for (const std::string_view word : text::listed_abbreviations(language)) {
      EXPECT_EQ(spoken_text(word), word);
      EXPECT_LE(word.size(), text::kLongestAbbreviation);
      const auto known = text::abbreviation(language, word);
      EXPECT_TRUE(known.holds || known.chains || known.numbered) << word;
    }
  }
  EXPECT_FALSE(text::abbreviation("HINDI", "है").holds);
  EXPECT_FALSE(text::abbreviation("GUJARATI", "છે").holds);
  EXPECT_FALSE(text::abbreviation("TAMIL", "रु").holds);
}

TEST(Abbreviations, EveryLetterChains) {
  for (const char* language : {"HINDI", "GUJARATI", "PUNJABI", "TAMIL", "TELUGU", "MALAYALAM"}) {
    for (const std::string_view letter : text::listed_letters(language)) {
      EXPECT_EQ(spoken_text(letter), letter);
      const std::string name(letter);
      const std::string text = "కఖగఘఙచఛజ " + name + "." + name + ". జఝఞటఠడఢణ";
      EXPECT_EQ(utterances(text, {.language = language}).size(), 1U) << text;
    }
  }
}

// Code points looked at, bytes weighed.
std::size_t work(std::string_view text, double most) {
  text::Sentences found = text::sentences(text, "HINDI");
  text::fit(text, found, {.language = "HINDI", .most = most});
  return found.looked_at;
}

std::string repeated(std::string_view unit, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += unit;
  return all;
}

TEST(Utterances, CostWorkInProportionToAnyText) {
  for (const char* unit :
       {"।",      "। ",     "क",     "क ",    "a",   "क,",   "क।",  "?”",   "?” क",
        "“क?”क ", "(",      "(क.",   ")",     "(क)", "“",    "\"",  "'",    ".",
        ". ",     "…",      "🙂!", "🙂 ", "सी.", "सी. ", "1.",  "1. ",  "क\n",
        "क\n\n",  "\u0301", "कहा ",  "क? அஎ", "-",   "- ",   "a.a", "क...", "...क "}) {
    for (const double most : {0.0, 50.0}) {
      const std::string text = repeated(unit, 20'000);
      EXPECT_LE(work(text, most), 8 * text.size()) << unit;
    }
  }
}

TEST(Utterances, CostNoMoreForDeepQuotesAndBrackets) {
  for (const auto& [open, close] : {std::pair{"(", ")"}, {"“", "”"}, {"\"", "\""}, {"‘", "’"}}) {
    const std::string text =
        repeated(open, 10'000) + "क। ख? " + repeated(close, 10'000) + repeated("क। ", 10'000);
    EXPECT_LE(work(text, 50), 8 * text.size()) << open;
  }
}

TEST(WeightBounds, HoldTheWeightOfAnySentence) {
  testing::HostileText texts(9);
  for (int i = 0; i < 4'000; ++i) {
    const std::string utf8 = text::encode(texts.next(40));
    for (const text::Piece& piece : text::sentences(utf8, "TAMIL").pieces) {
      const double weight = akshara_weight(utf8.substr(piece.begin, piece.end - piece.begin));
      EXPECT_LE(static_cast<double>(piece.bounds.least), weight * 1000 + 60) << utf8;
      EXPECT_GE(static_cast<double>(piece.bounds.most) + 1e-6, weight * 1000) << utf8;
    }
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace bhashatts
