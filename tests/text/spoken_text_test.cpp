// The rules for whole texts: line ends, blanks, what is invisible, what is refused, and the limits.
// The folds of spellings have their own file, and so has what holds of every text.
#include <gtest/gtest.h>

#include <string>

#include "bhashatts/text.h"
#include "tests/text/refusal.h"

namespace bhashatts {
namespace {

using testing::refusal_of;

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(SpokenText, ACleanTextStaysAsItIs) {
  for (const char* text :
       {"नमस्ते बच्चों, आज हम एक कहानी सुनेंगे।", "அவன் கொக்கு போனான்.", "ચકલી અને બિલાડી!", "ਪਿੰਡ ਦੇ ਬੱਚੇ।",
        "పిల్లలు, రండి\nఆడుకుందాం.", "കുട്ടികൾ കളിച്ചു.", "Hello | world"}) {
    EXPECT_EQ(spoken_text(text), text);
  }
}

TEST(SpokenText, EveryLineEndIsOneNewline) {
  for (const char* end :
       {"\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\u2028\n", "\u2029\n"}) {
    EXPECT_EQ(spoken_text("क" + std::string(end) + "ख"), "क\nख");
  }
}

TEST(SpokenText, TwoNewlinesOrMoreAreAParagraph) {
  for (const char* end : {"\n\n", "\r\n\r\n", "\r\r", "\n\n\n\n", "\u2029\u2029", "\n \t \n",
                          "\u2029\n\u2029\n", "\n\u2028", " \n\u00A0\r\n ", "\n\r"}) {
    EXPECT_EQ(spoken_text("क" + std::string(end) + "ख"), "क\n\nख");
  }
}

TEST(SpokenText, RunsOfBlanksAreOneSpace) {
  EXPECT_EQ(spoken_text("क  ख"), "क ख");
  EXPECT_EQ(spoken_text("क\t\u00A0\u2003\u200A\u3000\u1680\u202F\u205Fख"), "क ख");
  EXPECT_EQ(spoken_text("क \u200B ख"), "क ख");
}

TEST(SpokenText, BlanksAtLineEndsAndTextEndsGo) {
  EXPECT_EQ(spoken_text("  \n\u2003 क \t\n  ख \r\n\u2029 "), "क\nख");
  EXPECT_EQ(spoken_text("\uFEFFक\u00A0"), "क");
}

TEST(SpokenText, InvisibleCharactersGo) {
  EXPECT_EQ(spoken_text("\uFEFFक\u200Bख\u00ADग\u2060घ"), "कखगघ");
  EXPECT_EQ(spoken_text("\u200Eक\u200F\u202Aख\u202B\u202C\u202D\u202E\u2066ग\u2067\u2068\u2069"
                        "\u061C"),
            "कखग");
}

TEST(SpokenText, WhatAnInvisibleCharacterKeptApartComposes) {
  EXPECT_EQ(spoken_text("க\u0BC6\u200B\u0BBE"), "க\u0BCA");
  EXPECT_EQ(spoken_text("e\u00AD\u0301"), "\u00E9");
}

TEST(SpokenText, NothingToSpeakIsItsOwnError) {
  for (const char* text : {"", " ", "\t\r\n\u2029", "\u00A0\u3000", "\uFEFF\u200B", "\u200D\u200C",
                           "\uFE0F", "\u00AD \u202E"}) {
    EXPECT_EQ(refusal_of(text).code, ErrorCode::text_empty);
  }
  EXPECT_EQ(refusal_of("।").code, ErrorCode::ok);
}

TEST(SpokenText, ControlCharactersAreRefusedWithTheirPlace) {
  for (int c = 0; c < 0x20; ++c) {
    const bool allowed = c == '\t' || c == '\n' || c == '\r';
    const auto expected = allowed ? ErrorCode::ok : ErrorCode::text_control;
    EXPECT_EQ(refusal_of("क" + std::string(1, static_cast<char>(c)) + "ख").code, expected) << c;
  }
  EXPECT_TRUE(refusal_of(std::string("क\0ख", 7)).says("U+0000 at byte 3"));
  EXPECT_TRUE(refusal_of("ab\x7F").says("U+007F at byte 2"));
  EXPECT_TRUE(refusal_of("\u0084").says("U+0084 at byte 0"));
  EXPECT_EQ(refusal_of("a\u0085b").code, ErrorCode::ok);
  EXPECT_TRUE(refusal_of("\u009F").says("U+009F"));
}

TEST(SpokenText, BadBytesAreTheFirstThingToMend) {
  EXPECT_EQ(refusal_of("a\x01 b\xFF").code, ErrorCode::text_not_utf8);
  EXPECT_EQ(refusal_of("\x01").code, ErrorCode::text_control);
}

TEST(SpokenText, FiveThousandCharactersAreTheMost) {
  EXPECT_EQ(count_code_points(spoken_text(repeat("अ", 5000))), 5000U);
  const auto refusal = refusal_of(repeat("अ", 5001));
  EXPECT_EQ(refusal.code, ErrorCode::text_too_long);
  EXPECT_TRUE(refusal.says("5001 characters"));
}

TEST(SpokenText, TheLimitCountsWhatIsSpoken) {
  EXPECT_EQ(refusal_of(repeat("अ  ", 2500)).code, ErrorCode::ok);  // 4,999 with single spaces
  EXPECT_EQ(refusal_of(repeat("\u095C", 2501)).code, ErrorCode::text_too_long);  // two each
  EXPECT_EQ(refusal_of(repeat("e\u0301", 5000)).code, ErrorCode::ok);            // one each
}

TEST(SpokenText, TwentyThousandBytesAreTheMost) {
  EXPECT_EQ(refusal_of("a" + std::string(19'999, ' ')).code, ErrorCode::ok);
  const auto refusal = refusal_of("a" + std::string(20'000, ' '));
  EXPECT_EQ(refusal.code, ErrorCode::text_too_long);
  EXPECT_TRUE(refusal.says("20001 bytes"));
}

}  // namespace
}  // namespace bhashatts
