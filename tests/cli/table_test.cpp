#include "cli/table.h"

#include <gtest/gtest.h>

namespace bhashatts::cli {
namespace {

TEST(Table, AlignsByColumnsNotBytes) {
  Table table;
  table.row({"घर", "1"}).row({"house", "2"});
  EXPECT_EQ(table.text(), "घर     1\nhouse  2\n");
}

TEST(Table, WrapsItsLastColumnAtWords) {
  Table table(" ");
  table.row({"a", "one two three four five six"});
  EXPECT_EQ(table.text(26), " a  one two three four\n    five six\n");
}

TEST(Table, DoesNotWrapWithoutAWidth) {
  Table table;
  table.row({"a", std::string(500, 'x') + " y"});
  EXPECT_EQ(table.text(), "a  " + std::string(500, 'x') + " y\n");
}

TEST(Table, AWordLongerThanTheLineStaysWhole) {
  EXPECT_EQ(wrapped("a bbbbbbbb c", 4), (std::vector<std::string>{"a", "bbbbbbbb", "c"}));
  EXPECT_EQ(wrapped("", 4), (std::vector<std::string>{""}));
}

}  // namespace
}  // namespace bhashatts::cli
