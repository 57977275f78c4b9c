// Three kinds of server answer here, by one request.
//
// Accept is */* because nothing else suits all: the router (and Hugging Face's community server)
// then sends FLAC, lossless at half the bytes, and ignored "audio/wav" anyway when it was asked;
// the toolkit of dedicated endpoints answers any audio/* with 400 and */* with JSON. The content
// type is exactly "application/json": the toolkit compares it letter by letter, and
// "application/json; charset=utf-8" is refused.
#include "synth/huggingface.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "net/secrets.h"
#include "synth/address.h"
#include "synth/attempt.h"
#include "synth/hub_status.h"
#include "synth/json_path.h"
#include "synth/probe.h"
#include "synth/seed.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kRouter = "https://router.huggingface.co/hf-inference/models/";
constexpr std::int64_t kLongestScaleUp = 600;  // seconds; the longest that endpoints document

constexpr std::string_view kNoToken =
    "the Hugging Face router needs a token: set HUGGINGFACE_API_TOKEN, or reach the model by "
    "another way with BHASHATTS_ENDPOINT_URL";

void require_model(const std::string& model) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._/").find(c) != std::string_view::npos;
  };
  const bool good = !model.empty() && model.front() != '/' &&
                    model.find("..") == std::string::npos &&
                    std::all_of(model.begin(), model.end(), fine);
  if (good) return;
  throw Error(ErrorCode::config_invalid,
              "TTS_MODEL_ID must be a model of the Hub, such as ai4bharat/indic-parler-tts");
}

void require_fields(const HuggingFaceOptions& options) {
  const std::array<std::pair<const std::string*, std::string_view>, 5> fields{{
      {&options.text_field, "BHASHATTS_TEXT_FIELD"},
      {&options.description_field, "BHASHATTS_DESCRIPTION_FIELD"},
      {&options.language_field, "BHASHATTS_LANGUAGE_FIELD"},
      {&options.seed_field, "BHASHATTS_SEED_FIELD"},
      {&options.audio_field, "BHASHATTS_AUDIO_FIELD"},
  }};
  for (const auto& [path, setting] : fields) {
    if (path != &options.text_field && path->empty()) continue;
    require_path(*path, setting);
  }
}

// "parameters" stands there even when empty where the text is "inputs", as in what Hugging Face's
// own client sends; a server with other names may refuse a field that it does not know.
Json payload_of(const HuggingFaceOptions& options, const SynthesisRequest& request) {
  Json payload = Json::object();
  const auto put = [&](const std::string& path, Json value) {
    if (!path.empty()) put_path(payload, path, std::move(value));
  };
  put(options.text_field, std::string(request.text));
  put(options.description_field, std::string(request.description));
  put(options.language_field, std::string(request.language));
  put(options.seed_field, seed_of(request));
  if (options.text_field == "inputs" && !payload.contains("parameters")) {
    payload["parameters"] = Json::object();
  }
  return payload;
}

class HuggingFace final : public Synthesizer {
 public:
  HuggingFace(HuggingFaceOptions options, Service service,
              std::shared_ptr<net::Transport> transport)
      : options_(std::move(options)),
        transport_(std::move(transport)),
        target_{.service = service,
                .home = checked_address(options_.upstream.url, "BHASHATTS_ENDPOINT_URL"),
                .options = &options_.upstream,
                .transport = transport_.get()} {}
  HuggingFace(const HuggingFace&) = delete;
  HuggingFace& operator=(const HuggingFace&) = delete;

  std::string identity() const override { return identity_of(options_.upstream); }
  std::string upstream() const override { return upstream_of("huggingface", options_.upstream); }
  SynthesizerLimits limits() const override { return limits_of(options_.upstream); }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    require_token();
    const std::string payload = dumped(payload_of(options_, request));
    Attempt attempt(target_, request);
    return attempt.run([&] {
      net::HttpReply reply = attempt.call({.method = "POST",
                                           .url = options_.upstream.url,
                                           .headers = headers_for(request, attempt),
                                           .body = payload,
                                           .deadline = {}});
      const AudioShape shape{.field = options_.audio_field, .pcm_rate = 0};
      SharedBytes audio = attempt.audio_of(reply, target_.home, shape);
      return attempt.result(std::move(audio), reply);
    });
  }

  SynthesizerStatus status() override {
    return status_by(options_.upstream.model, [this] {
      require_token();
      if (by_router()) {
        require_served_by_router(target_, options_.hub_url);
      } else {
        require_endpoint();
      }
    });
  }

 private:
  bool by_router() const { return target_.service == Service::router; }

  void require_token() const {
    if (by_router() && options_.upstream.token.empty()) {
      throw Error(ErrorCode::not_configured, std::string(kNoToken));
    }
  }

  std::vector<net::Header> headers_for(const SynthesisRequest& request,
                                       const Attempt& attempt) const {
    std::vector<net::Header> headers{{"Content-Type", "application/json"}, {"Accept", "*/*"}};
    if (!by_router()) headers.push_back({"X-Scale-Up-Timeout", scale_up_time(attempt)});
    if (request.take > 0 || request.attempt > 0) headers.push_back({"x-use-cache", "false"});
    return headers;
  }

  // How long an endpoint's proxy may hold the call while a machine starts: three quarters of our
  // time, so that the proxy's own 503, which is free, comes before our timeout, which may not be.
  static std::string scale_up_time(const Attempt& attempt) {
    const std::int64_t seconds = attempt.left().count() * 3 / 4 / 1'000;
    return std::to_string(std::clamp<std::int64_t>(seconds, 1, kLongestScaleUp));
  }

  // Whatever takes POST alone says 404 or 405 to GET, and so is there. The GET costs nothing
  // itself, but wakes an endpoint that scaled to zero, which then runs until it falls asleep again;
  // the one other way to look, the account's own API, needs names that an address does not tell.
  void require_endpoint() const {
    const net::HttpReply reply = probe(target_, options_.upstream.url);
    const bool answers = reply.ok() || reply.status == 404 || reply.status == 405;
    if (!answers) throw error_of(reply, target_.service, options_.upstream.token);
  }

  HuggingFaceOptions options_;
  std::shared_ptr<net::Transport> transport_;
  Target target_;
};

}  // namespace

std::shared_ptr<Synthesizer> make_huggingface(HuggingFaceOptions options,
                                              std::shared_ptr<net::Transport> transport) {
  UpstreamOptions& upstream = options.upstream;
  const Service service = upstream.url.empty() ? Service::router : Service::endpoint;
  upstream.token = net::checked_token(upstream.token, token_setting(service));
  if (service == Service::router) {
    require_model(upstream.model);
    upstream.url = std::string(kRouter) + upstream.model;
  }
  require_fields(options);
  static_cast<void>(payload_of(options, SynthesisRequest{}));  // do two fields want one place?
  static_cast<void>(checked_address(options.hub_url, "the Hub's address"));
  return std::make_shared<HuggingFace>(std::move(options), service, std::move(transport));
}

}  // namespace bhashatts::synth
