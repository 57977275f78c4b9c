// Where a member puts what it gives back. The pointer that it gets is a handle all the same: one
// that is used when the member has returned, or by a thread that the host forgot, is an error and
// no crash.
//
// Thread rule: any thread.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/mutex.h"
#include "bhashatts/bytes.h"
#include "bhashatts/c_plugins.h"
#include "handles.h"

namespace bhashatts::c {

struct AttemptCosts {
  std::int64_t compute_ms = 0;
  std::int64_t cost_micro_usd = 0;
  std::string request_id = {};
  std::string model_revision = {};
};

struct ReplyContent {
  std::optional<SharedBytes> bytes;
  std::optional<std::string> text;
  AttemptCosts costs;
};

struct ReplyState {
  Mutex mutex;
  bool open GUARDED_BY(mutex) = true;
  ReplyContent content GUARDED_BY(mutex);
};

struct ReplyObject {
  static constexpr Kind kKind = Kind::reply;
  std::shared_ptr<ReplyState> state;
};

// A reply, for as long as a member runs.
class Reply {
 public:
  Reply();
  ~Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  bhashatts_reply* handle() const noexcept;
  // Closes it: what is put in later is refused.
  ReplyContent take();

 private:
  std::shared_ptr<ReplyState> state_ = std::make_shared<ReplyState>();
  std::uint64_t number_;
};

struct StopObject {
  static constexpr Kind kKind = Kind::stop;
  std::stop_token token;
};

// A stop for bhashatts_stop_requested, for as long as a member runs.
class Stop {
 public:
  explicit Stop(std::stop_token token)
      : number_(table<StopObject>.add_made([&] { return StopObject{std::move(token)}; })) {}
  ~Stop() { table<StopObject>.retire(number_); }
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  const bhashatts_stop* handle() const noexcept {
    return reinterpret_cast<const bhashatts_stop*>(number_);
  }

 private:
  std::uint64_t number_;
};

}  // namespace bhashatts::c
