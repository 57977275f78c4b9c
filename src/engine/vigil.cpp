#include "engine/vigil.h"

namespace bhashatts::engine {

Vigil::Vigil(Alarms& alarms, Patience patience, Then then)
    : alarms_(alarms),
      patience_(std::move(patience)),
      alarm_(alarms.next_id()),
      then_(std::move(then)) {}

// A stop only hastens the alarm: who stops may hold locks that what is called then wants. From the
// set() on, this may end on another thread, so the callback is complete before; a stop between the
// two finds no alarm yet, hence the second look.
void Vigil::arm() {
  on_stop_.emplace(patience_.stop, Hasten{alarms_, alarm_});
  alarms_.set(alarm_, patience_.until, [self = shared_from_this()] { self->give_up(); });
  if (patience_.stop.stop_requested()) alarms_.hasten(alarm_);
}

void Vigil::give_up() {
  const Error why =
      patience_.stop.stop_requested() ? left_flight() : late_for_flight(patience_.hint);
  end(&why);
}

// Whoever is first takes the rest down. Nobody holds a lock here, so it may wait for a stop that is
// just hastening the alarm.
void Vigil::end(const Error* gave_up) {
  if (over_.exchange(true)) return;
  alarms_.cancel(alarm_);
  on_stop_.reset();
  const Then then = std::exchange(then_, nullptr);
  then(gave_up);
}

}  // namespace bhashatts::engine
