// An observer that writes down what it is told, and can refuse.
//
// Thread rule: any thread.
#pragma once

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "bhashatts/event_sink.h"

namespace bhashatts::testing {

class RecordingSink : public EventSink {
 public:
  explicit RecordingSink(std::string name = "mirror") : name_(std::move(name)) {}

  // The next deliveries raise, after they have seen the events: the worst moment.
  void refuse_next(int deliveries) {
    const std::lock_guard lock(mutex_);
    refusals_ = deliveries;
  }

  std::string name() const override { return name_; }
  void deliver(std::span<const Event> events) override {
    const std::lock_guard lock(mutex_);
    seen_.insert(seen_.end(), events.begin(), events.end());
    if (refusals_ > 0) {
      --refusals_;
      throw std::runtime_error("the host's database is down");
    }
    kept_.insert(kept_.end(), events.begin(), events.end());
  }

  // Of the deliveries that were accepted; and of all.
  std::vector<Event> kept() const { return copy(kept_); }
  std::vector<Event> seen() const { return copy(seen_); }
  std::vector<Event> kept(EventKind kind) const {
    std::vector<Event> events = kept();
    std::erase_if(events, [&](const Event& event) { return event.kind != kind; });
    return events;
  }

 private:
  std::vector<Event> copy(const std::vector<Event>& events) const {
    const std::lock_guard lock(mutex_);
    return events;
  }

  const std::string name_;
  mutable std::mutex mutex_;
  std::vector<Event> seen_;
  std::vector<Event> kept_;
  int refusals_ = 0;
};

}  // namespace bhashatts::testing
