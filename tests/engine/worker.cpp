// A process of its own for tests of what processes do to each other: one engine with a
// CountedSynthesizer, driven by lines on standard input (see kCommands). What it acknowledges on
// standard output has happened before; a test that kills it knows what was promised.
//
//   worker --dir DIR --counter FILE [--gate FILE] [--price MICRO_USD] [--samples N]
//          [--set NAME=VALUE]... [--die-at N] [--stop-before CALL | --stop-after CALL]
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bhashatts/engine.h"
#include "tests/engine/break_points.h"
#include "tests/engine/counted_synthesizer.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;

// One write, so that lines of several threads stay whole, and of a process that is killed too.
void tell(const std::string& line) {
  const std::string bytes = line + '\n';
  if (::write(STDOUT_FILENO, bytes.data(), bytes.size()) < 0) std::_Exit(4);
}

struct Options {
  Config config;
  CountedOptions counted;
};

void set(Config& config, const std::string& assignment) {
  const auto equals = assignment.find('=');
  config.set(assignment.substr(0, equals), assignment.substr(equals + 1));
}

Options parse(int argc, char** argv) {
  Options options;
  const std::map<std::string, std::function<void(const std::string&)>> known{
      {"--dir", [&](const auto& value) { options.config.data_dir = value; }},
      {"--counter", [&](const auto& value) { options.counted.counter = value; }},
      {"--gate", [&](const auto& value) { options.counted.gate = value; }},
      {"--price", [&](const auto& value) { options.counted.price_micro_usd = std::stoll(value); }},
      {"--samples", [&](const auto& value) { options.counted.samples = std::stoull(value); }},
      {"--set", [&](const auto& value) { set(options.config, value); }},
      {"--die-at", [](const auto& value) { die_at(std::stoull(value)); }},
      {"--stop-before", [](const auto& value) { stop_at(value, false); }},
      {"--stop-after", [](const auto& value) { stop_at(value, true); }}};
  for (int i = 1; i + 1 < argc; i += 2) known.at(argv[i])(argv[i + 1]);
  return options;
}

class Worker {
 public:
  explicit Worker(TtsEngine& engine) : engine_(engine) {}

  // Returns when there are no more commands; false in a forked child that shall end.
  bool run() {
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream rest(line);
      std::string command;
      rest >> command >> std::ws;
      if (command == "fork-and-end" && !fork_and_end()) return false;
      if (const auto found = kCommands.find(command); found != kCommands.end()) {
        (this->*found->second)(rest);
      }
    }
    for (std::thread& thread : askers_) thread.join();
    return true;
  }

 private:
  using Command = void (Worker::*)(std::istringstream&);
  static const std::map<std::string, Command> kCommands;

  static std::string text_of(std::istringstream& rest) {
    std::string text;
    std::getline(rest, text);
    return text;
  }

  static void acknowledge(const std::string& text, const Speech& speech) {
    if (!speaks(speech, text)) return tell("wrong " + text_id(text));
    tell("ok " + text_id(text) + ' ' + speech.cache_key().hex() + ' ' + audio_hash(speech.audio()) +
         ' ' + std::to_string(speech.metadata().take) + ' ' + std::string(name(speech.origin())) +
         ' ' + text);
  }

  void ask(const SpeechRequest& request) {
    const std::string text(request.text);
    try {
      acknowledge(text, engine_.synthesize(request));
    } catch (const Error& error) {
      tell("error " + std::string(name(error.code())) + ' ' + text_id(text) + ' ' + error.what());
    }
  }

  void say(std::istringstream& rest) { ask({.text = text_of(rest)}); }

  void page(std::istringstream& rest) {
    std::string story;
    std::int32_t number = 0;
    rest >> story >> number >> std::ws;
    ask({.text = text_of(rest), .story_id = story, .page_number = number});
  }

  void lookup(std::istringstream& rest) {
    const std::string text = text_of(rest);
    const auto speech = engine_.lookup({.text = text});
    speech ? acknowledge(text, *speech) : tell("none " + text_id(text));
  }

  void reject(std::istringstream& rest) { reject_text(text_of(rest)); }

  void reject_text(const std::string& text) {
    tell("rejecting " + text_id(text));
    try {
      engine_.reject({.text = text});
      tell("rejected " + text_id(text));
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      tell("unknown " + text_id(text));
    }
  }

  // burst THREADS TIMEOUT_MS TEXT: all ask at once, and say so first.
  void burst(std::istringstream& rest) {
    int threads = 0;
    int timeout = 0;
    rest >> threads >> timeout >> std::ws;
    for (const std::string text = text_of(rest); threads > 0; --threads) {
      askers_.emplace_back([this, text, timeout] {
        tell("asking " + text_id(text));
        ask({.text = text, .timeout = milliseconds(timeout)});
      });
    }
  }

  // storm THREADS TIMEOUT_MS COUNT TEXT: each thread asks for TEXT0, TEXT1 ... TEXT<COUNT - 1>, and
  // each begins elsewhere.
  void storm(std::istringstream& rest) {
    std::size_t threads = 0;
    int timeout = 0;
    std::size_t count = 0;
    rest >> threads >> timeout >> count >> std::ws;
    const std::string text = text_of(rest);
    for (std::size_t thread = 0; thread < threads; ++thread) {
      askers_.emplace_back([this, text, timeout, count, first = thread * count / threads] {
        for (std::size_t i = 0; i < count; ++i) {
          const std::string one = text + std::to_string((first + i) % count);
          ask({.text = one, .timeout = milliseconds(timeout)});
        }
      });
    }
  }

  // write SEED THREADS: until it is killed.
  void write(std::istringstream& rest) {
    std::uint64_t seed = 0;
    int threads = 0;
    rest >> seed >> threads;
    for (unsigned i = 0; i < static_cast<unsigned>(threads); ++i) {
      askers_.emplace_back([this, seed, i] { write_for_ever(seed, i); });
    }
  }

  void write_for_ever(std::uint64_t seed, unsigned thread) {
    std::minstd_rand random(static_cast<std::uint_fast32_t>(seed * 31 + 7 * (thread + 1)));
    const std::string mine = "पाठ " + std::to_string(seed) + ' ' + std::to_string(thread) + ' ';
    for (std::uint_fast32_t made = 0;;) {
      const auto dice = random() % 100;
      const std::string old = mine + std::to_string(made > 0 ? random() % made : 0);
      if (dice < 5 && made > 0) {
        reject_text(old);
      } else if (dice < 30 && made > 0) {
        ask({.text = old});
      } else if (dice < 45) {  // what all processes ask for
        ask({.text = "सबका पाठ " + std::to_string(random() % 400)});
      } else if (dice < 65) {
        ask({.text = mine + std::to_string(made),
             .story_id = mine,
             .page_number = static_cast<std::int32_t>(made) + 1});
        ++made;
      } else {
        ask({.text = mine + std::to_string(made++)});
      }
    }
  }

  // A child that lives on and does nothing, as one of a host's own may.
  void fork_sleeper(std::istringstream&) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(STDOUT_FILENO);
      for (;;) ::pause();
    }
    tell("sleeper " + std::to_string(child));
  }

  // A child that never touches the engine and ends as programs do, by all destructors; its exit
  // status is told. The threads are its parent's: it must leave them alone. Returns false in it.
  bool fork_and_end() {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(60);
      static_cast<void>(new std::vector<std::thread>(std::move(askers_)));
      return false;
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    tell("child " + std::to_string(status));
    return true;
  }

  void flush(std::istringstream&) {
    engine_.flush();
    tell("flushed");
  }

  void verify(std::istringstream&) {
    const VerifyReport report = engine_.verify(false);
    for (const auto& problem : report.problems) {
      tell("problem " + problem.object + ": " + problem.what);
    }
    tell("verified " + std::to_string(report.objects_checked));
  }

  void repair(std::istringstream&) {
    tell("repaired " + std::to_string(engine_.verify(true).problems.size()));
  }

  void close(std::istringstream&) {
    engine_.close();
    tell("closed");
  }

  TtsEngine& engine_;
  std::vector<std::thread> askers_;
};

const std::map<std::string, Worker::Command> Worker::kCommands{
    {"say", &Worker::say},       {"page", &Worker::page},
    {"lookup", &Worker::lookup}, {"reject", &Worker::reject},
    {"burst", &Worker::burst},   {"storm", &Worker::storm},
    {"write", &Worker::write},   {"flush", &Worker::flush},
    {"verify", &Worker::verify}, {"close", &Worker::close},
    {"repair", &Worker::repair}, {"fork-sleeper", &Worker::fork_sleeper}};

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  try {
    auto engine = TtsEngine::open(options.config, counted_parts(options.counted));
    tell("ready");
    if (!Worker(engine).run()) return 0;
  } catch (const Error& error) {
    tell("failed " + std::string(name(error.code())) + ' ' + error.what());
    return 3;
  }
  tell("passed " + std::to_string(break_points_passed()));
  return 0;
}

}  // namespace
}  // namespace bhashatts::testing

int main(int argc, char** argv) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nobody behind
  return bhashatts::testing::run(argc, argv);
}
