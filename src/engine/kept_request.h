// A request that outlives its caller's strings.
//
// Thread rule: immutable once made, but for who makes it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "bhashatts/speech.h"

namespace bhashatts::engine {

class KeptRequest {
 public:
  explicit KeptRequest(const SpeechRequest& request) : request_(request) {
    const std::array<std::string_view*, 5> views{&request_.text, &request_.language,
                                                 &request_.voice_style, &request_.user_id,
                                                 &request_.story_id};
    std::size_t bytes = 0;
    for (const std::string_view* view : views) bytes += view->size();
    strings_.reserve(bytes);  // in one piece, which then stays where it is
    for (std::string_view* view : views) {
      const std::size_t at = strings_.size();
      strings_ += *view;
      *view = {strings_.data() + at, view->size()};
    }
  }
  KeptRequest(const SpeechRequest& request, std::stop_token stop) : KeptRequest(request) {
    request_.stop = std::move(stop);
  }
  KeptRequest(const KeptRequest&) = delete;  // its views point into it
  KeptRequest& operator=(const KeptRequest&) = delete;

  const SpeechRequest& operator*() const { return request_; }
  const SpeechRequest* operator->() const { return &request_; }

 private:
  SpeechRequest request_;
  std::string strings_;
};

}  // namespace bhashatts::engine
