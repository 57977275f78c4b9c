// The rounds of our Redis client, or of hiredis, for redis_bench.py: redis_rounds ours|hiredis
// PORT.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "benchmarks/redis_rivals.h"
#include "benchmarks/rounds.h"

namespace {

using bhashatts::bench::Hiredis;
using bhashatts::bench::Ours;
using bhashatts::bench::Round;

// As a program with threads keeps them: one connection of each call in flight.
class HiredisPool {
 public:
  explicit HiredisPool(std::uint16_t port) : port_(port) {}
  template <typename Use>
  void with(const Use& use) {
    auto client = take();
    use(*client);
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(client));
  }

 private:
  std::unique_ptr<Hiredis> take() {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return std::make_unique<Hiredis>(port_);
    auto client = std::move(idle_.back());
    idle_.pop_back();
    return client;
  }

  const std::uint16_t port_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Hiredis>> idle_;
};

// 16 values, so that the database stays small.
template <typename Client>
void make_call(Client& client, const Round& round, int call) {
  const std::string name = round.name(call % 16);
  round.writes() ? client.set(name, round.value.chars()) : client.get(name, round.bytes);
}

int serve(std::string_view who, const std::string& port) {
  if (who == "ours") {
    Ours ours("redis://127.0.0.1:" + port);
    bhashatts::bench::serve_rounds(
        [&](const Round& round, int call) { make_call(ours, round, call); });
  } else {
    HiredisPool pool(static_cast<std::uint16_t>(std::stoi(port)));
    bhashatts::bench::serve_rounds([&](const Round& round, int call) {
      pool.with([&](Hiredis& theirs) { make_call(theirs, round, call); });
    });
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  try {
    return serve(words[1], words[2]);
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    return 1;
  }
}
