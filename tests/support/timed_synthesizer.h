// A synthesizer whose calls take a time that a test lets pass: nothing waits for real.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "tests/support/fake_synthesizer.h"

namespace bhashatts::testing {

class TimedSynthesizer final : public Synthesizer {
 public:
  TimedSynthesizer(std::chrono::milliseconds each, std::int32_t concurrency)
      : each_(each), concurrency_(concurrency) {}

  std::string identity() const override { return "timed/voice@1"; }
  SynthesizerLimits limits() const override { return {.concurrency = concurrency_}; }
  SynthesizerStatus status() override { return {}; }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    std::unique_lock lock(mutex_);
    ++calls_;
    const auto ready = now_ + each_;
    ++busy_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return now_ >= ready; });
    return {.audio = SharedBytes::adopt(fake_wav(request.text, 2'000)), .compute_ms = 1};
  }

  // Lets time pass until the calls that are under way are done, once `calls` of them are. They
  // count as done at once, before their threads wake: else the next finish() might take a few of
  // these for its own.
  void finish(int calls) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return busy_ == calls; });
    now_ += each_;
    busy_ = 0;
    changed_.notify_all();
  }
  std::chrono::milliseconds now() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  int calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  const std::chrono::milliseconds each_;
  const std::int32_t concurrency_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::milliseconds now_{0};
  int busy_ = 0;
  int calls_ = 0;
};

}  // namespace bhashatts::testing
