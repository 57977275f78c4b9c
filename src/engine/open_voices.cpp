// Which token goes where is decided here and nowhere else: the account's token only to hosts of
// Hugging Face over TLS, the endpoint's token only to the address that was configured beside it. An
// address that is merely configured must not be handed the account.
#include "engine/open_voices.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "bhashatts/error.h"
#include "config/chain.h"
#include "config/price.h"
#include "net/http_client.h"
#include "net/secrets.h"
#include "net/url.h"
#include "synth/address.h"
#include "synth/espeak.h"
#include "synth/gradio.h"
#include "synth/huggingface.h"
#include "synth/openai.h"

namespace bhashatts::engine {
namespace {

using config::ChainLink;

// What the guide pays: 0.00012 US dollars for a second of a GPU.
constexpr config::Price kHuggingFacePrice{.per_second = 120};

bool is_hugging_face(std::string_view url) {
  // Not hf.space: what answers there is the program of whoever made the Space.
  static constexpr std::array<std::string_view, 2> kDomains{"huggingface.co", "huggingface.cloud"};
  const auto parsed = net::Url::parse(url);  // by the parser that will connect
  if (!parsed || !parsed->secure()) return false;
  const std::string host = synth::host_of(*parsed);
  for (const std::string_view domain : kDomains) {
    if (host == domain) return true;
    if (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.') return true;
  }
  return false;
}

std::string token_for(const Config& config, const ChainLink& link) {
  const bool is_endpoint = !link.url.empty() && link.url == config.endpoint_url;
  if (is_endpoint && !config.endpoint_token.empty()) {
    return net::checked_token(config.endpoint_token, "BHASHATTS_ENDPOINT_TOKEN");
  }
  const bool by_router = link.synthesizer == "huggingface" && link.url.empty();
  if (!by_router && !is_hugging_face(link.url)) return {};
  return net::checked_token(config.huggingface_api_token, "HUGGINGFACE_API_TOKEN");
}

synth::Pricing pricing_for(const Config& config, const ChainLink& link) {
  const config::Price usual =
      link.synthesizer == "huggingface" ? kHuggingFacePrice : config::Price{};
  const config::Price price = config::parse_price(config.price_usd).value_or(usual);
  return {price.per_second, price.per_million_characters, price.per_call};
}

synth::UpstreamOptions upstream_for(const Config& config, const ChainLink& link) {
  return {.url = link.url,
          .token = token_for(config, link),
          .model = config.model_id,
          .revision = config.model_revision,
          .pricing = pricing_for(config, link),
          .concurrency = static_cast<std::int32_t>(config.upstream_concurrency),
          .attempt_timeout = std::chrono::milliseconds(config.synthesis_timeout_ms)};
}

// A setting that is empty means its default, so what is not to be sent is written as "-".
std::string field(const std::string& name) { return name == "-" ? "" : name; }

synth::HuggingFaceOptions huggingface_options(const Config& config, const ChainLink& link) {
  return {.upstream = upstream_for(config, link),
          .text_field = config.text_field,
          .description_field = field(config.description_field),
          .language_field = field(config.language_field),
          .seed_field = field(config.seed_field),
          .audio_field = config.audio_field};
}

synth::DescriptionAs description_as(std::string_view name) {
  if (name == "instructions") return synth::DescriptionAs::instructions;
  if (name == "both") return synth::DescriptionAs::both;
  if (name == "nothing") return synth::DescriptionAs::nothing;
  return synth::DescriptionAs::voice;
}

synth::OpenAiOptions openai_options(const Config& config, const ChainLink& link) {
  return {.upstream = upstream_for(config, link),
          .description_as = description_as(config.openai_description),
          .voice = config.openai_voice,
          .format = config.openai_format,
          .pcm_rate = static_cast<std::uint32_t>(config.openai_pcm_rate)};
}

std::shared_ptr<Synthesizer> make(const Config& config, const ChainLink& link,
                                  const std::shared_ptr<net::Transport>& transport) {
  if (link.synthesizer == "huggingface") {
    return synth::make_huggingface(huggingface_options(config, link), transport);
  }
  if (link.synthesizer == "gradio") {
    return synth::make_gradio({.upstream = upstream_for(config, link),
                               .api_name = config.gradio_api_name,
                               .arguments = config.gradio_arguments},
                              transport);
  }
  if (link.synthesizer == "openai") {
    return synth::make_openai(openai_options(config, link), transport);
  }
  return synth::make_espeak(
      {.program = config.espeak_program, .concurrency = static_cast<std::int32_t>(config.workers)});
}

// auto: what can be paid for is meant to be used; else what is on the machine.
std::string first_of(const Config& config) {
  if (config.synthesizer != "auto") return config.synthesizer;
  const bool reachable = !config.huggingface_api_token.empty() || !config.endpoint_url.empty();
  return reachable ? "huggingface" : "espeak";
}

std::vector<ChainLink> chain_of(const Config& config) {
  std::vector<ChainLink> chain{{first_of(config), config.endpoint_url}};
  for (ChainLink& link : config::parse_chain(config.fallback).value_or(std::vector<ChainLink>{})) {
    const bool again = link.synthesizer == chain.front().synthesizer;
    if (again && config.synthesizer == "auto") continue;  // nobody said what the first one is
    if (again) {
      throw Error(ErrorCode::config_invalid, "fallback (BHASHATTS_FALLBACK) names " +
                                                 link.synthesizer +
                                                 ", which is the first synthesizer already");
    }
    chain.push_back(std::move(link));
  }
  return chain;
}

}  // namespace

std::vector<std::shared_ptr<Synthesizer>> open_synthesizers(const Config& config) {
  const auto chain = chain_of(config);
  const auto transport = net::make_http_client({.ca_file = config.ca_file});
  std::vector<std::shared_ptr<Synthesizer>> all;
  all.reserve(chain.size());
  for (const ChainLink& link : chain) all.push_back(make(config, link, transport));
  return all;
}

}  // namespace bhashatts::engine
