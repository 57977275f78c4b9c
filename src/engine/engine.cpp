// TtsEngine: a thin hand over Core, one Core for each process that uses it.
#include "bhashatts/engine.h"

#include <utility>

#include "base/per_process.h"
#include "engine/core.h"
#include "engine/import.h"
#include "engine/maintenance.h"
#include "engine/prewarm.h"
#include "engine/standing.h"
#include "engine/stream.h"

namespace bhashatts {

using engine::Core;

class TtsEngine::Handle {
 public:
  Handle(Config config, Parts parts)
      : config_(std::move(config)),
        parts_(std::move(parts)),
        core_([this] { return std::make_unique<Core>(engine::open_rooms(config_, parts_)); }) {
    config_ = core_.get().rooms().config;
  }

  // The core, where this process has it open; null elsewhere.
  Core* peek() { return closed_.load(std::memory_order_relaxed) ? nullptr : core_.peek(); }
  // Raises closed, or (in a forked child, on first use) what open raises.
  Core& core() {
    if (closed_.load(std::memory_order_relaxed))
      throw Error(ErrorCode::closed, "the engine was closed");
    return core_.get();
  }
  engine::Rooms& rooms() { return core().rooms(); }

  void close(std::chrono::milliseconds drain) {
    closed_.store(true, std::memory_order_relaxed);
    if (Core* core = core_.peek()) core->close(drain);
  }

  const Config& config() const { return config_; }

 private:
  Config config_;
  Parts parts_;
  std::atomic<bool> closed_{false};
  PerProcess<Core> core_;
};

TtsEngine::TtsEngine(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
TtsEngine::TtsEngine(TtsEngine&&) noexcept = default;
TtsEngine& TtsEngine::operator=(TtsEngine&&) noexcept = default;
TtsEngine::~TtsEngine() = default;

TtsEngine TtsEngine::open(Config config, Parts parts) {
  return TtsEngine(std::make_unique<Handle>(std::move(config), std::move(parts)));
}

Speech TtsEngine::synthesize(const SpeechRequest& request) {
  return handle_->core().synthesize(request);
}

void TtsEngine::synthesize_async(const SpeechRequest& request, OnSpeech done) {
  handle_->core().synthesize_async(request, std::move(done));
}

SpeechStream TtsEngine::stream(const SpeechRequest& request) {
  return SpeechStream(std::make_unique<SpeechStream::Source>(handle_->core(), request));
}

Timings TtsEngine::timings(const SpeechRequest& request, const Speech& speech) {
  return handle_->core().timings(request, speech);
}

std::optional<Speech> TtsEngine::lookup(const SpeechRequest& request) {
  return handle_->core().lookup(request);
}

std::optional<Speech> TtsEngine::recall(const SpeechRequest& request) {
  Core* core = handle_->peek();  // opening it may call parts of the host's
  return core == nullptr ? std::nullopt : core->recall(request);
}

RejectReport TtsEngine::reject(const SpeechRequest& request) {
  engine::Rooms& rooms = handle_->rooms();
  return engine::reject(rooms, *rooms.voice().planner->plan(request));
}

PrewarmReport TtsEngine::prewarm(std::span<const Story> stories, const PrewarmOptions& options) {
  return engine::prewarm(handle_->core(), stories, options);
}

ImportReport TtsEngine::import_guide(const GuideRows& rows, const ImportOptions& options) {
  return engine::import_guide(handle_->core(), rows, options);
}

std::optional<std::string> TtsEngine::story_page_url(std::string_view story_id,
                                                     std::int32_t page_number,
                                                     std::string_view voice_style) {
  handle_->core().flush();  // the link of a page that was just spoken may still be owed
  return engine::page_url(handle_->rooms(), story_id, page_number, voice_style);
}

std::optional<std::string> TtsEngine::url(const Speech& speech) {
  return engine::speech_url(handle_->rooms(), speech.cache_key());
}

Status TtsEngine::status() { return engine::status_of(handle_->rooms()); }

Stats TtsEngine::stats() {
  handle_->core().flush();
  return engine::stats_of(handle_->rooms());
}

VerifyReport TtsEngine::verify(bool repair) {
  handle_->core().flush();
  return engine::verify(handle_->rooms(), repair);
}

ForgetReport TtsEngine::forget_text(std::string_view text) {
  handle_->core().flush();
  return engine::forget_text(handle_->rooms(), text);
}

ForgetReport TtsEngine::forget_user(std::string_view user_id) {
  handle_->core().flush();
  return engine::forget_user(handle_->rooms(), user_id);
}

ClearReport TtsEngine::clear(const ClearOptions& options) {
  handle_->core().flush();
  return engine::clear(handle_->rooms(), options);
}

void TtsEngine::flush() {
  Core& core = handle_->core();
  core.obey_notices();
  core.flush();
}

void TtsEngine::close() {
  handle_->close(std::chrono::milliseconds(handle_->config().drain_timeout_ms));
}

void TtsEngine::close(std::chrono::milliseconds drain) { handle_->close(drain); }

const Config& TtsEngine::config() const noexcept { return handle_->config(); }

}  // namespace bhashatts
