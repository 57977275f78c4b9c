// Where the places of a spoken text stood in what was sent: each fold by itself, then texts that no
// one would write, against the normalisation of their beginnings.
#include "text/offsets.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "tests/text/hostile_text.h"
#include "text/letters.h"
#include "text/utf8.h"

namespace bhashatts {
namespace {

using text::sent_offsets;
using text::SentOffset;
using Places = std::vector<std::uint32_t>;

Places places(const std::string& sent) {
  Places all;
  for (const SentOffset& offset : sent_offsets(sent, spoken_text(sent))) {
    all.push_back(offset.code_points);
  }
  return all;
}

TEST(SentOffsets, ACleanTextStandsWhereItStood) {
  EXPECT_EQ(places("कमल है।"), (Places{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(SentOffsets, LeadingBlanksCountAndTrailingOnesBelongToTheEnd) {
  EXPECT_EQ(places("\uFEFF \n कम \n"), (Places{4, 5, 8}));
}

TEST(SentOffsets, ABreakBeginsWithItsFirstBlank) {
  EXPECT_EQ(places("क \t ख"), (Places{0, 1, 4, 5}));
  EXPECT_EQ(places("क \r\n ख"), (Places{0, 1, 5, 6}));
  EXPECT_EQ(places("क\u2029\nख"), (Places{0, 1, 3, 4}));
}

TEST(SentOffsets, TheSecondNewlineOfAParagraphHasItsOwnPlace) {
  EXPECT_EQ(places("क\r\n\r\nख"), (Places{0, 1, 3, 5, 6}));
  EXPECT_EQ(places("क \n \n\n ख"), (Places{0, 1, 4, 7, 8}));
}

TEST(SentOffsets, DroppedCharactersBelongToWhatStandsBefore) {
  EXPECT_EQ(places("क\u200Bम\u00ADल"), (Places{0, 2, 4, 5}));
  EXPECT_EQ(places("क्\u200Dष"), (Places{0, 1, 3, 4}));        // joiner of Devanagari: dropped
  EXPECT_EQ(places("க்\u200Cஷ"), (Places{0, 1, 2, 3, 4}));     // of Tamil: kept
  EXPECT_EQ(places("ക\u200D\u200Dഖ"), (Places{0, 1, 3, 4}));  // of two the first
}

TEST(SentOffsets, OfSeveralThatBecameOneTheFirstCounts) {
  EXPECT_EQ(places("க\u0BC6\u0BBEல"), (Places{0, 1, 3, 4}));  // composed
  EXPECT_EQ(places("e\u00AD\u0301x"), (Places{0, 3, 4}));
  EXPECT_EQ(places("क।।ख"), (Places{0, 1, 3, 4}));
  EXPECT_EQ(places("क|\u200B|"), (Places{0, 1, 4}));
  EXPECT_EQ(places("അവന\u0D4D\u200D വ"), (Places{0, 1, 2, 5, 6, 7}));  // chillu
}

TEST(SentOffsets, WhatOneBecameStandsWhereItStood) {
  EXPECT_EQ(places("क\u095Cख"), (Places{0, 1, 1, 2, 3}));
}

TEST(SentOffsets, FoldsOfOneForOneKeepTheirPlaces) {
  EXPECT_EQ(places("वह आया| मैं"), (Places{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(places("എൻ\u0D4Dറെ"), (Places{0, 1, 2, 3, 4, 5}));  // nta
  EXPECT_EQ(places("എന\u0D4D\u200Dറെ"), (Places{0, 1, 2, 4, 5, 6}));
}

TEST(SentOffsets, MarksThatChangedPlacesShareTheFirst) {
  EXPECT_EQ(places("क\u094D\u093Cख"), (Places{0, 1, 1, 3, 4}));
}

TEST(SentOffsets, BrowsersCountTwoForAnEmoji) {
  const auto offsets = sent_offsets("\U0001F600 क\U0001F600ख", "\U0001F600 क\U0001F600ख");
  std::vector<std::uint32_t> utf16;
  for (const SentOffset& offset : offsets) utf16.push_back(offset.utf16);
  EXPECT_EQ(utf16, (Places{0, 2, 3, 4, 6, 7}));
  EXPECT_EQ(offsets.back().code_points, 5U);
}

TEST(SentOffsets, OfOtherTextsStayWithinWhatWasSent) {
  for (const auto& [sent, spoken] : {std::pair{"", ""}, {"क", ""}, {"", "क"}, {"क ख", "गघङ\n\n"}}) {
    const auto offsets = sent_offsets(sent, spoken);
    ASSERT_EQ(offsets.size(), count_code_points(spoken) + 1);
    EXPECT_EQ(offsets.back().code_points, count_code_points(sent));
  }
}

std::string trimmed(std::string text) {
  const auto ends_with_gap = [&] {
    for (const char* gap : {" ", "\n", "\u200C", "\u200D"}) {
      if (text.ends_with(gap)) return std::string_view(gap).size();
    }
    return std::size_t{0};
  };
  while (const std::size_t size = ends_with_gap()) text.resize(text.size() - size);
  return text;
}

std::optional<std::string> spoken_or_refused(const std::string& sent) {
  try {
    return spoken_text(sent);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// What was sent before the place of a letter is what is spoken before it.
void expect_beginnings(const std::u32string& sent) {
  const std::string utf8 = text::encode(sent);
  const auto normal = spoken_or_refused(utf8);
  if (!normal) return;
  const std::string& spoken = *normal;
  const auto offsets = sent_offsets(utf8, spoken);
  std::size_t before = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; at < spoken.size(); ++i) {
    ASSERT_LE(before, offsets[i].code_points);
    before = offsets[i].code_points;
    const std::size_t begin = at;
    const char32_t c = text::decode(spoken, at);
    if (i == 0 || !text::is_letter(c)) continue;
    const auto beginning = spoken_or_refused(text::encode(sent.substr(0, before)));
    if (!beginning) continue;
    EXPECT_EQ(trimmed(*beginning), trimmed(spoken.substr(0, begin))) << utf8;
  }
  EXPECT_EQ(offsets.back().code_points, sent.size());
}

TEST(SentOffsets, BeginningsOfHostileTextsAreSpokenAlike) {
  testing::HostileText texts(11);
  for (int i = 0; i < 20'000; ++i) {
    std::u32string sent = texts.next(40);
    std::erase(sent, U'|');  // becomes a danda by what follows
    if (!sent.empty()) expect_beginnings(sent);
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace bhashatts
