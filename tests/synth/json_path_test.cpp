#include "synth/json_path.h"

#include <gtest/gtest.h>

#include "synth/base64.h"
#include "tests/support/raised.h"

namespace bhashatts::synth {
namespace {

using testing::raised;

TEST(JsonPath, LeadsThroughObjectsAndLists) {
  const auto json = parse_json(R"({"output":[{"audio":"x"},{"audio":"y"}],"a.b":1})");
  ASSERT_TRUE(json);
  EXPECT_EQ(*find_path(*json, "output.1.audio"), "y");
  EXPECT_EQ(find_path(*json, "output.2.audio"), nullptr);
  EXPECT_EQ(find_path(*json, "output.-1"), nullptr);
  EXPECT_EQ(find_path(*json, "output.audio"), nullptr);
  EXPECT_EQ(find_path(*json, "a.b"), nullptr);
}

TEST(JsonPath, MakesTheObjectsOnTheWay) {
  Json json = Json::object();
  put_path(json, "input.text", "x");
  put_path(json, "input.voice.description", "y");
  EXPECT_EQ(dumped(json), R"({"input":{"text":"x","voice":{"description":"y"}}})");
}

TEST(JsonPath, RefusesTwoThingsInOnePlace) {
  for (const std::string_view second : {"a", "a.b"}) {
    Json json = Json::object();
    put_path(json, "a", "x");
    raised(ErrorCode::config_invalid, [&] { put_path(json, second, "y"); });
  }
  Json json = Json::object();
  put_path(json, "a.b", "x");
  raised(ErrorCode::config_invalid, [&] { put_path(json, "a", "y"); });
}

TEST(JsonPath, RefusesOddNames) {
  for (const std::string& bad :
       {std::string(), std::string("."), std::string("a."), std::string(".a"), std::string("a..b"),
        std::string("a.b.c.d.e.f.g.h.i"), std::string(201, 'a')}) {
    raised(ErrorCode::config_invalid, [&] { require_path(bad, "BHASHATTS_TEXT_FIELD"); });
  }
  EXPECT_NO_THROW(require_path("parameters.description", "x"));
}

TEST(Json, IsReadWithinBounds) {
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')));
  EXPECT_FALSE(parse_json(std::string(33, '[') + std::string(33, ']')));
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
  EXPECT_TRUE(parse_json('"' + std::string(1'000, '[') + "\\\"" + std::string(99, '{') + '"'));
  std::string many = "[0";
  for (int i = 0; i < 10'000'001; ++i) many += ",0";
  EXPECT_FALSE(parse_json(many + ']'));
}

TEST(Json, RefusesWhatIsNone) {
  for (const std::string_view bad :
       {"", "{", "NaN", "[NaN]", "[Infinity]", "[1e999]", "{'a':1}", "[1,]", "\"\xFF\"", "{}{}"}) {
    EXPECT_FALSE(parse_json(bad)) << bad;
  }
}

TEST(Base64, ReadsBothAlphabetsWithAndWithoutPadding) {
  EXPECT_EQ(decode_base64("+/+/"), decode_base64("-_-_"));
  EXPECT_EQ(decode_base64("UklGRg=="), "RIFF");
  EXPECT_EQ(decode_base64("UklGRg"), "RIFF");
  EXPECT_EQ(decode_base64(" Ukl\r\nGRg =\t=\n"), "RIFF");
  EXPECT_EQ(decode_base64("UklGRkk="), "RIFFI");
  EXPECT_EQ(decode_base64(""), "");
}

TEST(Base64, RefusesWhatIsDamaged) {
  for (const std::string_view bad :
       {"U", "UklGR", "UklG=Rg=", "UklGRg===", "UklGRg=", "UklG*g=="}) {
    EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(decode_base64("क"), std::nullopt);
}

}  // namespace
}  // namespace bhashatts::synth
