#include "synth/hub_status.h"

#include <algorithm>
#include <string_view>

#include "synth/address.h"
#include "synth/json_path.h"
#include "synth/probe.h"
#include "synth/reply_words.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kHubAddress = "the Hub's address";
constexpr std::string_view kProvider = "hf-inference";

Error not_served(std::string_view how) {
  return {ErrorCode::model_not_served,
          std::string(how) +
              ": use a dedicated endpoint or a server of your own (BHASHATTS_ENDPOINT_URL), a "
              "Gradio Space (BHASHATTS_SYNTHESIZER=gradio), or a server with OpenAI's protocol "
              "(BHASHATTS_SYNTHESIZER=openai)"};
}

bool is_live(const Json& entry) {
  const Json* const status = find_path(entry, "status");
  return status == nullptr || !status->is_string() || *status == "live";
}

bool is_ours(const Json& entry) {
  const Json* const provider = find_path(entry, "provider");
  return provider != nullptr && *provider == kProvider;
}

// An object of providers by name, or a list of objects that name them: both are served.
const Json* our_entry(const Json& mapping) {
  if (mapping.is_object()) return find_path(mapping, kProvider);
  if (!mapping.is_array()) return nullptr;
  const auto found = std::find_if(mapping.begin(), mapping.end(), is_ours);
  return found == mapping.end() ? nullptr : &*found;
}

void require_mapping(const net::HttpReply& reply) {
  const auto json = parse_json(reply.body);
  if (!json || !json->is_object()) {
    throw Error(ErrorCode::upstream_failed,
                "the Hub's answer cannot be read, so nothing is known of the model");
  }
  const Json* const mapping = find_path(*json, "inferenceProviderMapping");
  const Json* const entry = mapping == nullptr ? nullptr : our_entry(*mapping);
  if (entry == nullptr) throw not_served("Hugging Face's router does not serve this model");
  if (!is_live(*entry)) throw not_served("Hugging Face's router has this model switched off");
}

}  // namespace

void require_served_by_router(const Target& target, const std::string& hub_url) {
  const std::string root = root_of(checked_address(hub_url, kHubAddress));
  const std::string url =
      root + "/api/models/" + target.options->model + "?expand%5B%5D=inferenceProviderMapping";
  const net::HttpReply reply = probe(target, url, true);
  if (reply.ok()) return require_mapping(reply);
  if (reply.status != 404) throw error_of(reply, target.service, target.options->token);
  throw not_served("the Hub has no such model (TTS_MODEL_ID), or the token may not see it")
      .detailed(detail_of(reply, words_of(reply).text, target.options->token));
}

}  // namespace bhashatts::synth
