#include "blob/object_name.h"

#include <gtest/gtest.h>

#include <string>

#include "bhashatts/error.h"

namespace bhashatts::blob {
namespace {

TEST(ObjectName, TakesNamesOfAudio) {
  EXPECT_TRUE(is_object_name("audio/tts/0123456789abcdef0123456789abcdef.flac"));
  EXPECT_TRUE(is_object_name("stage/audio/tts/k.wav"));
  EXPECT_TRUE(is_object_name("कहानी/एक.wav"));
  EXPECT_TRUE(is_object_name("a/.hidden/..b"));
  EXPECT_TRUE(is_object_name(std::string(255, 'a')));
}

TEST(ObjectName, RefusesWaysOutOfTheStore) {
  for (const char* bad : {"", "/", "/etc/passwd", "a//b", "a/", ".", "..", "../a", "a/../b",
                          "a/./b", "a/..", ".tmp", ".tmp/1-1"}) {
    EXPECT_FALSE(is_object_name(bad)) << bad;
    EXPECT_THROW(refuse_bad_name(bad), Error) << bad;
  }
}

TEST(ObjectName, RefusesControlCharactersAndEndlessNames) {
  EXPECT_FALSE(is_object_name(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_object_name("a\nb"));
  EXPECT_FALSE(is_object_name("a\x7f"));
  EXPECT_FALSE(is_object_name(std::string(256, 'a')));
  std::string deep = "a";
  while (deep.size() <= 1024) deep += "/a";
  EXPECT_FALSE(is_object_name(deep));
}

TEST(ObjectName, EncodesEverythingThatAUrlReserves) {
  EXPECT_EQ(percent_encoded("/a b/क?#%.wav"), "/a%20b/%E0%A4%95%3F%23%25.wav");
  EXPECT_EQ(percent_encoded("A-z_0.9~"), "A-z_0.9~");
}

}  // namespace
}  // namespace bhashatts::blob
