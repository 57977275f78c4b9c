// Exports: opening, closing, asking for speech.
#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "callback.h"
#include "config_object.h"
#include "engine_object.h"
#include "guard.h"
#include "plugins.h"
#include "values.h"

namespace bhashatts::c {
namespace {

Config config_of(const bhashatts_config* config) {
  return config == nullptr ? Config::from_environment() : pinned(config)->get();
}

std::chrono::milliseconds drain_of(std::int64_t ms) {
  constexpr std::chrono::milliseconds kForever = std::chrono::hours(24 * 365);
  return std::min(std::chrono::milliseconds(ms), kForever);
}

}  // namespace

// The contexts are the engine's from the first line on, whatever is wrong with the rest.
BHASHATTS_EXPORT bhashatts_status bhashatts_engine_open(const bhashatts_open_options* options,
                                                        bhashatts_engine** engine) {
  return guarded([&] {
    if (engine != nullptr) *engine = nullptr;
    const bhashatts_open_options given = read_or_defaults(options);
    Contexts contexts(given);
    if (engine == nullptr) refuse_null("engine");
    Parts parts = parts_of(given, contexts);
    *engine = made<bhashatts_engine>(
        std::make_shared<EngineState>(TtsEngine::open(config_of(given.config), std::move(parts))));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_close(bhashatts_engine* engine,
                                                         std::int64_t drain_ms) {
  return guarded([&] {
    InCallback::refuse("close");
    const auto pin = pinned(engine);
    if (drain_ms < 0) return engine_in(pin).close();
    engine_in(pin).close(drain_of(drain_ms));
  });
}

// Closing first, so that calls under way on other threads end soon.
BHASHATTS_EXPORT bhashatts_status bhashatts_engine_destroy(bhashatts_engine* engine) {
  return guarded([&] {
    if (engine == nullptr) return;
    InCallback::refuse("destroy");
    const std::shared_ptr<EngineState> state = pinned(engine)->state;
    state->engine.close();
    destroyed(engine);
    if (state->epoch == process_epoch()) state->unused->acquire();
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_flush(bhashatts_engine* engine) {
  return guarded([&] { engine_in(pinned(engine)).flush(); });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_synthesize(bhashatts_engine* engine,
                                                              const bhashatts_request* request,
                                                              bhashatts_speech** speech) {
  return guarded([&] {
    begin_output(speech, "speech");
    const auto pin = pinned(engine);
    const SpeechRequest wanted = request_of(request);
    *speech = handle_of<bhashatts_speech>(table<SpeechObject>.add_made(
        [&] { return SpeechObject{engine_in(pin).synthesize(wanted)}; }));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_lookup(bhashatts_engine* engine,
                                                          const bhashatts_request* request,
                                                          bhashatts_speech** speech) {
  return guarded([&] {
    begin_output(speech, "speech");
    auto found = engine_in(pinned(engine)).lookup(request_of(request));
    if (!found) throw Error(ErrorCode::not_found, "this speech is not kept; synthesize makes it");
    *speech = made<bhashatts_speech>(*std::move(found));
  });
}

}  // namespace bhashatts::c
