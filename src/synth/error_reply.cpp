// Statuses are read by their number first and by their words only where one number means several
// things, which 400 and 503 do: Hugging Face's toolkit answers every fault of its own with 400,
// a paused endpoint does too, and 503 is a model that loads, a full queue, or a router's "no".
//
// The messages are ours, never the upstream's: its words may hold addresses, tokens and the text of
// a page, so they go to detail(), redacted.
#include "synth/error_reply.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "net/header_values.h"
#include "net/retry.h"
#include "net/secrets.h"
#include "synth/reply_words.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kUsualLoading{30'000};  // where the upstream does not say

constexpr std::string_view kElsewhere =
    "use a dedicated endpoint or a server of your own (BHASHATTS_ENDPOINT_URL), a Gradio Space "
    "(BHASHATTS_SYNTHESIZER=gradio), or a server with OpenAI's protocol "
    "(BHASHATTS_SYNTHESIZER=openai)";

struct Failure {
  ErrorCode code;
  std::string message;
  bool retryable = false;
  milliseconds wait{0};
};

template <std::size_t N>
bool says_any(const ReplyWords& words, const std::array<std::string_view, N>& signs) {
  return std::any_of(signs.begin(), signs.end(), [&](auto sign) { return words.say(sign); });
}

std::string named(Service service, std::string_view rest) {
  return std::string(name_of(service)).append(" ").append(rest);
}

Failure unauthorized(Service service) {
  return {ErrorCode::unauthorized,
          named(service, "refused the token: set " + std::string(token_setting(service)) +
                             " to one that is valid")};
}

Failure forbidden(Service service) {
  if (service != Service::router) {
    return {ErrorCode::unauthorized,
            named(service, "does not let this token in: give the token of " +
                               std::string(token_setting(service)) + " the right to call it")};
  }
  return {ErrorCode::unauthorized,
          "the token of HUGGINGFACE_API_TOKEN may not do this: give it the permission \"Make calls "
          "to Inference Providers\", and accept the model's terms where it is gated"};
}

Failure not_served(Service service) {
  switch (service) {
    case Service::router:
      return {ErrorCode::model_not_served,
              "Hugging Face's router does not serve this model (TTS_MODEL_ID): " +
                  std::string(kElsewhere)};
    case Service::gradio:
      return {ErrorCode::model_not_served,
              "there is no Gradio app with this function: check BHASHATTS_ENDPOINT_URL and "
              "BHASHATTS_GRADIO_API_NAME, or " +
                  std::string(kElsewhere)};
    case Service::endpoint:
    case Service::openai: break;
  }
  return {ErrorCode::model_not_served,
          named(service,
                "does not serve this model, or has another address: check "
                "BHASHATTS_ENDPOINT_URL and TTS_MODEL_ID, or ") +
              std::string(kElsewhere)};
}

Failure paused(Service service) {
  return {ErrorCode::endpoint_paused,
          named(service,
                "is paused: resume it on its page, or set BHASHATTS_ENDPOINT_URL to "
                "another")};
}

Failure loading(Service service, milliseconds wait) {
  return {ErrorCode::model_loading, named(service, "is still loading the model: ask again later"),
          true, wait};
}

Failure rate_limited(Service service, milliseconds wait) {
  return {ErrorCode::rate_limited,
          named(service,
                "takes no more calls just now: ask again later, or lower "
                "BHASHATTS_UPSTREAM_CONCURRENCY"),
          true, wait};
}

Failure upstream_failed(Service service, bool retryable, milliseconds wait = milliseconds{0}) {
  return {ErrorCode::upstream_failed,
          named(service, retryable ? "failed: ask again later"
                                   : "failed in a way that asking again will not mend: see the "
                                     "log for what it said"),
          retryable, wait};
}

Failure rejected(Service service) {
  return {ErrorCode::upstream_rejected,
          named(service,
                "refused the request: see the log for what it said, and check the "
                "settings of field names and the length of the text")};
}

Failure redirected(Service service) {
  if (service == Service::router) return upstream_failed(service, false);
  return {ErrorCode::upstream_failed,
          named(service,
                "has moved: its address redirects to another, so set "
                "BHASHATTS_ENDPOINT_URL to the new one (a browser or curl -I shows it)")};
}

Failure credits_exhausted(Service service) {
  const bool ours = service == Service::router || service == Service::endpoint;
  return {ErrorCode::credits_exhausted,
          ours ? "the Hugging Face account has no credits left: add some, or wait for the next "
                 "month"
               : named(service, "wants payment first: add credits to the account")};
}

bool is_server_fault(const ReplyWords& words) {
  constexpr std::array<std::string_view, 7> kSigns{
      "out of memory", "cuda error",      "cublas",       "cudnn",
      "device-side",   "cannot allocate", "no space left"};
  return says_any(words, kSigns);
}

Failure of_bad_request(const ReplyWords& words, Service service) {
  constexpr std::array<std::string_view, 3> kNotServed{"not supported by provider",
                                                       "model not supported", "no provider"};
  if (says_any(words, kNotServed)) return not_served(service);
  if (words.say("invalid state") || words.say("is paused")) return paused(service);
  if (is_server_fault(words)) {
    return {ErrorCode::upstream_failed,
            named(service, "ran short of memory or failed on its own side: ask again later"), true};
  }
  return rejected(service);
}

Failure of_unavailable(const ReplyWords& words, Service service, milliseconds wait, bool asked) {
  if (words.say("queue is full") || words.say("too many requests"))
    return rate_limited(service, wait);
  const bool scales_to_zero = service == Service::endpoint;
  if (!words.is_loading && !scales_to_zero) return upstream_failed(service, true, wait);
  return loading(service, asked ? wait : words.estimated_time.value_or(kUsualLoading));
}

Failure timed_out(Service service, milliseconds wait) {
  return {ErrorCode::upstream_timeout,
          named(service, "gave up waiting for the request: ask again later"), true, wait};
}

Failure of_server_error(const net::HttpReply& reply, const ReplyWords& words, Service service,
                        milliseconds wait, bool asked) {
  if (reply.status == 503) return of_unavailable(words, service, wait, asked);
  return upstream_failed(service, net::is_retryable_status(reply.status), wait);
}

Failure of_proxy_login() {
  return {ErrorCode::unreachable,
          "a proxy on the way asks for a login: put it into the proxy variable (https_proxy)"};
}

// What the front of Hugging Face's Spaces shows in place of an app that does not run.
std::optional<Failure> of_space_page(const ReplyWords& words, Service service) {
  constexpr std::array<std::string_view, 5> kComing{"sleeping", "is building", "starting",
                                                    "preparing space", "restarting"};
  if (service != Service::gradio || !words.is_page) return std::nullopt;
  if (words.say("paused")) return paused(service);
  if (says_any(words, kComing)) return loading(service, kUsualLoading);
  return std::nullopt;
}

Failure of_status(const net::HttpReply& reply, const ReplyWords& words, Service service) {
  const auto asked = net::wanted_wait(reply);
  const milliseconds wait = asked.value_or(milliseconds{0});
  switch (reply.status) {
    case 400:
    case 413:
    case 422: return of_bad_request(words, service);
    case 401: return unauthorized(service);
    case 402: return credits_exhausted(service);
    case 403: return forbidden(service);
    case 404:
    case 405:
    case 410: return not_served(service);
    case 407: return of_proxy_login();
    case 408: return timed_out(service, wait);
    case 429: return rate_limited(service, wait);
    default: break;
  }
  if (reply.status >= 500) {
    return of_server_error(reply, words, service, wait, asked.has_value());
  }
  if (reply.status >= 400) return rejected(service);
  if (reply.status >= 300) return redirected(service);
  if (words.is_loading) {
    return loading(service, asked.value_or(words.estimated_time.value_or(kUsualLoading)));
  }
  return upstream_failed(service, true, wait);  // 202: it works on, but will not tell this caller
}

Error error_from(Failure failure, std::string detail) {
  Error error(failure.code, std::move(failure.message), failure.retryable, failure.wait);
  return std::move(error).detailed(std::move(detail));
}

std::string spelled(milliseconds time) {
  const auto minutes = (time.count() + 59'999) / 60'000;
  if (minutes < 120) return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

Failure out_of_quota(const ReplyWords& words) {
  const auto wait = time_to_come_back(words.text);
  const std::string when = wait ? "in " + spelled(*wait) : "later";
  return {ErrorCode::rate_limited,
          "the Gradio Space's free GPU time is used up: ask again " + when +
              ", or set the token of an account with a quota of its own",
          true, wait.value_or(milliseconds{0})};
}

Failure of_event(const ReplyWords& words) {
  if (words.say("quota")) return out_of_quota(words);
  if (words.say("no gpu") || words.say("queue is full") || words.say("too many requests")) {
    const auto wait = time_to_come_back(words.text);
    return rate_limited(Service::gradio, wait.value_or(milliseconds{0}));
  }
  if (words.is_loading) return loading(Service::gradio, kUsualLoading);
  return upstream_failed(Service::gradio, true);
}

}  // namespace

std::string_view name_of(Service service) {
  switch (service) {
    case Service::router: return "Hugging Face's router";
    case Service::endpoint: return "the endpoint";
    case Service::gradio: return "the Gradio app";
    case Service::openai: return "the speech server";
  }
  return "the upstream";
}

std::string_view token_setting(Service service) {
  return service == Service::router ? "HUGGINGFACE_API_TOKEN" : "BHASHATTS_ENDPOINT_TOKEN";
}

Error error_of(const net::HttpReply& reply, Service service, std::string_view secret) {
  const ReplyWords words = words_of(reply);
  auto page = of_space_page(words, service);
  Failure failure = page ? *std::move(page) : of_status(reply, words, service);
  return error_from(std::move(failure), detail_of(reply, words.text, secret));
}

Error error_of_event(std::string_view data, std::string_view secret) {
  const ReplyWords words = words_of_json(data);
  return error_from(of_event(words), net::redacted("error event, said: " + words.text, secret));
}

SynthesizerState state_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_configured:
    case ErrorCode::unauthorized: return SynthesizerState::unauthorized;
    case ErrorCode::model_loading: return SynthesizerState::loading;
    case ErrorCode::model_not_served: return SynthesizerState::not_served;
    case ErrorCode::credits_exhausted: return SynthesizerState::no_credits;
    case ErrorCode::unreachable:
    case ErrorCode::upstream_timeout: return SynthesizerState::unreachable;
    default: return SynthesizerState::unavailable;
  }
}

}  // namespace bhashatts::synth
