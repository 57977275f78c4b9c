#include "tests/cli/command_run.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace bhashatts::testing {
namespace {

// posix_spawn wants char* that it does not change.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& string : strings) all.push_back(string.data());
  all.push_back(nullptr);
  return all;
}

// The three streams are files, so that neither side can block the other.
class Streams {
 public:
  Streams(const std::string& in, const std::string& out, const std::string& err) {
    constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, in.c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, out.c_str(), kWrite, 0600);
    ::posix_spawn_file_actions_addopen(&actions_, 2, err.c_str(), kWrite, 0600);
  }
  ~Streams() { ::posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

nlohmann::json Outcome::json() const {
  const auto parsed = nlohmann::json::parse(out, nullptr, false);
  EXPECT_TRUE(parsed.is_object()) << "standard output: " << out << "\nstandard error: " << err;
  EXPECT_TRUE(out.ends_with('\n') && out.find('\n') == out.size() - 1) << out;
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

Outcome Command::run(const std::vector<std::string>& arguments, const std::string& input) {
  return finish(start(arguments, input));
}

pid_t Command::start(const std::vector<std::string>& arguments, const std::string& input) {
  const Streams streams(file("in", input), path("out"), path("err"));
  std::vector<std::string> line{BHASHATTS_COMMAND};
  line.insert(line.end(), arguments.begin(), arguments.end());
  auto environment = whole_environment();
  pid_t child = -1;
  const int failed = ::posix_spawn(&child, BHASHATTS_COMMAND, streams.get(), nullptr,
                                   pointers(line).data(), pointers(environment).data());
  EXPECT_EQ(failed, 0);
  return child;
}

Outcome Command::finish(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, content("out"), content("err")};
}

std::vector<std::string> Command::whole_environment() const {
  std::vector<std::string> all{"BHASHATTS_DATA_DIR=" + data_dir(), "HOME=" + path(""), "LANG=C"};
  for (const char* kept : {"PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS",
                           "UBSAN_OPTIONS", "LSAN_OPTIONS", "TMPDIR"}) {
    if (const char* value = std::getenv(kept)) all.push_back(std::string(kept) + "=" + value);
  }
  all.insert(all.end(), environment_.begin(), environment_.end());
  return all;
}

std::string Command::file(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
  return path(name);
}

std::string Command::content(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace bhashatts::testing
