#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "base/fd.h"

namespace bhashatts::testing {
namespace {

constexpr std::chrono::seconds kPatience{20};

bool answers(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return false;
  }
  char reply = 0;
  return ::send(fd.get(), "PING\r\n", 6, MSG_NOSIGNAL) == 6 && ::read(fd.get(), &reply, 1) == 1;
}

// Between fork and exec of a program that may have threads: nothing but system calls.
[[noreturn]] void become(char* const* words, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const int nothing = ::open("/dev/null", O_RDWR);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  ::execvp(words[0], words);
  ::_exit(127);
}

}  // namespace

std::uint16_t free_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd.get(), general, size) != 0 || ::getsockname(fd.get(), general, &size) != 0) {
    throw std::runtime_error("no free port");
  }
  return ntohs(address.sin_port);
}

RedisServer::RedisServer(std::vector<std::string> settings, std::vector<std::string> tls)
    : port_(free_port()), tls_port_(tls.empty() ? std::uint16_t{0} : free_port()) {
  words_ = {"redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            std::to_string(port_),
            "--unixsocket",
            socket(),
            "--dir",
            directory_.path().string(),
            "--save",
            "",
            "--appendonly",
            "no",
            "--loglevel",
            "warning"};
  words_.insert(words_.end(), settings.begin(), settings.end());
  if (!tls.empty()) {
    tls.insert(tls.end(), {"--tls-port", std::to_string(tls_port_), "--tls-auth-clients", "no"});
    words_.insert(words_.end(), tls.begin(), tls.end());
  }
  start();
}

RedisServer::~RedisServer() { kill(); }

std::string RedisServer::url(const std::string& rest) const {
  return "redis://127.0.0.1:" + std::to_string(port_) + rest;
}

std::string RedisServer::tls_url(const std::string& host) const {
  return "rediss://" + host + ":" + std::to_string(tls_port_);
}

void RedisServer::pause() const { ::kill(pid_, SIGSTOP); }
void RedisServer::resume() const { ::kill(pid_, SIGCONT); }

void RedisServer::kill() {
  if (pid_ <= 0) return;
  const pid_t pid = std::exchange(pid_, 0);
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void RedisServer::start() {
  std::vector<char*> words;
  for (std::string& word : words_) words.push_back(word.data());
  words.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(words.data(), parent);
  wait_until_it_answers();
}

void RedisServer::wait_until_it_answers() const {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!answers(socket())) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_ || std::chrono::steady_clock::now() > give_up) {
      throw std::runtime_error("redis-server does not start; is it installed?");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace bhashatts::testing
