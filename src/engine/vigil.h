// The twin of Flight::wait() that holds no thread: waits for a flight until a deadline or a stop,
// then calls. Everything that can race (landing, deadline, stop) races here and nowhere else: what
// is called is called once, and goes on as if it were alone.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "engine/alarms.h"
#include "engine/flights.h"
#include "engine/workers.h"

namespace bhashatts::engine {

struct Patience {
  Alarms::Time until;
  std::stop_token stop;
  std::chrono::milliseconds hint;  // to those whose time is up
};

class Vigil : public std::enable_shared_from_this<Vigil> {
 public:
  // Null: the flight has landed, get() tells what it brought. Called on the landing thread, on that
  // of the alarms, or at once on this one; must be short and must not raise.
  using Then = std::function<void(const Error* gave_up)>;

  Vigil(Alarms& alarms, Patience patience, Then then);

  template <typename Result>
  void keep(Flight<Result>& flight) noexcept {
    try {
      arm();
      flight.when_landed([self = shared_from_this()] { self->end(nullptr); });
    } catch (...) {  // no memory, or no thread for the alarms
      const Error error = error_in_flight();
      end(&error);
    }
  }

 private:
  struct Hasten {
    Alarms& alarms;
    Alarms::Id id;
    void operator()() const { alarms.hasten(id); }
  };
  void arm();
  void give_up();
  void end(const Error* gave_up);

  Alarms& alarms_;
  const Patience patience_;
  const Alarms::Id alarm_;
  std::optional<std::stop_callback<Hasten>> on_stop_;
  std::atomic<bool> over_{false};
  Then then_;
};

template <typename Result>
void keep_vigil(Alarms& alarms, Flight<Result>& flight, Patience patience, Vigil::Then then) {
  std::make_shared<Vigil>(alarms, std::move(patience), std::move(then))->keep(flight);
}

}  // namespace bhashatts::engine
