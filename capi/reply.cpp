// Exports: replies of plug-ins.
#include "reply.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "amounts.h"
#include "callback.h"
#include "guard.h"
#include "objects.h"
#include "plugins.h"
#include "values.h"

namespace bhashatts::c {
namespace {

constexpr std::size_t kLongestText = 4096;  // of a name, a URL, a path

// Runs change(content) if the member is still running.
template <typename Change>
void put(bhashatts_reply* reply, const Change& change) {
  const auto pin = table<ReplyObject>.pin(number_of(reply));
  if (!pin) refuse_handle(reply, Kind::reply);
  ReplyState& state = *pin->state;
  MutexLock lock(state.mutex);
  if (!state.open) throw Error(ErrorCode::bad_request, "the member has returned");
  change(state.content);
}

void put_bytes(bhashatts_reply* reply, SharedBytes bytes) {
  put(reply, [&](ReplyContent& content) {
    if (content.bytes) throw Error(ErrorCode::bad_request, "the reply has its bytes already");
    content.bytes = std::move(bytes);
  });
}

const std::byte* checked_data(const void* data, std::size_t size) {
  if (data == nullptr && size > 0) refuse_null("data");
  if (size > PTRDIFF_MAX) throw Error(ErrorCode::bad_request, "no memory holds so many bytes");
  return static_cast<const std::byte*>(data);
}

// Releases once, also where it cannot be made.
std::shared_ptr<const void> owner_of(void (*release)(void* context), void* context) {
  return std::shared_ptr<const void>(context, [release](void* owned) {
    const InRelease in_release;
    give_back({0, owned, release});
  });
}

std::string short_text(bhashatts_text text, const char* what) {
  const std::string_view view = name_of(text, what);
  if (view.size() > kLongestText) {
    throw Error(ErrorCode::bad_request, std::string(what) + " may have 4096 bytes");
  }
  return std::string(view);
}

AttemptCosts costs_of(const bhashatts_synthesis_costs& given) {
  return {.compute_ms = amount_of(given.compute_ms, kMostMs, "compute_ms"),
          .cost_micro_usd = amount_of(given.cost_micro_usd, kMostMicroUsd, "cost_micro_usd"),
          .request_id = short_text(given.request_id, "request_id"),
          .model_revision = short_text(given.model_revision, "model_revision")};
}

}  // namespace

Reply::Reply() : number_(table<ReplyObject>.add_made([&] { return ReplyObject{state_}; })) {}

Reply::~Reply() { table<ReplyObject>.retire(number_); }

bhashatts_reply* Reply::handle() const noexcept {
  return reinterpret_cast<bhashatts_reply*>(static_cast<std::uintptr_t>(number_));
}

ReplyContent Reply::take() {
  MutexLock lock(state_->mutex);
  state_->open = false;
  return std::move(state_->content);
}

BHASHATTS_EXPORT bhashatts_status bhashatts_reply_bytes(bhashatts_reply* reply, const void* data,
                                                        std::size_t size) {
  return guarded([&] {
    const std::byte* bytes = checked_data(data, size);
    put_bytes(reply, SharedBytes::adopt(std::vector<std::byte>(bytes, bytes + size)));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_reply_owned_bytes(bhashatts_reply* reply,
                                                              const void* data, std::size_t size,
                                                              void (*release)(void* context),
                                                              void* context) {
  return guarded([&] {
    auto owner = owner_of(release, context);
    if (release == nullptr) refuse_null("release");
    put_bytes(reply, SharedBytes(checked_data(data, size), size, std::move(owner)));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_reply_text(bhashatts_reply* reply,
                                                       bhashatts_text text) {
  return guarded([&] {
    put(reply, [&](ReplyContent& content) {
      if (content.text) throw Error(ErrorCode::bad_request, "the reply has its text already");
      content.text = short_text(text, "text");
    });
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_reply_costs(bhashatts_reply* reply,
                                                        const bhashatts_synthesis_costs* costs) {
  return guarded([&] {
    AttemptCosts given = costs_of(read(costs));
    put(reply, [&](ReplyContent& content) { content.costs = std::move(given); });
  });
}

// What is over is stopped.
BHASHATTS_EXPORT std::int32_t bhashatts_stop_requested(const bhashatts_stop* stop) {
  if (stop == nullptr) return 0;
  const auto pin = table<StopObject>.pin(number_of(stop));
  return !pin || pin->token.stop_requested() ? 1 : 0;
}

}  // namespace bhashatts::c
