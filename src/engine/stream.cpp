#include "engine/stream.h"

#include <utility>

#include "engine/assemble.h"

namespace bhashatts {

using engine::Core;
using engine::Maker;

SpeechStream::Source::Source(Core& core, const SpeechRequest& request)
    : core_(core),
      text_(request.text),
      language_(request.language),
      voice_style_(request.voice_style),
      user_id_(request.user_id),
      story_id_(request.story_id),
      request_(request),
      deadline_(core.deadline_of(request)) {
  request_.text = text_;
  request_.language = language_;
  request_.voice_style = voice_style_;
  request_.user_id = user_id_;
  request_.story_id = story_id_;
  begin();
}

// A listener who goes away is counted as one who cancelled; what was begun goes on.
SpeechStream::Source::~Source() {
  const Error left(ErrorCode::cancelled, "the listener went away");
  count(nullptr, &left);
}

void SpeechStream::Source::count(const Speech* speech, const Error* error) {
  if (std::exchange(counted_, true)) return;
  core_.count({request_, plan_, speech, error, watch_.us()});
}

// The whole page is sent for: its utterances are then under way, all at once, in order.
void SpeechStream::Source::begin() {
  plan_ = core_.plan(request_, core_.rooms().voices[voice_]);
  page_.reset();
  if (!core_.rooms().data.read_only()) page_ = core_.depart(request_, plan_);
}

std::optional<StreamedUtterance> SpeechStream::Source::next() {
  if (place_ == plan_->utterances.size()) {
    finish();
    return std::nullopt;
  }
  try {
    StreamedUtterance piece = piece_of(await_next());
    ++place_;
    return piece;
  } catch (const Error& error) {
    count(nullptr, &error);
    throw;
  }
}

// Behind the last utterance: the page is joined by now, or will be in a moment.
void SpeechStream::Source::finish() {
  if (counted_ || !page_) return;
  const Speech page = core_.arrive(request_, plan_, *page_, deadline_);
  count(&page, nullptr);
}

// Before the first utterance another voice may take over; never within a page.
Maker::Made SpeechStream::Source::await_next() {
  for (;;) {
    try {
      Maker::Made made = core_.await_utterance(request_, plan_, place_, deadline_);
      if (made.outcome == Maker::Outcome::made) return made;
      plan_ = core_.rooms().planner(*plan_).plan_again(*plan_);
    } catch (const Error& error) {
      const bool more = voice_ + 1 < core_.rooms().voices.size();
      if (place_ > 0 || !more || !Core::may_fall_back(request_, error)) throw;
      ++voice_;
      begin();
    }
  }
}

StreamedUtterance SpeechStream::Source::piece_of(const Maker::Made& made) const {
  CacheEntry piece = engine::piece_of(made.master, request_.format);
  return {.audio = std::move(piece.audio),
          .metadata = std::move(piece.metadata),
          .pause_after_ms = plan_->utterances[place_].pause_after_ms,
          .number = place_,
          .count = plan_->utterances.size(),
          .synthesized = made.synthesized};
}

SpeechStream::SpeechStream(std::unique_ptr<Source> source) : source_(std::move(source)) {}
SpeechStream::SpeechStream(SpeechStream&&) noexcept = default;
SpeechStream& SpeechStream::operator=(SpeechStream&&) noexcept = default;
SpeechStream::~SpeechStream() = default;

std::optional<StreamedUtterance> SpeechStream::next() { return source_->next(); }

}  // namespace bhashatts
