// POST the call, read the event stream until it is complete, GET the file: three exchanges under
// one deadline. Gradio 5 and later have all of it under /gradio_api, Gradio 4 at the root; which
// one an app is shows in the first 404, and is remembered.
#include "synth/gradio.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <utility>

#include "net/secrets.h"
#include "synth/address.h"
#include "synth/attempt.h"
#include "synth/gradio_call.h"
#include "synth/gradio_events.h"
#include "synth/probe.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kUsualSpace = "https://ai4bharat-indic-parler-tts.hf.space";
constexpr std::string_view kUrlSetting = "BHASHATTS_ENDPOINT_URL";
constexpr std::string_view kPrefix = "/gradio_api";
constexpr std::size_t kLongestName = 100;

std::string checked_name(std::string name) {
  if (name.starts_with('/')) name.erase(0, 1);
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  };
  const bool good =
      !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), plain);
  if (good && name != "." && name != "..") return name;
  throw Error(ErrorCode::config_invalid,
              "BHASHATTS_GRADIO_API_NAME must be the name of a function, as the app's page lists "
              "it under \"Use via API\"");
}

net::Url checked_root(const std::string& text) {
  const net::Url url = checked_address(text, kUrlSetting);
  if (host_of(url) == "huggingface.co") {
    throw Error(ErrorCode::config_invalid,
                "BHASHATTS_ENDPOINT_URL is a Space's page: set it to the app's own address, which "
                "the Space's menu shows under \"Embed this Space\"");
  }
  return checked_address(root_of(url), kUrlSetting);
}

class Gradio final : public Synthesizer {
 public:
  Gradio(GradioOptions options, std::shared_ptr<net::Transport> transport)
      : options_(std::move(options)),
        transport_(std::move(transport)),
        arguments_(checked_arguments(options_.arguments)),
        target_{.service = Service::gradio,
                .home = checked_root(options_.upstream.url),
                .options = &options_.upstream,
                .transport = transport_.get()} {}
  Gradio(const Gradio&) = delete;
  Gradio& operator=(const Gradio&) = delete;

  std::string identity() const override { return identity_of(options_.upstream); }
  std::string upstream() const override { return upstream_of("gradio", options_.upstream); }
  SynthesizerLimits limits() const override { return limits_of(options_.upstream); }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    const std::string body = call_body(arguments_, request);
    Attempt attempt(target_, request);
    return attempt.run([&] {
      const net::HttpReply called = call(attempt, body);
      const std::string event = require_event(called);
      GradioEvents events(options_.upstream.token);
      const net::HttpReply streamed = stream(attempt, event, events);
      return attempt.result(fetch(attempt, require_complete(events, streamed)), called);
    });
  }

  SynthesizerStatus status() override {
    return status_by(options_.upstream.model, [this] { require_function(); });
  }

 private:
  std::string under(std::string_view prefix, std::string_view path) const {
    return std::string(target_.home.text()).append(prefix).append(path);
  }
  std::string_view prefix() const { return is_old_.load() ? std::string_view() : kPrefix; }

  net::HttpReply post(Attempt& attempt, const std::string& body) const {
    return attempt.try_call({.method = "POST",
                             .url = under(prefix(), "/call/" + options_.api_name),
                             .headers = {{"Content-Type", "application/json"}},
                             .body = body,
                             .deadline = {}});
  }

  // A 404 may be the other Gradio's. Where that says 404 too, nothing was learned.
  net::HttpReply call(Attempt& attempt, const std::string& body) {
    net::HttpReply reply = post(attempt, body);
    if (reply.status == 404) {
      const bool was_old = is_old_.exchange(!is_old_.load());
      reply = post(attempt, body);
      if (reply.status == 404) is_old_.store(was_old);
    }
    if (reply.ok()) return reply;
    throw error_of(reply, Service::gradio, options_.upstream.token);
  }

  std::string require_event(const net::HttpReply& reply) const {
    std::string event = event_id_in(reply.body);
    if (event.empty()) throw error_of(reply, Service::gradio, options_.upstream.token);
    return event;
  }

  net::HttpReply stream(Attempt& attempt, const std::string& event, GradioEvents& events) const {
    return attempt.call(
        {.url = under(prefix(), "/call/" + options_.api_name + '/' + event),
         .headers = {{"Accept", "text/event-stream"}},
         .deadline = {},
         .on_data = [&events](std::string_view piece) { return events.feed(piece); }});
  }

  std::string require_complete(const GradioEvents& events, const net::HttpReply& reply) const {
    auto data = events.end();
    if (data) return *std::move(data);
    throw Error(ErrorCode::upstream_failed,
                "the Gradio app ended its answer before the speech was complete: ask again later",
                true)
        .detailed(net::redacted("HTTP " + std::to_string(reply.status) + ", request " +
                                    reply.request_id() + ", trace " + reply.trace_id,
                                options_.upstream.token));
  }

  // An app behind a proxy often gives an address that only it can reach. The path leads to the same
  // file from the outside, so another origin's address is used only where there is no path.
  SharedBytes fetch(Attempt& attempt, const std::string& data) const {
    const GradioFile file = file_in(data);
    auto url = file.url.empty() ? std::nullopt : target_.home.resolve(file.url);
    const bool usable = url && (file.path.empty() || url->origin() == target_.home.origin());
    if (!usable && !file.path.empty()) {
      url = net::Url::parse(under(prefix(), "/file=" + escaped_path(file.path)));
    }
    if (!url) throw Error(ErrorCode::bad_audio, "the Gradio app gave no valid address of a file");
    return attempt.fetch(*url, {.field = {}, .pcm_rate = 0});
  }

  net::HttpReply info() const {
    net::HttpReply reply = probe(target_, under(prefix(), "/info"));
    if (reply.status != 404) return reply;
    return probe(target_, under(is_old_.load() ? kPrefix : std::string_view(), "/info"));
  }

  void require_function() const {
    const net::HttpReply reply = info();
    if (!reply.ok()) throw error_of(reply, Service::gradio, options_.upstream.token);
    const auto json = parse_json(reply.body);
    const Json* const named = json ? find_path(*json, "named_endpoints") : nullptr;
    if (named == nullptr) throw error_of(reply, Service::gradio, options_.upstream.token);
    if (named->is_object() && named->contains('/' + options_.api_name)) return;
    throw Error(ErrorCode::model_not_served,
                "the Gradio app has no function of this name: set BHASHATTS_GRADIO_API_NAME to one "
                "that its page lists under \"Use via API\"");
  }

  GradioOptions options_;
  std::shared_ptr<net::Transport> transport_;
  Json arguments_;
  Target target_;
  std::atomic<bool> is_old_{false};  // Gradio 4: no prefix
};

}  // namespace

std::shared_ptr<Synthesizer> make_gradio(GradioOptions options,
                                         std::shared_ptr<net::Transport> transport) {
  if (options.upstream.url.empty()) options.upstream.url = std::string(kUsualSpace);
  options.upstream.token =
      net::checked_token(options.upstream.token, token_setting(Service::gradio));
  options.api_name = checked_name(std::move(options.api_name));
  return std::make_shared<Gradio>(std::move(options), std::move(transport));
}

}  // namespace bhashatts::synth
