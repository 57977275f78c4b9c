// An engine behind the C API over a temporary data directory and a voice of the host's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/capi/host_parts.h"
#include "tests/capi/owned.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

// Two utterances, 84 code points.
inline constexpr std::string_view kText =
    "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी।";
inline constexpr std::string_view kOther = "बादल गरजे और मोर नाच उठा।";

class CApiTest : public ::testing::Test {
 protected:
  CApiTest() {
    bhashatts_set_log([](void*, bhashatts_log_level, bhashatts_text, bhashatts_text) {},
                      BHASHATTS_LOG_ERROR, nullptr, nullptr);  // failures are on purpose
    EXPECT_EQ(bhashatts_config_create(config.out()), BHASHATTS_OK);
    set("data_dir", (dir / "data").string());
    set("min_free_bytes", "1048576");
    set("max_attempts", "1");  // what the voice fails with is then what is seen
    set("catalog_map_bytes", "1073741824");
    set("cache_map_bytes", "1073741824");
  }
  ~CApiTest() override { bhashatts_set_log(nullptr, BHASHATTS_LOG_WARNING, nullptr, nullptr); }

  void set(const char* name, const std::string& value) {
    EXPECT_EQ(bhashatts_config_set(config.get(), bhashatts_text_of(name), c_text(value)), 0)
        << bhashatts_error_message();
  }

  // What open() passes: the voice, and the parts that a test gave it.
  bhashatts_open_options options() {
    bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
    options.config = config.get();
    voice_part = voice.part();
    options.synthesizer = &voice_part;
    return options;
  }
  OwnedEngine open() { return open(options()); }
  static OwnedEngine open(const bhashatts_open_options& options) {
    OwnedEngine engine;
    EXPECT_EQ(bhashatts_engine_open(&options, engine.out()), BHASHATTS_OK)
        << bhashatts_error_message();
    return engine;
  }

  static bhashatts_request request_for(std::string_view text) {
    bhashatts_request request = BHASHATTS_REQUEST_INIT;
    request.text = c_text(text);
    return request;
  }
  static bhashatts_status say(const OwnedEngine& engine, std::string_view text,
                              OwnedSpeech& speech) {
    const bhashatts_request request = request_for(text);
    return bhashatts_engine_synthesize(engine.get(), &request, speech.out());
  }
  static bhashatts_status say(const OwnedEngine& engine, std::string_view text) {
    OwnedSpeech speech;
    return say(engine, text, speech);
  }
  // Where a text that must be there came from.
  static bhashatts_origin origin_of(const OwnedEngine& engine, std::string_view text) {
    OwnedSpeech speech;
    EXPECT_EQ(say(engine, text, speech), BHASHATTS_OK) << bhashatts_error_message();
    return speech.get() == nullptr ? 0 : info_of(speech).origin;
  }

  TempDir dir;
  HostVoice voice;
  bhashatts_synthesizer voice_part{};
  OwnedConfig config;
};

}  // namespace bhashatts::testing
