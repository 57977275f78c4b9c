#include "engine/speech_job.h"

#include <algorithm>
#include <new>
#include <random>
#include <utility>

#include "base/log.h"
#include "engine/assemble.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "speech";

}  // namespace

SpeechJob::SpeechJob(Rooms& rooms, Flights& flights, std::shared_ptr<Flight> flight, PlanPtr plan,
                     bool page)
    : rooms_(rooms),
      flights_(flights),
      flight_(std::move(flight)),
      flight_key_(plan->speech_key),
      plan_(std::move(plan)),
      page_(page),
      maker_(rooms) {}

std::optional<std::chrono::milliseconds> SpeechJob::run(const std::stop_token& stop) noexcept {
  try {
    return step(stop);
  } catch (const Error& error) {
    fail(error);
  } catch (const std::bad_alloc&) {
    fail(Error(ErrorCode::out_of_memory, "out of memory", true));
  } catch (const std::exception& error) {
    fail(Error(ErrorCode::internal, error.what()));
  } catch (...) {
    fail(Error(ErrorCode::internal, "something that is no exception was raised"));
  }
  return std::nullopt;
}

void SpeechJob::abandon() noexcept {
  fail(Error(ErrorCode::closed, "the engine was closed before this speech was begun", true));
}

SpeechJob::Later SpeechJob::step(const std::stop_token& stop) {
  if (plan_->generation != rooms_.generation->read())
    plan_ = rooms_.planner(*plan_).plan_again(*plan_);
  if (found_ready()) return std::nullopt;
  const auto lock = rooms_.locks->try_lock(std::hash<Key>{}(plan_->speech_key));
  if (!lock) return come_back();
  return make_missing(stop);
}

// Another process may have been faster.
bool SpeechJob::found_ready() {
  if (auto hit = rooms_.tiers->get(plan_->speech_key, plan_->generation)) {
    land(std::move(hit->entry), waits_ > 0 ? Origin::joined : hit->origin);
    return true;
  }
  if (auto kept = rooms_.shelf->find_speech(plan_->speech_key)) {
    rooms_.tiers->put(*kept, plan_->generation);
    land(std::move(*kept), waits_ > 0 ? Origin::joined : Origin::blob);
    return true;
  }
  return false;
}

SpeechJob::Later SpeechJob::make_missing(const std::stop_token& stop) {
  const bool alone = plan_->utterances.size() == 1;
  std::optional<CacheEntry> committed;  // with its master, in one commit
  const auto speech_of = [&](const Master& master) -> std::optional<catalog::SpeechEntry> {
    if (!alone) return std::nullopt;
    committed = assemble(plan_->speech_key, plan_->format, {&master, 1});
    return entry_of(*committed, page_);
  };
  std::vector<Master> masters;
  bool synthesized = false;
  bool kept = true;
  for (const Utterance& utterance : plan_->utterances) {
    auto made = maker_.make(*plan_, utterance, speech_of, stop);
    if (!made) return come_back();
    synthesized = synthesized || made->synthesized;
    kept = kept && made->kept;
    masters.push_back(std::move(made->master));
  }
  const CacheEntry speech =
      committed ? *committed : assemble(plan_->speech_key, plan_->format, masters);
  if (!committed && kept) record_derived(speech);
  rooms_.tiers->put(speech, plan_->generation);
  land(speech, synthesized ? Origin::synthesized : waits_ > 0 ? Origin::joined : Origin::blob);
  return std::nullopt;
}

// The object is there before the record that names it.
catalog::SpeechEntry SpeechJob::entry_of(const CacheEntry& speech, bool with_object) {
  std::vector<Key> utterances;
  for (const Utterance& one : plan_->utterances) utterances.push_back(one.key);
  std::string object;
  if (with_object) {
    try {
      object = rooms_.shelf->keep_speech(speech);
    } catch (const Error& error) {
      log(LogLevel::error, kComponent, std::string("the page has no object: ") + error.what());
    }
  }
  return speech_entry(*speech.metadata, plan_->text, std::move(utterances), std::move(object));
}

// A derived speech costs nothing, so that it cannot be recorded does not fail the request.
void SpeechJob::record_derived(const CacheEntry& speech) {
  try {
    const auto known = rooms_.catalog->speech(plan_->speech_key);
    const bool with_object = page_ || (known && !known->record.blob_name.empty());
    const auto entry = entry_of(speech, with_object);
    if (known && known->record.blob_name == entry.record.blob_name &&
        known->record.metadata.checksum == entry.record.metadata.checksum) {
      return;
    }
    rooms_.catalog->put_speech(entry);
  } catch (const Error& error) {
    log(LogLevel::error, kComponent, std::string("speech was not recorded: ") + error.what());
  }
}

void SpeechJob::land(CacheEntry speech, Origin origin) {
  flights_.leave(flight_key_);
  flight_->complete({std::move(speech), origin});
}

void SpeechJob::fail(const Error& error) noexcept {
  flights_.leave(flight_key_);
  flight_->fail(error);
}

// 2, 4, ... 64 ms, each between half and all of it, so that waiting processes do not come in step.
SpeechJob::Later SpeechJob::come_back() {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int most = 2 << std::min(waits_, 5);
  ++waits_;
  return std::chrono::milliseconds(std::uniform_int_distribution<int>(most / 2, most)(random));
}

}  // namespace bhashatts::engine
