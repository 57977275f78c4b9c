#include "synth/address.h"

#include <gtest/gtest.h>

#include "tests/support/raised.h"

namespace bhashatts::synth {
namespace {

using testing::raised;

constexpr std::string_view kSetting = "BHASHATTS_ENDPOINT_URL";

TEST(Address, IsKeptAsItWasWritten) {
  EXPECT_EQ(checked_address("https://H.example/a%20b?c=d", kSetting).text(),
            "https://H.example/a%20b?c=d");
  EXPECT_EQ(host_of(checked_address("https://H.example:99/", kSetting)), "h.example");
  EXPECT_EQ(root_of(checked_address("https://h/a//?c=/d/", kSetting)), "https://h/a");
  EXPECT_EQ(root_of(checked_address("http://h", kSetting)), "http://h");
}

TEST(Address, IsRefusedWhereItIsNoneOrHoldsAUser) {
  for (const std::string_view bad :
       {"", "h", "ftp://h/", "file:///etc/passwd", "https://", "https://user:word@h/",
        "https://hf_token@h/", "https://h/a b", "https://h/\r\nX: y", "javascript:1"}) {
    raised(ErrorCode::config_invalid, [&] { checked_address(bad, kSetting); });
  }
  const std::string message = raised(
      ErrorCode::config_invalid, [] { checked_address("https://hf_token@h/secret", kSetting); });
  EXPECT_NE(message.find(kSetting), std::string::npos);
  EXPECT_EQ(message.find("secret"), std::string::npos);
  EXPECT_NO_THROW(checked_address("https://h/a?mail=b@c", kSetting));
}

TEST(Address, HasItsPathEscaped) {
  EXPECT_EQ(escaped_path("/tmp/gradio/a-b_c.wav"), "/tmp/gradio/a-b_c.wav");
  EXPECT_EQ(escaped_path("/a b?c#d%\n"), "/a%20b%3Fc%23d%25%0A");
  EXPECT_EQ(escaped_path("क"), "%E0%A4%95");
}

}  // namespace
}  // namespace bhashatts::synth
