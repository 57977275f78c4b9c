// The short way round NFC, against NFC of the whole text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bhashatts/text.h"
#include "tests/text/hostile_text.h"
#include "tests/text/reference.h"
#include "text/characters.h"
#include "text/utf8.h"

namespace bhashatts {
namespace {

using text::Kind;

// Only what NFC alone decides: no blank, joiner, fold or dropped character.
bool is_left_to_nfc(char32_t c) {
  switch (text::Characters::get().kind(c)) {
    case Kind::careful:
    case Kind::plain:
    case Kind::nukta:
    case Kind::virama:
    case Kind::second: return c != 0x0D7B;  // CHILLU N begins a fold
    default: return false;
  }
}

void expect_nfc(const std::u32string& code_points) {
  const std::string utf8 = text::encode(code_points);
  ASSERT_EQ(spoken_text(utf8), testing::nfc(utf8)) << ::testing::PrintToString(code_points);
}

bool is_doubtful(char32_t c) {
  if (!is_left_to_nfc(c) || (c >= 0x0D80 && c < 0x0E00)) return false;
  const bool assigned = utf8proc_category(static_cast<utf8proc_int32_t>(c)) != UTF8PROC_CATEGORY_CN;
  return assigned && (text::Characters::get().kind(c) != Kind::plain ||
                      text::composes_with_second(c) || text::composes_with_nukta(c));
}

std::vector<char32_t> doubtful_characters() {
  std::vector<char32_t> all{U'क', U'a', 0x0301, 0x0334, 0x0345, 0x0F73, 0x1100, 0x1161, 0x0DCA};
  for (char32_t c = 0x0900; c < 0x0D80; ++c) {
    if (is_doubtful(c)) all.push_back(c);
  }
  return all;
}

TEST(Nfc, OfEveryCodePointIsThatOfUtf8proc) {
  for (char32_t c = 0x20; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    if (is_left_to_nfc(c) && !text::is_ignorable(c)) expect_nfc({c});
  }
}

TEST(Nfc, OfEveryIndicPairIsThatOfUtf8proc) {
  for (char32_t a = 0x0900; a < 0x0E00; ++a) {
    for (char32_t b = 0x0900; b < 0x0E00; ++b) {
      if ((a ^ b) >= 0x80 && b % 16 != 0x0D) continue;  // across scripts a sample will do
      if (is_left_to_nfc(a) && is_left_to_nfc(b)) expect_nfc({a, b});
    }
  }
}

TEST(Nfc, OfEveryTripleOfDoubtfulCharactersIsThatOfUtf8proc) {
  const auto all = doubtful_characters();
  std::size_t n = 0;
  for (const char32_t a : all) {
    for (const char32_t b : all) {
      // One in four of them, a different one for each pair.
      for (std::size_t i = n++ % 4; i < all.size(); i += 4) expect_nfc({a, b, all[i], U'क'});
    }
  }
}

TEST(Nfc, OfHostileTextIsThatOfUtf8proc) {
  testing::HostileText texts(1);
  for (int i = 0; i < 100'000; ++i) {
    std::u32string text = texts.next(24);
    std::erase_if(text, [](char32_t c) { return !is_left_to_nfc(c) || text::is_ignorable(c); });
    if (!text.empty()) expect_nfc(text);
  }
}

TEST(Nfc, OrdersALongHeapOfMarks) {
  std::string marks = "a";
  for (int i = 0; i < 2'400; ++i) marks += "\u0323\u0301";
  const std::string spoken = spoken_text(marks);
  EXPECT_EQ(spoken, testing::nfc(marks));
  EXPECT_EQ(count_code_points(spoken), 4'800U);  // one of them went into the letter
}

}  // namespace
}  // namespace bhashatts
