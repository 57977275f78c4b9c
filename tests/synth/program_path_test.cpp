#include "synth/program_path.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/script.h"

namespace bhashatts::synth {
namespace {

class Path {
 public:
  explicit Path(const std::string& value) { ::setenv("PATH", value.c_str(), 1); }
  ~Path() { ::setenv("PATH", before_.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;

 private:
  std::string before_ = std::getenv("PATH");
};

TEST(ProgramPath, FindsWhatIsOnPath) {
  const testing::Script script("");
  const std::string directory = script.directory().path();
  const Path path("/nonexistent:" + directory + ":/usr/bin");
  EXPECT_EQ(find_program("program"), script.path());
  EXPECT_EQ(find_program("env"), "/usr/bin/env");
  EXPECT_EQ(find_program("no-such-program"), std::nullopt);
}

TEST(ProgramPath, TakesAPathAsItIs) {
  const testing::Script script("");
  EXPECT_EQ(find_program(script.path()), script.path());
  EXPECT_EQ(find_program(script.path() + "x"), std::nullopt);
  EXPECT_EQ(find_program("/usr/bin"), std::nullopt);
  EXPECT_EQ(find_program(""), std::nullopt);
}

TEST(ProgramPath, NeverLooksWhereTheHostHappensToStand) {
  const testing::Script script("");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(script.directory().path());
  for (const std::string value : {"", ":", ".", ":/nonexistent:", "./:"}) {
    const Path path(value);
    EXPECT_EQ(find_program("program"), std::nullopt) << value;
  }
  std::filesystem::current_path(before);
}

TEST(ProgramPath, PassesOverWhatCannotBeExecuted) {
  const testing::Script script("");
  std::filesystem::permissions(script.path(), std::filesystem::perms::owner_read);
  EXPECT_EQ(find_program(script.path()), std::nullopt);
}

}  // namespace
}  // namespace bhashatts::synth
