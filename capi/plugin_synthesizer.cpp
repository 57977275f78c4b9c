// A synthesizer that is a struct of function pointers.
#include <algorithm>
#include <string>
#include <utility>

#include "amounts.h"
#include "member.h"
#include "plugins.h"
#include "reply.h"
#include "values.h"

namespace bhashatts::c {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::int64_t ms_until(steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
  return std::max<std::int64_t>(left.count(), 0);
}

bhashatts_synthesis_request to_c(const SynthesisRequest& from, const Stop& stop) {
  return {.struct_size = sizeof(bhashatts_synthesis_request),
          .text = text_of(from.text),
          .language = text_of(from.language),
          .voice_style = text_of(from.voice_style),
          .description = text_of(from.description),
          .take = from.take,
          .attempt = from.attempt,
          .timeout_ms = ms_until(from.deadline),
          .stop = stop.handle()};
}

// What an attempt may fail with. That it was cancelled is true only of one that was.
struct AttemptFailure {
  const std::stop_token& stop;

  bool operator()(ErrorCode code) const noexcept {
    const int family = static_cast<int>(code) / 100;
    return is_common_failure(code) || family == 4 || family == 5 ||
           (code == ErrorCode::cancelled && stop.stop_requested());
  }
};

class CSynthesizer final : public Synthesizer {
 public:
  CSynthesizer(const bhashatts_synthesizer& given, Contexts& contexts)
      : context_(given, contexts), members_(given) {
    require(members_.identity, "bhashatts_synthesizer.identity");
    require(members_.limits, "bhashatts_synthesizer.limits");
    require(members_.synthesize, "bhashatts_synthesizer.synthesize");
    identity_ = ask_identity();
    limits_ = ask_limits();
  }

  std::string identity() const override { return identity_; }
  SynthesizerLimits limits() const override { return limits_; }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    Reply reply;
    const Stop stop(request.stop);
    const bhashatts_synthesis_request given = to_c(request, stop);
    try {
      call_member(
          "the synthesizer's synthesize",
          [&] { return members_.synthesize(context_.get(), &given, reply.handle()); }, BHASHATTS_OK,
          AttemptFailure{request.stop});
    } catch (const Error& error) {
      throw costing(error, reply.take().costs.cost_micro_usd);
    }
    return result_of(reply.take());
  }

  SynthesizerStatus status() override {
    SynthesizerStatus status;
    status.model = identity_;
    if (members_.status != nullptr) ask_status(status);
    return status;
  }

 private:
  // A failed call costs what bhashatts_fail said, or else what bhashatts_reply_costs did.
  static Error costing(const Error& error, std::int64_t cost_micro_usd) {
    if (error.cost_micro_usd() > 0) return error;
    return Error(error).costing(cost_micro_usd);
  }

  static SynthesisResult result_of(ReplyContent content) {
    if (!content.bytes) {
      throw Error(ErrorCode::bad_audio, "the synthesizer succeeded and gave no audio")
          .costing(content.costs.cost_micro_usd);
    }
    return {.audio = *std::move(content.bytes),
            .compute_ms = content.costs.compute_ms,
            .cost_micro_usd = content.costs.cost_micro_usd,
            .request_id = std::move(content.costs.request_id),
            .model_revision = std::move(content.costs.model_revision)};
  }

  std::string ask_identity() const {
    Reply reply;
    call_member("the synthesizer's identity",
                [&] { return members_.identity(context_.get(), reply.handle()); });
    return reply.take().text.value_or("");
  }

  SynthesizerLimits ask_limits() const {
    bhashatts_synthesizer_limits limits{sizeof limits, 0, 1, 0};
    call_member("the synthesizer's limits",
                [&] { return members_.limits(context_.get(), &limits); });
    if (limits.max_aksharas < 0 || limits.concurrency < 1) {
      throw Error(ErrorCode::bad_request,
                  "a synthesizer's limits must not be negative, its concurrency at least 1");
    }
    return {limits.max_aksharas, limits.concurrency,
            amount_of(limits.max_cost_micro_usd, kMostMicroUsd, "max_cost_micro_usd")};
  }

  // Does not raise: what cannot say how it stands is not available.
  void ask_status(SynthesizerStatus& status) {
    try {
      Reply reply;
      bhashatts_synthesizer_state state = BHASHATTS_SYNTHESIZER_READY;
      call_member("the synthesizer's status", [&] {
        state = members_.status(context_.get(), reply.handle());
        return BHASHATTS_OK;
      });
      const bool known =
          state >= BHASHATTS_SYNTHESIZER_READY && state <= BHASHATTS_SYNTHESIZER_UNAVAILABLE;
      status.state = known ? static_cast<SynthesizerState>(state) : SynthesizerState::unavailable;
      status.message = reply.take().text.value_or("");
    } catch (const Error& error) {
      status.state = SynthesizerState::unavailable;
      status.message = error.what();
    }
  }

  const Context context_;
  const bhashatts_synthesizer members_;
  std::string identity_;
  SynthesizerLimits limits_;
};

}  // namespace

std::shared_ptr<Synthesizer> make_synthesizer(const bhashatts_synthesizer& given,
                                              Contexts& contexts) {
  return std::make_shared<CSynthesizer>(given, contexts);
}

}  // namespace bhashatts::c
