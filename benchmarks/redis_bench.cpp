// GET and SET of a page's audio (60 KB of Opus, 1 MB of WAV) beside hiredis, on the same server,
// over a Unix socket and over the loopback, in the same run: batches of both in turn, so that a
// slow second of the machine is both's. The counter `ratio` is our median over the rival's (the
// promise: at most 1), `cpu_ratio` the same of the processor's time that the client took.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "benchmarks/redis_rivals.h"
#include "tests/support/redis_server.h"

namespace {

using bhashatts::bench::Hiredis;
using bhashatts::bench::Ours;
using bhashatts::testing::RedisServer;

constexpr int kBatches = 61;

const RedisServer& server() {
  static const RedisServer started;
  return started;
}

Ours ours_at(bool local) { return Ours(local ? server().unix_url() : server().url()); }
Hiredis hiredis_at(bool local) {
  return local ? Hiredis(server().socket()) : Hiredis(server().port());
}

struct Cost {
  double us = 0;
  double cpu_us = 0;
};

double cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <typename Call>
Cost batch(const Call& one, int calls) {
  const double cpu = cpu_us();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) one();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return {took.count() / calls, (cpu_us() - cpu) / calls};
}

double median(const std::vector<Cost>& costs, double Cost::*what) {
  std::vector<double> values;
  for (const Cost& cost : costs) values.push_back(cost.*what);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <typename OurCall, typename TheirCall>
void compare(benchmark::State& state, const OurCall& our_call, const TheirCall& their_call) {
  for (auto _ : state) our_call();
  const int calls = state.range(1) > 500'000 ? 16 : 64;
  std::vector<Cost> ours;
  std::vector<Cost> theirs;
  for (int i = 0; i < kBatches; ++i) {
    ours.push_back(batch(our_call, calls));
    theirs.push_back(batch(their_call, calls));
  }
  state.counters["us"] = median(ours, &Cost::us);
  state.counters["hiredis_us"] = median(theirs, &Cost::us);
  state.counters["ratio"] = median(ours, &Cost::us) / median(theirs, &Cost::us);
  state.counters["cpu_ratio"] = median(ours, &Cost::cpu_us) / median(theirs, &Cost::cpu_us);
}

void get(benchmark::State& state) {
  const bool local = state.range(0) == 1;
  const auto size = static_cast<std::size_t>(state.range(1));
  Ours ours = ours_at(local);
  Hiredis theirs = hiredis_at(local);
  ours.set("value", std::string(size, 'a'));
  compare(
      state, [&] { ours.get("value", size); }, [&] { theirs.get("value", size); });
}

void set(benchmark::State& state) {
  const bool local = state.range(0) == 1;
  const std::string value(static_cast<std::size_t>(state.range(1)), 'a');
  Ours ours = ours_at(local);
  Hiredis theirs = hiredis_at(local);
  compare(
      state, [&] { ours.set("value", value); }, [&] { theirs.set("value", value); });
}

BENCHMARK(get)
    ->ArgNames({"unix", "bytes"})
    ->ArgsProduct({{0, 1}, {60'000, 1'000'000}})
    ->UseRealTime();
BENCHMARK(set)
    ->ArgNames({"unix", "bytes"})
    ->ArgsProduct({{0, 1}, {60'000, 1'000'000}})
    ->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
