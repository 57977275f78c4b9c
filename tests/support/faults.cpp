#include "tests/support/faults.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;
using At = Fault::At;
using Paid = Fault::Paid;
using Reply = ScriptedReply;

constexpr milliseconds kUsualLoading{30'000};
constexpr milliseconds kNone{0};

std::string error(const std::string& value) { return R"({"error":)" + value + "}"; }
std::string quoted(const std::string& text) { return error('"' + text + '"'); }

// Statuses that will not go away by themselves.
std::vector<Fault> refusals() {
  const auto no = [](std::string name, Reply reply, ErrorCode code) {
    return Fault{.name = std::move(name), .reply = std::move(reply), .code = code};
  };
  return {
      no("not supported by the provider",
         Reply::json(400, quoted("Model not supported by provider hf-inference")),
         ErrorCode::model_not_served),
      no("endpoint is paused", Reply::text(400, "Bad Request: Invalid state"),
         ErrorCode::endpoint_paused),
      no("validation, as a list", Reply::json(400, error(R"(["too long","too odd"])")),
         ErrorCode::upstream_rejected),
      no("audio asked of the toolkit",
         Reply::json(400, quoted("Audio serialization not implemented")),
         ErrorCode::upstream_rejected),
      no("bad token", Reply::json(401, quoted("Invalid username or password.")),
         ErrorCode::unauthorized),
      no("no credits", Reply::json(402, quoted("You have exceeded your monthly included credits")),
         ErrorCode::credits_exhausted),
      no("no credits, as an object",
         Reply::json(402, error(R"({"message":"You have exceeded your credits"})")),
         ErrorCode::credits_exhausted),
      no("no permission",
         Reply::json(403, error(R"({"message":"no permission","type":"permission_error"})")),
         ErrorCode::unauthorized),
      no("no such model", Reply::json(404, quoted("Model X does not exist")),
         ErrorCode::model_not_served),
      no("not found, as text", Reply::text(404, "Not Found").with("Content-Type", "text/plain"),
         ErrorCode::model_not_served),
      no("host is gone", Reply::json(410, quoted("This host is no longer supported")),
         ErrorCode::model_not_served),
      no("text is too long", Reply::text(413, "Payload Too Large"), ErrorCode::upstream_rejected),
      no("no such field, as text", Reply::text(422, "Failed to deserialize the JSON body"),
         ErrorCode::upstream_rejected),
      no("no such field, as FastAPI says it",
         Reply::json(422, R"({"detail":[{"loc":["body"],"msg":"missing","type":"x"}]})"),
         ErrorCode::upstream_rejected),
      no("problem of RFC 9457",
         Reply::text(418, R"({"title":"teapot","status":418})")
             .with("Content-Type", "application/problem+json"),
         ErrorCode::upstream_rejected),
      no("not implemented", Reply::text(501, ""), ErrorCode::upstream_failed),
      no("redirect", Reply::redirect("http://127.0.0.1:9/elsewhere"), ErrorCode::upstream_failed),
      no("permanent redirect", Reply::redirect("/elsewhere", 308), ErrorCode::upstream_failed),
  };
}

// Statuses that may go away by themselves.
std::vector<Fault> passing() {
  const auto later = [](std::string name, Reply reply, ErrorCode code, milliseconds wait = kNone) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = code,
                 .retryable = true,
                 .retry_after = wait};
  };
  return {
      later("toolkit is out of memory",
            Reply::json(400, quoted("CUDA out of memory. Tried to allocate 2 GiB")),
            ErrorCode::upstream_failed),
      later("request took too long", Reply::text(408, ""), ErrorCode::upstream_timeout),
      later("rate limited", Reply::json(429, quoted("Rate limit reached.")),
            ErrorCode::rate_limited),
      later("rate limited, for seconds", Reply::text(429, "").with("Retry-After", "7"),
            ErrorCode::rate_limited, milliseconds{7'000}),
      later("rate limited, for an hour", Reply::text(429, "").with("Retry-After", "3600"),
            ErrorCode::rate_limited, milliseconds{60'000}),
      later("rate limited, until a date gone by",
            Reply::text(429, "").with("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ErrorCode::rate_limited),
      later("rate limited, for nonsense", Reply::text(429, "").with("Retry-After", "soon"),
            ErrorCode::rate_limited),
      later("rate limited, by RateLimit",
            Reply::text(429, "").with("RateLimit", R"("api";r=0;t=55)"), ErrorCode::rate_limited,
            milliseconds{55'000}),
      later("rate limited, by another RateLimit",
            Reply::text(429, "").with("RateLimit", R"("api";r=9;t=55)"), ErrorCode::rate_limited),
      later("internal error", Reply::json(500, quoted("unknown error")),
            ErrorCode::upstream_failed),
      later("bad gateway", Reply::text(502, "Bad Gateway"), ErrorCode::upstream_failed),
      later("gateway timeout, as a page",
            Reply::text(504, "<!DOCTYPE html><html><h1>504</h1></html>")
                .with("Content-Type", "text/html"),
            ErrorCode::upstream_failed),
  };
}

std::vector<Fault> loading() {
  const auto row = [](std::string name, Reply reply, milliseconds wait) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = ErrorCode::model_loading,
                 .retryable = true,
                 .retry_after = wait};
  };
  const auto estimate = [&](const std::string& value, milliseconds wait) {
    const std::string body =
        R"({"error":"Model X is currently loading","estimated_time":)" + value + "}";
    return row("loading, estimate " + value, Reply::json(503, body), wait);
  };
  return {
      estimate("20.0", milliseconds{20'000}),
      estimate("\"2.5\"", milliseconds{2'500}),
      estimate("1809.2", milliseconds{60'000}),
      estimate("null", kUsualLoading),
      estimate("[20]", kUsualLoading),
      estimate("\"soon\"", kUsualLoading),
      estimate("-5", kUsualLoading),
      row("endpoint is starting", Reply::text(503, "Service Unavailable"), kUsualLoading),
      row("endpoint is starting, with a time", Reply::text(503, "").with("Retry-After", "3"),
          milliseconds{3'000}),
  };
}

// What came with 200, and is no speech. All of it is paid.
std::vector<Fault> bad_answers() {
  const auto bad = [](std::string name, Reply reply, bool retryable) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = ErrorCode::bad_audio,
                 .retryable = retryable,
                 .paid = Paid::call};
  };
  return {
      bad("204", Reply::text(204, ""), true),
      bad("empty", Reply::text(200, "").with("Content-Type", "audio/flac"), true),
      bad("page of a proxy",
          Reply::text(200, "<html>Please sign in</html>").with("Content-Type", "text/html"), false),
      bad("page that is called audio",
          Reply::text(200, "<html>no</html>").with("Content-Type", "audio/wav"), false),
      bad("text", Reply::text(200, "ok").with("Content-Type", "text/plain"), false),
      bad("raw samples that are called wav",
          Reply::text(200, std::string(4'000, '\1')).with("Content-Type", "audio/wav"), false),
      bad("JSON without audio", Reply::json(200, R"({"status":"done"})"), false),
      bad("JSON that is cut off", Reply::json(200, R"({"audio":"UklGR)"), true),
      bad("base64 that is damaged", Reply::json(200, R"({"audio":"UklGR"})"), true),
      bad("samples that are not finite",
          Reply::json(200, R"({"audio":[0,NaN],"sampling_rate":44100})"), true),
  };
}

// No answer, or not all of one.
std::vector<Fault> broken_exchanges() {
  const std::string audio(5'000, 'x');
  const auto broken = [](std::string name, Reply reply) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = ErrorCode::unreachable,
                 .retryable = true,
                 .paid = Paid::call};
  };
  const auto slow = [](std::string name, Reply reply) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = ErrorCode::upstream_timeout,
                 .retryable = true,
                 .paid = Paid::call,
                 .is_slow = true};
  };
  const auto wrong = [](std::string name, Reply reply) {
    return Fault{.name = std::move(name),
                 .reply = std::move(reply),
                 .code = ErrorCode::upstream_failed,
                 .paid = Paid::call};
  };
  return {
      broken("truncated", Reply::truncated(audio, 1'000)),
      broken("reset in the middle", Reply::reset_mid_body(audio, 1'000)),
      broken("reset at once", Reply::reset_at_once()),
      broken("closed at once", Reply::closed_at_once()),
      slow("silent", Reply::never()),
      slow("slow drip", Reply::dripping(audio, milliseconds{20})),
      wrong("oversized", Reply::oversized(net::kMaxResponseBytes + 1)),
      wrong("oversized, in chunks",
            Reply::oversized(net::kMaxResponseBytes + 1, Reply::Framing::chunked)),
      wrong("no HTTP", Reply::garbage("220 mail.example ESMTP\r\n\r\n")),
  };
}

// Never sent, so never paid.
std::vector<Fault> unreachable() {
  const auto row = [](std::string name, At at, bool retryable) {
    return Fault{
        .name = std::move(name), .code = ErrorCode::unreachable, .retryable = retryable, .at = at};
  };
  return {
      row("nobody listens", At::closed_port, true),
      row("no such host", At::no_host, true),
      row("certificate that nobody vouches for", At::untrusted, false),
  };
}

std::vector<Fault> odd_prices() {
  const Reply failed = Reply::json(500, "{}").with("x-compute-time", "1.5");
  const Reply accepted = Reply::json(202, R"({"output":null,"status":"starting"})");
  return {
      {.name = "failure that states its time",
       .reply = failed,
       .code = ErrorCode::upstream_failed,
       .retryable = true,
       .paid = Paid::stated_time},
      {.name = "accepted, to be done later",
       .reply = accepted,
       .code = ErrorCode::model_loading,
       .retryable = true,
       .retry_after = kUsualLoading,
       .paid = Paid::call},
  };
}

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (auto part : {refusals(), passing(), loading(), bad_answers(), broken_exchanges(),
                    unreachable(), odd_prices()}) {
    for (Fault& fault : part) all.push_back(std::move(fault));
  }
  return all;
}

}  // namespace

const std::vector<Fault>& faults() {
  static const std::vector<Fault> rows = all_faults();
  return rows;
}

milliseconds fault_patience(const Fault& fault) {
  return fault.is_slow ? milliseconds{250} : milliseconds{60'000};
}

bool is_paid(const Fault& fault, std::int64_t micro_usd) {
  constexpr std::int64_t kMostTime = 7'200;  // of the minute that fault_patience allows
  switch (fault.paid) {
    case Paid::nothing: return micro_usd == 0;
    case Paid::stated_time: return micro_usd == Fault::kStatedCost;
    case Paid::call:
      return micro_usd >= kFaultPricing.per_call && micro_usd <= kFaultPricing.per_call + kMostTime;
  }
  return false;
}

std::string fault_test_name(const ::testing::TestParamInfo<Fault>& row) {
  std::string name = std::to_string(row.index) + '_' + row.param.name;
  const auto odd = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; };
  std::replace_if(name.begin(), name.end(), odd, '_');
  return name;
}

FaultScene::FaultScene(const Fault& fault) {
  if (fault.at == At::no_host) {
    url_ = "http://no-such-host.invalid/models/secret-path";
    return;
  }
  const auto tls = fault.at == At::untrusted
                       ? std::make_shared<LoopbackTls>("127.0.0.1", directory_ / "ca.pem")
                       : nullptr;
  server_ = std::make_unique<LoopbackServer>(
      tls, [reply = fault.reply](const ReceivedRequest&) { return reply; });
  url_ = server_->url("/models/secret-path");
  if (fault.at == At::closed_port) server_.reset();
}

synth::UpstreamOptions FaultScene::upstream() const {
  synth::UpstreamOptions options;
  options.url = url_;
  options.token = kFaultToken;
  options.model = "ai4bharat/indic-parler-tts";
  options.pricing = kFaultPricing;
  return options;
}

}  // namespace bhashatts::testing
