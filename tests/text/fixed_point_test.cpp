// What holds of every text: normalising again changes nothing, and no letter is lost or made.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "tests/text/hostile_text.h"
#include "tests/text/reference.h"
#include "text/utf8.h"

namespace bhashatts {
namespace {

std::optional<std::string> spoken(const std::string& text) {
  try {
    return spoken_text(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void expect_fixed_point(const std::string& text) {
  const auto once = spoken(text);
  if (!once) return;
  const auto twice = spoken(*once);
  ASSERT_TRUE(twice) << ::testing::PrintToString(text);
  ASSERT_EQ(*twice, *once) << ::testing::PrintToString(text);
  ASSERT_EQ(*once, testing::nfc(*once)) << ::testing::PrintToString(text);
  ASSERT_EQ(testing::count_letters(*once), testing::count_letters(text));
}

TEST(FixedPoint, HoldsForShortHostileText) {
  testing::HostileText texts(2);
  for (int i = 0; i < 200'000; ++i) expect_fixed_point(text::encode(texts.next(8)));
}

TEST(FixedPoint, HoldsForLongHostileText) {
  testing::HostileText texts(3);
  for (int i = 0; i < 2'000; ++i) expect_fixed_point(text::encode(texts.next(600)));
}

TEST(FixedPoint, HoldsForEverySequenceOfMalayalamFoldLetters) {
  constexpr std::u32string_view kLetters = U"\u0D28\u0D4D\u200D\u200C\u0D31\u0D7B\u0D41 ";
  for (std::size_t number = 0; number < 8 * 8 * 8 * 8 * 8 * 8; ++number) {
    std::u32string text;
    for (std::size_t rest = number, i = 0; i < 6; ++i, rest /= 8) text += kLetters[rest % 8];
    expect_fixed_point(text::encode(text));
  }
}

TEST(FixedPoint, HoldsForEverySequenceOfDandasAndBars) {
  constexpr std::u32string_view kSigns = U"|।॥क x\n\u200D";
  for (std::size_t number = 0; number < 8 * 8 * 8 * 8 * 8; ++number) {
    std::u32string text;
    for (std::size_t rest = number, i = 0; i < 5; ++i, rest /= 8) text += kSigns[rest % 8];
    expect_fixed_point(text::encode(text));
  }
}

// As long as texts may be; a rule that took quadratic time would show in the test's own time.
TEST(FixedPoint, HoldsForTheLongestHostileTexts) {
  for (const char* unit :
       {"| ", "क|", "ന്\u200D", "\u200D", "\u0323\u0301", "क\u094D\u093C\u200D", " \n", "।", "ൻ്റ",
        "\u0C55\u093C", "\u0BC6\u0BBE", "\u1100", "\u0F73", "\U0001D15E", "\uFE0F"}) {
    std::string text = "क";
    while (text.size() + 12 < kMaxTextBytes) text += unit;
    expect_fixed_point(text);
  }
}

}  // namespace
}  // namespace bhashatts
