#include "engine/stream.h"

#include <memory>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts {

SpeechStream::Source::~Source() {
  if (epoch_ == process_epoch()) {
    reading_->leave();
  } else {  // it hangs on the parent's engine, whose locks may be held for ever: left as it is
    auto left = std::make_unique<std::shared_ptr<engine::Reading>>(std::move(reading_));
    left.release();  // NOLINT(bugprone-unused-return-value)
  }
}

engine::Reading& SpeechStream::Source::reading() const {
  if (epoch_ == process_epoch()) return *reading_;
  throw Error(ErrorCode::bad_request, "a stream does not outlive a fork; begin it anew");
}

SpeechStream::SpeechStream(std::unique_ptr<Source> source) : source_(std::move(source)) {}
SpeechStream::SpeechStream(SpeechStream&&) noexcept = default;
SpeechStream& SpeechStream::operator=(SpeechStream&&) noexcept = default;
SpeechStream::~SpeechStream() = default;

std::optional<StreamedUtterance> SpeechStream::next() { return source_->reading().next(); }

void SpeechStream::next_async(OnUtterance done) { source_->reading().next_async(std::move(done)); }

}  // namespace bhashatts
