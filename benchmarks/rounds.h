// Our half of a comparison with clients of other languages: rivals.py starts one process for each
// client, all beside the same server, and gives them the same rounds in turn. A round is one line
// on standard input, "GET 50000 8 400 r1" (operation, bytes, calls in flight, calls, what the names
// begin with); what it cost is one line of JSON on standard output.
//
// Each in flight is a thread that makes one call after the other, for that is how an engine calls.
//
// Thread rule: one thread; the Call is made from all that are in flight.
#pragma once

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bhashatts/bytes.h"

namespace bhashatts::bench {

struct Round {
  std::string operation;
  std::size_t bytes = 0;
  int in_flight = 1;
  int calls = 0;
  std::string prefix;
  SharedBytes value;  // of that many bytes, where it writes

  std::string name(int call) const { return prefix + "-" + std::to_string(call); }
  bool writes() const { return operation != "GET"; }
};

using Call = std::function<void(const Round&, int call)>;

inline double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// Microseconds of each call.
inline std::vector<double> run(const Round& round, const Call& call) {
  std::vector<double> us(static_cast<std::size_t>(round.calls));
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int i = next++; i < round.calls; i = next++) {
      const auto start = std::chrono::steady_clock::now();
      call(round, i);
      const std::chrono::duration<double, std::micro> took =
          std::chrono::steady_clock::now() - start;
      us[static_cast<std::size_t>(i)] = took.count();
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 1; i < round.in_flight; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // waits
  return us;
}

inline void report(const std::vector<double>& us, double wall, double cpu) {
  std::cout << R"({"wall_s":)" << wall << R"(,"cpu_s":)" << cpu << R"(,"us":[)";
  for (std::size_t i = 0; i < us.size(); ++i) std::cout << (i > 0 ? "," : "") << us[i];
  std::cout << "]}" << std::endl;
}

// Until standard input ends.
inline void serve_rounds(const Call& call) {
  std::string line;
  while (std::getline(std::cin, line)) {
    Round round;
    std::istringstream(line) >> round.operation >> round.bytes >> round.in_flight >> round.calls >>
        round.prefix;
    if (round.writes()) round.value = SharedBytes::adopt(std::string(round.bytes, 'a'));
    const double cpu = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    const std::vector<double> us = run(round, call);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    report(us, wall.count(), cpu_seconds() - cpu);
  }
}

}  // namespace bhashatts::bench
