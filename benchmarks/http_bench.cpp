// What our client adds to a call, beside plain libcurl with one easy handle that is used again and
// again: the same request to the same server on the loopback, in the same run. The counter
// `overhead_us` is the promise (under 1,000), `ratio` our median over the rival's. The server is a
// process of its own, so that what it remembers of ten thousand requests is not taken for a leak of
// the client's. Client and server share one processor: on two, whether the other one sleeps when
// a packet comes makes 100 us of difference, seven times what is measured here.
#include <benchmark/benchmark.h>
#include <curl/curl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "tests/support/child.h"
#include "tests/support/loopback_server.h"

namespace {

namespace net = bhashatts::net;
using bhashatts::testing::Child;
using bhashatts::testing::LoopbackServer;
using bhashatts::testing::ReceivedRequest;
using bhashatts::testing::ScriptedReply;

constexpr std::string_view kBody = R"({"inputs":"text","parameters":{"description":"calm"}})";
constexpr int kFlatCalls = 10'000;

// Answers /N with N bytes for as long as the object lives.
class ServerProcess {
 public:
  ServerProcess() {
    if (::pipe(port_pipe_) == 0 && ::pipe(life_pipe_) == 0) {
      child_.emplace([this] { return serve(); });
    }
    ::close(port_pipe_[1]);
    ::close(life_pipe_[0]);
    if (::read(port_pipe_[0], &port_, sizeof port_) != sizeof port_) std::abort();
  }
  ~ServerProcess() {
    ::close(life_pipe_[1]);
    ::close(port_pipe_[0]);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::string url(std::int64_t size) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + std::to_string(size);
  }

 private:
  int serve() {
    ::close(life_pipe_[1]);
    const LoopbackServer server([](const ReceivedRequest& request) {
      return ScriptedReply::text(200, std::string(std::stoul(request.target.substr(1)), 'a'));
    });
    const std::uint16_t port = server.port();
    char end = 0;
    if (::write(port_pipe_[1], &port, sizeof port) != sizeof port) return 1;
    return static_cast<int>(::read(life_pipe_[0], &end, 1));
  }

  int port_pipe_[2] = {-1, -1};
  int life_pipe_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::optional<Child> child_;
};

const ServerProcess& server() {
  static const ServerProcess process;
  return process;
}

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

// The rival: what a careful program does with libcurl alone.
class PlainCurl {
 public:
  explicit PlainCurl(const std::string& url) {
    headers_.reset(curl_slist_append(headers_.release(), "Content-Type: application/json"));
    headers_.reset(curl_slist_append(headers_.release(), "Authorization: Bearer hf_secret"));
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDS, kBody.data());
    curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(kBody.size()));
    curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, 10'000L);
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, &append);
  }
  void call() {
    std::string body;
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, static_cast<void*>(&body));
    if (curl_easy_perform(easy_.get()) != CURLE_OK) std::abort();
    benchmark::DoNotOptimize(body.data());
  }

 private:
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{curl_easy_init(), &curl_easy_cleanup};
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr,
                                                                       &curl_slist_free_all};
};

void call(net::Transport& client, const std::string& url) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}};
  request.token = "hf_secret";
  request.body = kBody;
  request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const net::HttpReply reply = client.send(request);
  benchmark::DoNotOptimize(reply.body.data());
}

template <typename Call>
double batch_us(const Call& one, int calls) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) one();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count() / calls;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Batches of both in turn, so that a slow second of the machine is both's.
void overhead(benchmark::State& state) {
  const auto client = net::make_http_client();
  const std::string url = server().url(state.range(0));
  PlainCurl rival(url);
  for (auto _ : state) call(*client, url);
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int batch = 0; batch < 31; ++batch) {
    ours.push_back(batch_us([&] { call(*client, url); }, 64));
    theirs.push_back(batch_us([&] { rival.call(); }, 64));
  }
  state.counters["ours_us"] = median(ours);
  state.counters["curl_us"] = median(theirs);
  state.counters["overhead_us"] = median(ours) - median(theirs);
  state.counters["ratio"] = median(ours) / median(theirs);
}

void share_one_processor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

double resident_kib() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  statm >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'024;
}

void memory(benchmark::State& state) {
  const auto client = net::make_http_client();
  const std::string url = server().url(50'000);
  const auto calls = [&](int count) {
    for (int i = 0; i < count; ++i) call(*client, url);
  };
  calls(200);  // allocators and caches take what they take
  const double before = resident_kib();
  for (auto _ : state) calls(kFlatCalls);
  const double after = resident_kib();
  state.counters["rss_before_kib"] = before;
  state.counters["rss_after_kib"] = after;
  state.counters["rss_grown_kib"] = after - before;
}

}  // namespace

BENCHMARK(overhead)->Arg(100)->Arg(50'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(memory)->Iterations(1)->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
  share_one_processor();
  server();  // forks while there is one thread
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
