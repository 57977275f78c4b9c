// JSON member by member says what a tree of nlohmann's says.
#include "base/json_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace bhashatts {
namespace {

std::string by_tree(const nlohmann::ordered_json& tree) {
  return tree.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

TEST(JsonText, ScalarsAreThoseOfATree) {
  for (const double number : {0.0, 0.000001, 0.00012, 1.5, 100000.0, 12345678.123456, 1e15, 1e16}) {
    EXPECT_EQ(json_text(number), by_tree(number));
  }
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{-7}, std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(json_text(number), by_tree(number));
  }
  const std::string nasty("a\"\\/\n\x01\x7f\0 \xE0\xA4\x95 \xff \xE0\xA4 \xED\xA0\x80", 22);
  EXPECT_EQ(json_text(nasty), by_tree(nasty));
  EXPECT_EQ(json_text(true), "true");
  EXPECT_EQ(json_text(std::optional<double>()), "null");
}

TEST(JsonText, ObjectsAndListsKeepTheirOrder) {
  const std::vector<std::string> names{"b", "a"};
  const std::string text = JsonObject()
                               .add("z", std::uint64_t{1})
                               .add("none", JsonObject())
                               .add("names", JsonList::of(names))
                               .add("empty", JsonList())
                               .add_text("a \"b\"", "[1]")
                               .text();
  EXPECT_EQ(text, R"({"z":1,"none":{},"names":["b","a"],"empty":[],"a \"b\"":[1]})");
  EXPECT_EQ(by_tree(nlohmann::ordered_json::parse(text)), text);
}

}  // namespace
}  // namespace bhashatts
