// A job that is one call.
#pragma once

#include <functional>
#include <utility>

#include "engine/workers.h"

namespace bhashatts::engine {

class Task final : public Job {
 public:
  // Null: go on. Else the engine was closed before its turn came. Must not raise.
  using Body = std::function<void(const Error* closed)>;

  explicit Task(Body body) : body_(std::move(body)) {}
  std::optional<std::chrono::milliseconds> run(const std::stop_token& /*stop*/) noexcept override {
    body_(nullptr);
    return std::nullopt;
  }
  void abandon() noexcept override {
    const Error closed(ErrorCode::closed, "the engine was closed before this speech was made",
                       true);
    body_(&closed);
  }

 private:
  const Body body_;
};

}  // namespace bhashatts::engine
