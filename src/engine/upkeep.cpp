#include "engine/upkeep.h"

#include <exception>
#include <utility>

#include "base/clock.h"
#include "base/inside.h"
#include "base/log.h"
#include "engine/sweep.h"

namespace bhashatts::engine {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view kComponent = "upkeep";
constexpr auto kTurn = std::chrono::seconds(1);      // most usage that a crash may lose
constexpr auto kSweepEvery = std::chrono::hours(1);  // expired entries, old events
constexpr std::size_t kMostUnwritten = 100'000;      // rows kept while the catalog refuses them
constexpr std::size_t kEventBatch = 1'000;
// Offset in the lock file: one process of the host serves the observers at a time. Keys are hashes
// of 62 bits; that one of them is this number will not happen.
constexpr std::uint64_t kObserverLock = 1;

}  // namespace

void Upkeep::start() {
  if (!rooms_.data.read_only()) thread_ = std::thread([this] { run(); });
}

void Upkeep::wake() {
  {
    MutexLock lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

void Upkeep::run() {
  while (wait_for_turn()) turn();
}

bool Upkeep::wait_for_turn() {
  const auto until = steady_clock::now() + kTurn;
  MutexLock lock(mutex_);
  while (!stopping_ && !woken_) {
    if (!changed_.wait_until(mutex_, until)) break;
  }
  woken_ = false;
  return !stopping_;
}

void Upkeep::turn() {
  MutexLock lock(work_);
  const Inside inside(this);
  try {
    sweep_if_due();  // first: who died may have died of a damaged catalog
  } catch (const std::exception& error) {
    log(LogLevel::error, kComponent, error.what());
  }
  try {
    write_usage();
    serve_observers();
  } catch (const std::exception& error) {
    log(LogLevel::error, kComponent, error.what());
  }
}

void Upkeep::flush() {
  if (rooms_.data.read_only()) return;
  if (Inside::of(this)) return flush_inside();
  turn();
}

void Upkeep::stop() {
  {
    MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  if (rooms_.data.read_only()) return;
  MutexLock lock(work_);
  const Inside inside(this);
  try {
    write_usage();
    serve_observers();
  } catch (const std::exception& error) {
    log(LogLevel::error, kComponent, error.what());
  }
  // A forked child often ends by _exit and never comes to the destructors; taken for dead, it would
  // have the next process walk the whole store.
  rooms_.presence.reset();
}

void Upkeep::write_usage() {
  for (PendingUsage& pending : usage_.take()) {
    if (!pending.row.story_id.empty()) keep_page(pending);
    // What is loved is hit in memory, and must not look unwanted to the disk.
    if (pending.row.usage.origin == name(Origin::memory)) {
      rooms_.tiers->touch(pending.row.usage.speech_key);
    }
    unwritten_.push_back(std::move(pending.row));
  }
  if (unwritten_.empty()) return;
  try {
    rooms_.catalog->add_usage(unwritten_);
    unwritten_.clear();
  } catch (const Error& error) {
    log(LogLevel::error, kComponent, std::string("usage is not written: ") + error.what());
    if (unwritten_.size() > kMostUnwritten) unwritten_.clear();
  }
}

// A page that was hit in a tier has an object from now on, and a record if it had none.
void Upkeep::keep_page(const PendingUsage& pending) {
  const Key& key = pending.row.usage.speech_key;
  try {
    const auto known = rooms_.catalog->speech(key);
    if (known && !known->record.blob_name.empty()) return;
    const auto hit = rooms_.tiers->get(key, rooms_.generation->read());
    if (!hit || key != pending.plan->speech_key) return;
    std::vector<Key> utterances;
    for (const Utterance& one : pending.plan->utterances) {
      // Adopts the master of a catalog that was lost; a text that was forgotten has none.
      if (!rooms_.catalog->utterance(one.key) && !rooms_.shelf->find_master(one.key, {})) return;
      utterances.push_back(one.key);
    }
    rooms_.catalog->put_speech(speech_entry(*hit->entry.metadata, pending.plan->text,
                                            std::move(utterances),
                                            rooms_.shelf->keep_speech(hit->entry)));
  } catch (const Error& error) {
    log(LogLevel::error, kComponent, std::string("a page is not kept: ") + error.what());
  }
}

void Upkeep::serve_observers() {
  if (rooms_.sinks.empty()) return;
  const auto lock = rooms_.locks->try_lock(kObserverLock);
  if (!lock) return;
  for (const auto& sink : rooms_.sinks) serve(*sink);
}

// The cursor moves only when deliver() has returned: at least once, never lost.
void Upkeep::serve(EventSink& sink) {
  try {
    for (;;) {
      const auto events =
          rooms_.catalog->events_after(rooms_.catalog->cursor(sink.name()), kEventBatch);
      if (events.empty()) return;
      sink.deliver(events);
      rooms_.catalog->set_cursor(sink.name(), events.back().id);
    }
  } catch (const std::exception& error) {
    log(LogLevel::warning, kComponent, "observer " + sink.name() + ": " + error.what());
  } catch (...) {
    log(LogLevel::warning, kComponent, "observer " + sink.name() + " raised no exception");
  }
}

// At opening only when somebody died here, later every hour, and whenever an index was begun anew.
void Upkeep::sweep_if_due() {
  if (!rooms_.presence) return;  // stopped meanwhile
  const auto now = steady_clock::now();
  const bool opening = std::exchange(opening_, false);
  if (opening) next_sweep_ = now + kSweepEvery;
  if (opening && (rooms_.presence->somebody_died() || rooms_.catalog->was_damaged())) {
    sweep_after_crash(rooms_);
  } else if (now >= next_sweep_ || rooms_.tiers->needs_sweep()) {
    next_sweep_ = now + kSweepEvery;
    sweep_routine(rooms_);
  } else if (opening) {
    sweep_ledger(rooms_);
  }
}

}  // namespace bhashatts::engine
