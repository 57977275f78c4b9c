#include "net/secrets.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::net {
namespace {

using testing::raised;

TEST(CheckedToken, IsTrimmed) {
  EXPECT_EQ(checked_token(" \thf_abc\r\n", "HUGGINGFACE_API_TOKEN"), "hf_abc");
  EXPECT_EQ(checked_token("", "X"), "");
  EXPECT_EQ(checked_token(" \n", "X"), "");
  EXPECT_EQ(checked_token(std::string(4'096, 'a'), "X").size(), 4'096U);
}

TEST(CheckedToken, IsRefusedByTheNameOfItsSetting) {
  for (const std::string& token :
       {std::string("hf_a b"), std::string("hf_a\nb"), std::string("hf_a\0b", 6),
        std::string("hf_a\xC3\xA9"), std::string("hf_a\x7F"), std::string("Bearer hf_a"),
        std::string("BEARER hf_a"), std::string(4'097, 'a')}) {
    const std::string message = raised(
        ErrorCode::config_invalid, [&] { static_cast<void>(checked_token(token, "MY_TOKEN")); });
    EXPECT_NE(message.find("MY_TOKEN"), std::string::npos);
    EXPECT_EQ(message.find("hf_a"), std::string::npos);
  }
}

TEST(Redacted, HidesTheSecretWhereverItStands) {
  EXPECT_EQ(redacted("key s3cret! and s3cret!", "s3cret!"), "key *** and ***");
  EXPECT_EQ(redacted("https://s3cret!.example/", "s3cret!"), "https://***.example/***");
  EXPECT_EQ(redacted("Bearer s3\"cret", "s3\"cret"), "Bearer ***");
  EXPECT_EQ(redacted("nothing", ""), "nothing");
}

TEST(Redacted, HidesWhatLooksLikeAToken) {
  EXPECT_EQ(redacted("token hf_AbCd1234, sk-proj-99.x.", ""), "token ***, ***");
  EXPECT_EQ(redacted("Authorization: bearer  abc\"", ""), "Authorization: bearer ***\"");
  EXPECT_EQ(redacted("uses hf_hub 0.29 at low risk-free cost", ""),
            "uses hf_hub 0.29 at low risk-free cost");
}

TEST(Redacted, LeavesOfAUrlWhereItLeads) {
  EXPECT_EQ(redacted("see https://host:8080/a/b?key=1#c now", ""), "see https://host:8080/*** now");
  EXPECT_EQ(redacted("http://user:word@host", ""), "http://***@host");
  EXPECT_EQ(redacted("\"url\":\"https://h/x\\\"y\"", ""), "\"url\":\"https://h/***\"y\"");
  EXPECT_EQ(redacted("redis://:pw@h:1/0 and a://b and ://x", ""),
            "redis://***@h:1/*** and a://b and ://x");
}

TEST(Redacted, IsOneLineOfValidText) {
  EXPECT_EQ(redacted("a\r\n\tb\x1B[31m\x7F", ""), "a   b [31m ");
  EXPECT_EQ(redacted("\xC2\x85"
                     "\xFFनमस्ते\xE0\xA4",
                     ""),
            " ?नमस्ते??");
  EXPECT_EQ(redacted("\xC0\x80\xED\xA0\x80\xF4\x90\x80\x80", ""), "?????????");
}

TEST(Redacted, IsCutAtACharacter) {
  EXPECT_EQ(redacted(std::string(1'000, 'x'), "").size(), 300U);
  EXPECT_EQ(redacted("नमस्ते", "", 8), "नम");
  EXPECT_EQ(redacted("abc hf_secret", "", 5), "abc ");
  EXPECT_EQ(redacted("abc", "", 0), "");
}

TEST(Redacted, ShowsNoHalfOfASecretAtTheEndOfWhatItReads) {
  const std::string secret(2'000, 's');
  std::string text;
  while (text.size() < 65'000) text += secret;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string shown = redacted(std::string(shift, '-') + text + secret + secret, secret);
    EXPECT_EQ(shown.find('s'), std::string::npos);
  }
}

}  // namespace
}  // namespace bhashatts::net
