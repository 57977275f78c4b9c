#include "text/utf8.h"

#include <gtest/gtest.h>

#include <string>

#include "bhashatts/text.h"
#include "tests/text/refusal.h"

namespace bhashatts {
namespace {

using testing::refusal_of;

TEST(Utf8, EveryScalarValueComesBackAsItWent) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    const std::string utf8 = text::encode({&c, 1});
    std::size_t position = 0;
    ASSERT_EQ(text::decode(utf8, position), c);
    ASSERT_EQ(position, utf8.size());
  }
}

TEST(Utf8, OverlongFormsAreNamed) {
  for (const char* bytes : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
                            "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    const auto refusal = refusal_of(bytes);
    EXPECT_EQ(refusal.code, ErrorCode::text_not_utf8);
    EXPECT_TRUE(refusal.says("an overlong form at byte 0")) << refusal.message;
  }
}

TEST(Utf8, EncodedSurrogatesAreNamed) {
  for (const char* bytes : {"ab\xED\xA0\x80", "ab\xED\xBF\xBF", "ab\xED\xA0\xBD\xED\xB8\x80"}) {
    const auto refusal = refusal_of(bytes);
    EXPECT_EQ(refusal.code, ErrorCode::text_not_utf8);
    EXPECT_TRUE(refusal.says("an encoded surrogate at byte 2")) << refusal.message;
  }
}

TEST(Utf8, WhatLiesBeyondUnicodeIsRefused) {
  EXPECT_TRUE(refusal_of("\xF4\x90\x80\x80").says("beyond U+10FFFF at byte 0"));
  EXPECT_TRUE(refusal_of("\xF5\x80\x80\x80").says("a byte that UTF-8 never uses at byte 0"));
  EXPECT_TRUE(refusal_of("a\xFF").says("a byte that UTF-8 never uses at byte 1"));
  EXPECT_EQ(refusal_of("\xF4\x8F\xBF\xBF").code, ErrorCode::ok);
}

TEST(Utf8, SequencesThatBreakOffAreRefusedWhereTheyBegin) {
  EXPECT_TRUE(refusal_of("अ\xE0\xA4").says("breaks off at byte 3"));
  EXPECT_TRUE(refusal_of("अ\xE0").says("breaks off at byte 3"));
  EXPECT_TRUE(refusal_of("\xE0\xA4x").says("breaks off at byte 0"));
  EXPECT_TRUE(refusal_of("\xF0\x9F\x98").says("breaks off at byte 0"));
  EXPECT_TRUE(refusal_of("\xC3").says("breaks off at byte 0"));
  EXPECT_TRUE(refusal_of("x\x80").says("without a lead byte at byte 1"));
}

// All two-byte and all three-byte strings are judged as by a plain reading of the standard.
TEST(Utf8, EveryShortSequenceIsJudgedAsTheStandardJudgesIt) {
  const auto accepts = [](std::string_view bytes) {
    try {
      text::require_utf8(bytes);
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  int accepted = 0;
  for (int lead = 0xC0; lead < 0x100; ++lead) {
    for (int second = 0x70; second < 0xD0; ++second) {
      const std::string two{static_cast<char>(lead), static_cast<char>(second)};
      accepted += accepts(two) ? 1 : 0;
      accepted += accepts(two + '\x80') ? 1 : 0;
      accepted += accepts(two + "\xBF\x80") ? 1 : 0;
    }
  }
  // Two bytes: 30 leads x 64. Three: 15 leads x 64, less 32 overlong and 32 surrogates; four: 16 of
  // 64 seconds are overlong under F0, 48 are beyond under F4. A two-byte form followed by a stray
  // continuation byte is wrong.
  EXPECT_EQ(accepted, 30 * 64 + (16 * 64 - 32 - 32) + (5 * 64 - 16 - 48));
}

TEST(Utf8, CodePointsAreCountedNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("नमस्ते"), 6U);
  EXPECT_EQ(count_code_points("a\xF0\x9F\x98\x80z"), 3U);
}

}  // namespace
}  // namespace bhashatts
