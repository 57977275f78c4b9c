#include "tests/hosts/s3_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "net/http_client.h"
#include "tests/support/redis_server.h"

namespace bhashatts::testing {
namespace {

constexpr const char* kProgram = "BHASHATTS_S3_PROGRAM";
constexpr auto kPatience = std::chrono::seconds(20);

// It wants extended attributes, which not every temporary directory has: run.sh says where.
std::filesystem::path make_directory() {
  const char* place = std::getenv("BHASHATTS_S3_WORK");
  std::string pattern =
      (place != nullptr ? std::filesystem::path(place) : std::filesystem::temp_directory_path()) /
      "s3-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for the server");
  return pattern;
}

// Between fork and exec of a program that may have threads: nothing but system calls.
[[noreturn]] void become(char* const* words, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, fd);
  ::execv(words[0], words);
  ::_exit(127);
}

}  // namespace

bool S3Server::is_installed() { return std::getenv(kProgram) != nullptr; }

S3Server::S3Server()
    : directory_(make_directory()), port_(free_port()), transport_(net::make_http_client()) {
  store_ = make_s3_store(options("tales"), transport_);
  start();
  make_bucket("tales");
}

S3Server::~S3Server() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

blob::S3Options S3Server::options(const std::string& bucket) const {
  blob::S3Options options;
  options.endpoint = endpoint();
  options.bucket = bucket;
  options.access_key_id = kKey;
  options.secret_access_key = kSecret;
  return options;
}

void S3Server::kill() {
  if (pid_ <= 0) return;
  const pid_t pid = std::exchange(pid_, 0);
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void S3Server::start() {
  std::filesystem::create_directories(directory_ / "data");
  std::vector<std::string> words{std::getenv(kProgram),
                                 "--access",
                                 kKey,
                                 "--secret",
                                 kSecret,
                                 "--port",
                                 "127.0.0.1:" + std::to_string(port_),
                                 "--access-log",
                                 "/tmp/hosts-access.log",
                                 "--quiet",
                                 "posix",
                                 directory_ / "data"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(argv.data(), parent);
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    try {
      blob::S3Client(options("is-it-up"), transport_).send({.patience = {.max_attempts = 1}});
      return;
    } catch (const Error&) {
      if (std::chrono::steady_clock::now() > give_up) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
}

void S3Server::make_bucket(const std::string& name) {
  const auto reply = blob::S3Client(options(name), transport_).send({.method = "PUT"});
  if (reply.status != 200) throw std::runtime_error("no bucket: " + reply.body);
}

std::vector<std::string> S3Server::names(const std::string& prefix) {
  std::vector<std::string> all;
  store_->list(prefix, [&](const BlobInfo& info) {
    all.push_back(info.name);
    return true;
  });
  std::ranges::sort(all);
  return all;
}

std::vector<std::string> S3Server::masters(const std::string& name_space) {
  auto all = names(name_space + "audio/tts/");
  std::erase_if(all, [](const std::string& name) { return !name.ends_with(".flac"); });
  return all;
}

S3Server::Object S3Server::object(const std::string& name) {
  const auto reply =
      blob::S3Client(options("tales"), transport_).send({.method = "HEAD", .key = name});
  if (!reply.ok()) throw std::runtime_error(name + " is not in the bucket");
  return {name, std::string(reply.header("content-type")),
          std::string(reply.header("cache-control"))};
}

}  // namespace bhashatts::testing
