#include "net/event_stream.h"

#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::net {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

EventStream::EventStream(Sink sink, std::size_t most_bytes)
    : sink_(std::move(sink)), most_bytes_(most_bytes) {}

bool EventStream::feed(std::string_view piece) {
  while (!piece.empty() && !ended_) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = piece.find_first_of("\r\n");
    line_.append(piece.substr(0, end));
    if (line_.size() + event_.data.size() > most_bytes_) {
      throw Error(ErrorCode::upstream_failed, "the server sent an event that is too long");
    }
    if (end == std::string_view::npos) break;
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    ended_ = !line(line_);
    line_.clear();
  }
  return !ended_;
}

bool EventStream::line(std::string_view text) {
  if (std::exchange(at_start_, false) && text.starts_with(kBom)) text.remove_prefix(kBom.size());
  if (text.empty()) return dispatch();
  const auto colon = text.find(':');
  const auto field = text.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") event_.event = value;
  if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  }
  return true;
}

// What has no data is no event, by the standard; an empty name is the default one.
bool EventStream::dispatch() {
  ServerEvent event = std::exchange(event_, ServerEvent());
  if (!std::exchange(has_data_, false)) return true;
  if (event.event.empty()) event.event = "message";
  return sink_(event);
}

}  // namespace bhashatts::net
