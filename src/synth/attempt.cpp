#include "synth/attempt.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "net/header_values.h"
#include "net/retry.h"
#include "synth/reply_words.h"
#include "synth/transport_failure.h"

namespace bhashatts::synth {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLongestRevision = 64;

std::int64_t code_points(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

std::optional<milliseconds> stated_time(const net::HttpReply& reply) {
  const auto value = reply.header("x-compute-time");
  return value.empty() ? std::nullopt : net::parse_seconds(value);
}

// A commit or a version; anything else is not worth keeping.
std::string revision_in(const net::HttpReply& reply) {
  const auto value = reply.header("x-sha");
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool good =
      value.size() <= kLongestRevision && std::all_of(value.begin(), value.end(), plain);
  return good ? std::string(value) : std::string();
}

std::string detail_of_audio(const net::HttpReply& reply, std::string_view secret) {
  const std::string media_type = net::media_type_of(reply.header("content-type"));
  const bool is_text =
      media_type.starts_with("text/") || reply.body.starts_with('{') || reply.body.starts_with('<');
  const std::string about = media_type + " of " + std::to_string(reply.body.size()) + " bytes";
  return detail_of(reply, is_text ? about + ' ' + words_of(reply).text : about, secret);
}

}  // namespace

Bill::Bill(const UpstreamOptions& options, std::string_view text)
    : options_(options), characters_(code_points(text)) {}

void Bill::worked(milliseconds compute) {
  accepted_ = true;
  computed(compute);
}

void Bill::computed(milliseconds compute) {
  compute_ = std::clamp(compute_ + compute, milliseconds{0}, options_.attempt_timeout);
}

void Bill::forgive() {
  accepted_ = false;
  compute_ = milliseconds{0};
}

std::int64_t Bill::owed() const {
  if (accepted_) return options_.pricing.cost(compute_, characters_);
  return Pricing{.per_second = options_.pricing.per_second}.cost(compute_, 0);
}

Attempt::Attempt(const Target& target, const SynthesisRequest& request)
    : target_(target),
      request_(request),
      deadline_(std::min(request.deadline, steady_clock::now() + target.options->attempt_timeout)),
      bill_(*target.options, request.text) {}

SynthesisResult Attempt::run(const std::function<SynthesisResult()>& work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(error).costing(bill_.owed());
  }
}

net::HttpReply Attempt::exchange(net::HttpRequest request, bool is_work) {
  request.deadline = deadline_;
  request.stop = request_.stop;
  const auto url = net::Url::parse(request.url);
  if (url && url->origin() == target_.home.origin()) request.token = target_.options->token;
  try {
    return target_.transport->send(request);
  } catch (const net::TransportError& error) {
    if (is_work && error.sent()) bill_.worked(error.elapsed());
    throw explained(error, target_.service);
  }
}

net::HttpReply Attempt::try_call(net::HttpRequest request) {
  net::HttpReply reply = exchange(std::move(request), true);
  const auto stated = stated_time(reply);
  if (reply.ok()) {
    bill_.worked(stated.value_or(reply.elapsed));
  } else if (stated) {
    bill_.computed(*stated);
  }
  return reply;
}

net::HttpReply Attempt::call(net::HttpRequest request) {
  net::HttpReply reply = try_call(std::move(request));
  if (reply.ok() && reply.status != 202) return reply;
  throw error_of(reply, target_.service, target_.options->token);
}

AudioAnswer Attempt::read(net::HttpReply& reply, const AudioShape& shape) const {
  try {
    return read_audio(reply, shape);
  } catch (const Error& error) {
    throw Error(error).detailed(detail_of_audio(reply, target_.options->token));
  }
}

SharedBytes Attempt::audio_of(net::HttpReply& reply, const net::Url& from,
                              const AudioShape& shape) {
  AudioAnswer answer = read(reply, shape);
  if (auto* const audio = std::get_if<SharedBytes>(&answer)) return std::move(*audio);
  const auto url = from.resolve(std::get<AudioAddress>(answer).url);
  if (!url) throw Error(ErrorCode::bad_audio, "the upstream gave no valid address of the audio");
  return fetch(*url, shape);
}

void Attempt::require_fetched(const net::HttpReply& reply) const {
  if (reply.ok()) return;
  throw Error(ErrorCode::upstream_failed,
              std::string(name_of(target_.service)) +
                  " made audio, but does not give it out: see the log for the status",
              net::is_retryable_status(reply.status))
      .detailed(detail_of(reply, words_of(reply).text, target_.options->token));
}

SharedBytes Attempt::fetch(const net::Url& url, const AudioShape& shape) {
  if (target_.home.secure() && !url.secure()) {
    throw Error(ErrorCode::bad_audio,
                "the upstream keeps the audio at an address without https: have it use https");
  }
  net::HttpRequest request{.url = url.text(),
                           .headers = {{"Accept", "*/*"}},
                           .redirects = net::Redirects::follow,
                           .deadline = deadline_};
  net::HttpReply reply = exchange(std::move(request), false);
  require_fetched(reply);
  AudioAnswer answer = read(reply, shape);
  if (auto* const audio = std::get_if<SharedBytes>(&answer)) return std::move(*audio);
  throw Error(ErrorCode::bad_audio, "where the audio should be, there is only another address");
}

SynthesisResult Attempt::result(SharedBytes audio, const net::HttpReply& reply) const {
  return {.audio = std::move(audio),
          .compute_ms = bill_.compute().count(),
          .cost_micro_usd = bill_.owed(),
          .request_id = reply.request_id(),
          .model_revision = revision_in(reply)};
}

milliseconds Attempt::left() const {
  return std::max(milliseconds{0},
                  std::chrono::duration_cast<milliseconds>(deadline_ - steady_clock::now()));
}

}  // namespace bhashatts::synth
