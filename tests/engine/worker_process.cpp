#include "tests/engine/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bhashatts::testing {
namespace {

using std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    read = UniqueFd(ends[0]);
    write = UniqueFd(ends[1]);
  }
  UniqueFd read;
  UniqueFd write;
};

pid_t spawn(std::vector<std::string>& arguments, int in, int out) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t pid = -1;
  const int rc = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (rc != 0) throw std::runtime_error("cannot start " + arguments[0]);
  return pid;
}

}  // namespace

std::optional<Acknowledgement> acknowledgement(const std::string& line) {
  std::istringstream in(line);
  std::string kind;
  Acknowledgement ack;
  in >> kind >> ack.text_id >> ack.cache_key >> ack.audio_hash >> ack.take >> ack.origin >> std::ws;
  std::getline(in, ack.text);
  return in && kind == "ok" ? std::optional(ack) : std::nullopt;
}

WorkerProcess::WorkerProcess(std::vector<std::string> arguments) {
  static const bool ignored = ::signal(SIGPIPE, SIG_IGN) != SIG_ERR;
  static_cast<void>(ignored);
  arguments.insert(arguments.begin(), BHASHATTS_TEST_WORKER);
  Pipe in;
  Pipe out;
  pid_ = spawn(arguments, in.read.get(), out.write.get());
  in_ = std::move(in.write);
  out_ = std::move(out.read);
}

WorkerProcess::~WorkerProcess() {
  if (pid_ > 0) kill();
}

void WorkerProcess::send(const std::string& command) {
  const std::string line = command + '\n';
  if (::write(in_.get(), line.data(), line.size()) < 0 && errno != EPIPE) {
    throw std::runtime_error("cannot write to the worker");
  }
}

std::optional<std::string> WorkerProcess::line(std::chrono::milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      std::string first = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return first;
    }
    if (!fill(until)) return std::nullopt;
  }
}

bool WorkerProcess::fill(steady_clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
  pollfd waiting{out_.get(), POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) {
    return false;
  }
  std::array<char, 65'536> bytes;
  const ssize_t got = ::read(out_.get(), bytes.data(), bytes.size());
  if (got <= 0) return false;
  pending_.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<Acknowledgement> WorkerProcess::ask(const std::string& command) {
  send(command);
  return acknowledgement(answer());
}

std::vector<std::string> WorkerProcess::rest() {
  std::vector<std::string> lines;
  while (auto one = line()) lines.push_back(std::move(*one));
  return lines;
}

void WorkerProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

bool WorkerProcess::await_stop() {
  int status = 0;
  while (::waitpid(pid_, &status, WUNTRACED) < 0 && errno == EINTR) {
  }
  if (WIFSTOPPED(status)) return true;
  pid_ = -1;
  return false;
}

int WorkerProcess::kill() {
  signal(SIGKILL);
  return wait();
}

int WorkerProcess::end() {
  in_.reset();
  return wait();
}

int WorkerProcess::wait() {
  if (pid_ <= 0) return 0;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

EndsProcess::~EndsProcess() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

}  // namespace bhashatts::testing
