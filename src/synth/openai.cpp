// No "stream" is sent. Of the servers that know the field, the one that streams by default fails
// without it, and OpenAI's own refuses fields that it does not know; a stream of wav is read to its
// end all the same. No "speed" either: the description sets the pace.
#include "synth/openai.h"

#include <algorithm>
#include <utility>

#include "audio/limits.h"
#include "base/hash.h"
#include "bhashatts/audio.h"
#include "net/secrets.h"
#include "synth/address.h"
#include "synth/attempt.h"
#include "synth/json_path.h"
#include "synth/probe.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kUrlSetting = "BHASHATTS_ENDPOINT_URL";
constexpr std::string_view kSpeech = "/audio/speech";

void require_format(const OpenAiOptions& options) {
  if (options.format != "pcm") {
    if (audio_format(options.format)) return;
    throw Error(ErrorCode::config_invalid,
                "BHASHATTS_OPENAI_FORMAT must be wav, flac, mp3, opus or pcm");
  }
  if (audio::is_supported_rate(options.pcm_rate)) return;
  throw Error(ErrorCode::config_invalid,
              "pcm has no header: set BHASHATTS_OPENAI_PCM_RATE to its rate, from 8000 to 192000");
}

// ".../audio/speech" as it is, ".../v1" with that added, anything else with "/v1" too. A query,
// which some clouds keep their version in, stays.
net::Url speech_url(const std::string& text) {
  net::Url url = checked_address(text, kUrlSetting);
  std::string root = root_of(url);
  if (root.ends_with(kSpeech)) return url;
  if (!root.ends_with("/v1")) root += "/v1";
  const auto query = std::min(text.find('?'), text.size());
  return checked_address(root.append(kSpeech) + text.substr(query), kUrlSetting);
}

std::string models_url(const net::Url& speech) {
  const std::string root = root_of(speech);
  return root.substr(0, root.size() - kSpeech.size()) + "/models";
}

std::string voice_of(const OpenAiOptions& options, const SynthesisRequest& request) {
  const bool described = options.description_as == DescriptionAs::voice ||
                         options.description_as == DescriptionAs::both;
  return described ? std::string(request.description) : options.voice;
}

Json payload_of(const OpenAiOptions& options, const SynthesisRequest& request) {
  Json payload{{"model", options.upstream.model},
               {"input", std::string(request.text)},
               {"response_format", options.format}};
  std::string voice = voice_of(options, request);
  if (!voice.empty()) payload["voice"] = std::move(voice);
  const bool instructed = options.description_as == DescriptionAs::instructions ||
                          options.description_as == DescriptionAs::both;
  if (instructed) payload["instructions"] = std::string(request.description);
  return payload;
}

class OpenAi final : public Synthesizer {
 public:
  OpenAi(OpenAiOptions options, std::shared_ptr<net::Transport> transport)
      : options_(std::move(options)),
        transport_(std::move(transport)),
        target_{.service = Service::openai,
                .home = speech_url(options_.upstream.url),
                .options = &options_.upstream,
                .transport = transport_.get()} {}
  OpenAi(const OpenAi&) = delete;
  OpenAi& operator=(const OpenAi&) = delete;

  std::string identity() const override { return identity_of(options_.upstream, manner()); }
  std::string upstream() const override { return upstream_of("openai", options_.upstream); }
  SynthesizerLimits limits() const override { return limits_of(options_.upstream); }

  SynthesisResult synthesize(const SynthesisRequest& request) override {
    const std::string payload = dumped(payload_of(options_, request));
    Attempt attempt(target_, request);
    return attempt.run([&] {
      net::HttpReply reply =
          attempt.call({.method = "POST",
                        .url = target_.home.text(),
                        .headers = {{"Content-Type", "application/json"}, {"Accept", "*/*"}},
                        .body = payload,
                        .deadline = {}});
      const AudioShape shape{.pcm_rate = options_.format == "pcm" ? options_.pcm_rate : 0};
      SharedBytes audio = attempt.audio_of(reply, target_.home, shape);
      return attempt.result(std::move(audio), reply);
    });
  }

  // The list itself is not looked into: servers that load a model when it is asked for list only
  // what they have loaded.
  SynthesizerStatus status() override {
    return status_by(options_.upstream.model, [this] {
      const net::HttpReply reply = probe(target_, models_url(target_.home));
      const bool answers = reply.ok() || reply.status == 404 || reply.status == 405;
      if (!answers) throw error_of(reply, Service::openai, options_.upstream.token);
    });
  }

 private:
  // A description that speaks as the voice is the model's usual manner; a named voice is another.
  std::string manner() const {
    if (options_.description_as == DescriptionAs::voice) return {};
    const auto mode = static_cast<std::int64_t>(options_.description_as);
    return "openai-" + KeyHasher().field(mode).field(options_.voice).finish().hex().substr(16);
  }

  OpenAiOptions options_;
  std::shared_ptr<net::Transport> transport_;
  Target target_;
};

}  // namespace

std::shared_ptr<Synthesizer> make_openai(OpenAiOptions options,
                                         std::shared_ptr<net::Transport> transport) {
  options.upstream.token =
      net::checked_token(options.upstream.token, token_setting(Service::openai));
  require_format(options);
  return std::make_shared<OpenAi>(std::move(options), std::move(transport));
}

}  // namespace bhashatts::synth
