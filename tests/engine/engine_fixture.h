// An engine over a temporary data directory and a voice that does as it is told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "bhashatts/engine.h"
#include "bhashatts/log.h"
#include "catalog/catalog.h"
#include "tests/support/fake_blob_store.h"
#include "tests/support/fake_synthesizer.h"
#include "tests/support/fake_tier.h"
#include "tests/support/raised.h"
#include "tests/support/recording_sink.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

inline constexpr std::string_view kText = "एक था राजा। उसकी एक बेटी थी।";
inline constexpr std::string_view kOther = "बादल गरजे और मोर नाच उठा।";

inline std::string bytes_of(const Speech& speech) { return std::string(speech.audio().chars()); }

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    config.data_dir = (dir / "data").string();
    config.min_free_bytes = std::int64_t{1} << 20;
    config.max_attempts = 1;  // what the voice is told to fail with is then what is seen
    set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // failures are on purpose
    give_voice();
  }
  ~EngineTest() override { set_log_sink({}); }

  void give_voice(FakeVoice traits = {}) {
    voice = std::make_shared<FakeSynthesizer>(std::move(traits));
    parts.synthesizer = voice;
  }
  TtsEngine open() const { return TtsEngine::open(config, parts); }

  std::filesystem::path data(const std::string& name) const { return dir / "data" / name; }
  void lose(const std::string& name) const { std::filesystem::remove_all(data(name)); }
  // The same environment that an engine has open: it looks, the engine writes.
  std::unique_ptr<catalog::Catalog> look_into_catalog() const {
    return catalog::Catalog::open(
        {.directory = data("catalog"), .map_bytes = config.catalog_map_bytes});
  }

  TempDir dir;
  Config config;
  Parts parts;
  std::shared_ptr<FakeSynthesizer> voice;
};

}  // namespace bhashatts::testing
