// The embedded default: the program espeak-ng, run once an utterance, never linked (it is GPL).
#pragma once

#include <memory>
#include <string>

#include "bhashatts/synthesizer.h"

namespace bhashatts::synth {

struct EspeakOptions {
  std::string program = "espeak-ng";  // a path, or a name looked up on PATH
  std::int32_t concurrency = 0;       // programs at once; 0: one a core
};

// Does no I/O: a missing program shows in status() and raises not_configured in synthesize(),
// naming the package to install.
std::shared_ptr<Synthesizer> make_espeak(const EspeakOptions& options);

}  // namespace bhashatts::synth
