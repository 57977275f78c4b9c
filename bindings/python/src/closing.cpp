// Why there is a list of them: an engine that nobody holds any more may still be closing, and the
// interpreter must not end under its threads.
#include "closing.h"

#include <new>
#include <thread>
#include <utility>
#include <vector>

#include "lock.h"
#include "waiting.h"

namespace bhashatts::python {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kGrace{2000};

struct Begun {
  std::shared_future<void> over;
  steady_clock::time_point until;
};

std::vector<Begun>& begun() {
  static auto* const all =
      new PerProcess<std::vector<Begun>>([] { return std::make_unique<std::vector<Begun>>(); });
  return all->get();
}

bool is_over(const std::shared_future<void>& over) {
  return over.wait_for(milliseconds(0)) == std::future_status::ready;
}

void remember(const std::shared_future<void>& over, milliseconds drain) {
  std::erase_if(begun(), [](const Begun& one) { return is_over(one.over); });
  begun().push_back({over, steady_clock::now() + drain + kGrace});
}

// The thread lets go of the engine before it says that it is over. It is given it only once it
// runs: `engine` is then nothing; and still there if no thread can be started, which raises.
std::shared_future<void> closed_by_a_thread(std::shared_ptr<TtsEngine>& engine,
                                            milliseconds drain) {
  std::promise<std::shared_ptr<TtsEngine>> given;
  std::packaged_task<void()> close([taken = given.get_future(), drain]() mutable {
    const std::shared_ptr<TtsEngine> held = taken.get();
    held->close(drain);
  });
  auto over = close.get_future().share();
  remember(over, drain);
  std::thread(std::move(close)).detach();
  given.set_value(std::move(engine));
  return over;
}

}  // namespace

void Closing::begin(std::shared_ptr<TtsEngine> engine, milliseconds drain) {
  std::shared_future<void>& over = over_.get();
  if (!over.valid()) over = closed_by_a_thread(engine, drain);
}

void Closing::wait() {
  const std::shared_future<void> over = over_.get();
  if (in_main_thread()) {
    const auto raised = heard_until([&](auto time) { return over.wait_for(time); });
    if (raised) std::rethrow_exception(raised);
  } else {
    const WithoutLock released;
    over.wait();
  }
  over.get();
}

void let_go(std::shared_ptr<TtsEngine> engine, milliseconds drain) noexcept {
  try {
    closed_by_a_thread(engine, drain);
  } catch (...) {  // it leaks
    static_cast<void>(new (std::nothrow) std::shared_ptr<TtsEngine>(engine));
  }
}

void wait_for_closings() {
  for (const Begun& one : std::vector(begun())) {
    const auto raised = heard_until([&](milliseconds time) {
      const bool late = steady_clock::now() >= one.until;
      return late ? std::future_status::ready : one.over.wait_for(time);
    });
    if (raised) std::rethrow_exception(raised);
  }
}

}  // namespace bhashatts::python
