// POST the call, read the event stream until it is complete, GET the file: three exchanges under
// one deadline. Gradio 5 and later have all of it under /gradio_api, Gradio 4 at the root; which
// one an app is shows in the first 404, and is remembered.
#include "synth/gradio.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <utility>

#include "base/hash.h"
#include "net/secrets.h"
#include "synth/address.h"
#include "synth/attempt.h"
#include "synth/gradio_call.h"
#include "synth/gradio_events.h"
#include "synth/probe.h"
#include "synth/reply_words.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kUsualSpace = "https://ai4bharat-indic-parler-tts.hf.space";
constexpr std::string_view kUrlSetting = "BHASHATTS_ENDPOINT_URL";
constexpr std::string_view kPrefix = "/gradio_api";
constexpr std::size_t kLongestName = 100;

std::string checked_name(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  };
  const bool good =
      !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), plain);
  if (good && name != "." && name != "..") return std::string(name);
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

  std::string identity() const override { return identity_of(options_.upstream, manner()); }
  std::string upstream() const override { return upstream_of("gradio", options_.upstream); }
  SynthesizerLimits limits() const override { return limits_of(options_.upstream); }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    const std::string body = call_body(arguments_, request);
    Attempt attempt(target_, request);
    return attempt.run([&] {
      const Called called = call(attempt, body);
      const std::string event = require_event(called.reply);
      const GradioFile file = listen(attempt, called.prefix, event);
      SynthesisResult result = attempt.result(fetch(attempt, called.prefix, file), called.reply);
      if (result.request_id.empty()) result.request_id = event;  // Gradio has no other name for it
      return result;
    });
  }

  SynthesizerStatus status() override {
    return status_by(options_.upstream.model, [this] { require_function(); });
  }

 private:
  // Another function, or other arguments, is another voice.
  std::string manner() const {
    const GradioOptions usual;
    if (options_.api_name == usual.api_name && options_.arguments == usual.arguments) return {};
    return "gradio-" +
           KeyHasher().field(options_.api_name).field(options_.arguments).finish().hex().substr(16);
  }

  struct Called {
    net::HttpReply reply;
    std::string_view prefix;  // under which this app has its routes
  };

  std::string under(std::string_view prefix, std::string_view path) const {
    return std::string(target_.home.text()).append(prefix).append(path);
  }
  static std::string_view prefix_of(bool is_old) { return is_old ? std::string_view() : kPrefix; }

  net::HttpReply post(Attempt& attempt, std::string_view prefix, const std::string& body) const {
    return attempt.try_call({.method = "POST",
                             .url = under(prefix, "/call/" + options_.api_name),
                             .headers = {{"Content-Type", "application/json"}},
                             .body = body,
                             .deadline = {}});
  }

  // A 404 may be the other Gradio's. Where that says 404 too, nothing was learned. Each call keeps
  // to the prefix that it found, whatever the others find meanwhile.
  Called call(Attempt& attempt, const std::string& body) {
    const bool is_old = is_old_.load();
    Called called{.reply = post(attempt, prefix_of(is_old), body), .prefix = prefix_of(is_old)};
    if (called.reply.status == 404) {
      called = {.reply = post(attempt, prefix_of(!is_old), body), .prefix = prefix_of(!is_old)};
      if (called.reply.status != 404) is_old_.store(!is_old);
    }
    if (called.reply.ok()) return called;
    throw error_of(called.reply, Service::gradio, options_.upstream.token);
  }

  std::string require_event(const net::HttpReply& reply) const {
    std::string event = event_id_in(reply.body);
    if (event.empty()) throw error_of(reply, Service::gradio, options_.upstream.token);
    return event;
  }

  GradioFile listen(Attempt& attempt, std::string_view prefix, const std::string& event) const {
    GradioEvents events(options_.upstream.token);
    const net::HttpReply reply =
        attempt.call({.url = under(prefix, "/call/" + options_.api_name + '/' + event),
                      .headers = {{"Accept", "text/event-stream"}},
                      .deadline = {},
                      .on_data = [&events](std::string_view piece) { return events.feed(piece); }});
    try {
      return require_file(events);
    } catch (const Error& error) {
      // A full queue or a used-up quota is told in the stream, before any work.
      const bool refused =
          error.code() == ErrorCode::rate_limited || error.code() == ErrorCode::model_loading;
      if (refused) attempt.forgive();
      throw Error(error).detailed(
          detail_of(reply, "event " + event + ' ' + error.detail(), options_.upstream.token));
    }
  }

  static GradioFile require_file(const GradioEvents& events) {
    const auto data = events.end();
    if (data) return file_in(*data);
    throw Error(ErrorCode::upstream_failed,
                "the Gradio app ended its answer before the speech was complete: ask again later",
                true);
  }

  // An app behind a proxy often gives an address that only it can reach. The path leads to the same
  // file from the outside, so another origin's address is used only where there is no path.
  SharedBytes fetch(Attempt& attempt, std::string_view prefix, const GradioFile& file) const {
    auto url = file.url.empty() ? std::nullopt : target_.home.resolve(file.url);
    const bool usable = url && (file.path.empty() || url->origin() == target_.home.origin());
    if (!usable && !file.path.empty()) {
      url = net::Url::parse(under(prefix, "/file=" + escaped_path(file.path)));
    }
    if (!url) throw Error(ErrorCode::bad_audio, "the Gradio app gave no valid address of a file");
    return attempt.fetch(*url, {.field = {}, .pcm_rate = 0});
  }

  net::HttpReply info() const {
    const bool is_old = is_old_.load();
    net::HttpReply reply = probe(target_, under(prefix_of(is_old), "/info"));
    if (reply.status != 404) return reply;
    return probe(target_, under(prefix_of(!is_old), "/info"));
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
  options.api_name = checked_name(options.api_name);
  return std::make_shared<Gradio>(std::move(options), std::move(transport));
}

}  // namespace bhashatts::synth
