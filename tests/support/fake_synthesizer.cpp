#include "tests/support/fake_synthesizer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/fake_speech.h"

namespace bhashatts::testing {
namespace {

void put_number(std::string& bytes, std::uint32_t number, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(number >> (8 * i)));
}

std::string wav_header(std::uint32_t rate, std::uint32_t data_bytes) {
  std::string header = "RIFF";
  put_number(header, 36 + data_bytes, 4);
  header += "WAVEfmt ";
  put_number(header, 16, 4);
  put_number(header, 1, 2);  // PCM
  put_number(header, 1, 2);  // mono
  put_number(header, rate, 4);
  put_number(header, rate * 2, 4);
  put_number(header, 2, 2);
  put_number(header, 16, 2);
  header += "data";
  put_number(header, data_bytes, 4);
  return header;
}

std::string seed_of(const SynthesisRequest& request) {
  std::string seed;
  for (const auto part :
       {request.text, request.language, request.voice_style, request.description}) {
    seed += std::string(part) + '\n';
  }
  return seed + std::to_string(request.take);
}

std::string wav_of(const FakeSpeech& speech) {
  std::string bytes =
      wav_header(speech.rate, static_cast<std::uint32_t>(2 * speech.samples.size()));
  bytes.reserve(bytes.size() + 2 * speech.samples.size());
  for (const std::int16_t sample : speech.samples) {
    put_number(bytes, static_cast<std::uint16_t>(sample), 2);
  }
  return bytes;
}

void leave_mark(const std::filesystem::path& tally) {
  const int fd = ::open(tally.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0 || ::write(fd, ".", 1) != 1) std::abort();
  ::close(fd);
}

}  // namespace

std::string fake_wav(std::string_view text, std::size_t at_least) {
  return wav_of(fake_speech(text, text, at_least));
}

std::int64_t tallied(const std::filesystem::path& tally) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(tally, absent);
  return absent ? 0 : static_cast<std::int64_t>(size);
}

SynthesisResult FakeSynthesizer::synthesize(const SynthesisRequest& request) {
  enter(request);
  struct Leave {
    FakeSynthesizer& fake;
    ~Leave() {
      const std::lock_guard lock(fake.mutex_);
      --fake.at_once_;
    }
  } const leave{*this};
  wait_for_release(request);
  if (const Act act = next_act()) return act();
  return {.audio = SharedBytes::adopt(
              wav_of(fake_speech(request.text, seed_of(request), voice_.samples))),
          .compute_ms = voice_.compute_ms,
          .cost_micro_usd = voice_.cost_micro_usd};
}

void FakeSynthesizer::enter(const SynthesisRequest& request) {
  if (!voice_.tally.empty()) leave_mark(voice_.tally);
  {
    const std::lock_guard lock(mutex_);
    ++calls_;
    most_at_once_ = std::max(most_at_once_, ++at_once_);
    last_text_ = request.text;
  }
  changed_.notify_all();
}

void FakeSynthesizer::wait_for_release(const SynthesisRequest& request) {
  std::unique_lock lock(mutex_);
  const auto free = [&] { return !held_; };
  if (!voice_.heeds_stop) {
    changed_.wait(lock, free);
  } else if (!changed_.wait(lock, request.stop, free)) {
    throw Error(ErrorCode::cancelled, "the engine is closing", true);
  }
}

FakeSynthesizer::Act FakeSynthesizer::next_act() {
  const std::lock_guard lock(mutex_);
  if (acts_.empty()) return {};
  Act act = std::move(acts_.front());
  acts_.pop_front();
  return act;
}

SynthesizerStatus FakeSynthesizer::status() {
  const std::lock_guard lock(mutex_);
  return status_;
}

void FakeSynthesizer::set_status(SynthesizerStatus status) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

void FakeSynthesizer::fail_next(const Error& error, int calls) {
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < calls; ++i) {
    acts_.push_back([error]() -> SynthesisResult { throw Error(error); });
  }
}

void FakeSynthesizer::raise_nonsense_next() {
  const std::lock_guard lock(mutex_);
  acts_.push_back([]() -> SynthesisResult { throw 42; });
}

void FakeSynthesizer::raise_foreign_next() {
  const std::lock_guard lock(mutex_);
  acts_.push_back([]() -> SynthesisResult { throw std::runtime_error("the voice is hoarse"); });
}

void FakeSynthesizer::answer_next(std::string bytes) {
  const std::lock_guard lock(mutex_);
  acts_.push_back([this, bytes = std::move(bytes)] {
    return SynthesisResult{.audio = SharedBytes::adopt(bytes),
                           .compute_ms = voice_.compute_ms,
                           .cost_micro_usd = voice_.cost_micro_usd};
  });
}

void FakeSynthesizer::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void FakeSynthesizer::release() {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
  }
  changed_.notify_all();
}

void FakeSynthesizer::await_calls(int calls) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return calls_ >= calls; });
}

int FakeSynthesizer::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FakeSynthesizer::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_at_once_;
}

std::string FakeSynthesizer::last_text() const {
  const std::lock_guard lock(mutex_);
  return last_text_;
}

}  // namespace bhashatts::testing
