// Reads stories aloud into WAV files, then asks for every page again, and prints what each took.
//
//   read_aloud STORIES.jsonl OUTPUT_DIRECTORY
//
// The second time is a hit: it costs no synthesis, on any later run either.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "bhashatts/engine.h"

namespace {

namespace fs = std::filesystem;

struct Timed {
  bhashatts::Speech speech;
  double ms;
};

Timed speak(bhashatts::TtsEngine& engine, const bhashatts::Story& story, std::int32_t page) {
  const auto start = std::chrono::steady_clock::now();
  auto speech = engine.synthesize({.text = story.pages[static_cast<std::size_t>(page) - 1],
                                   .language = story.language,
                                   .story_id = story.story_id,
                                   .page_number = page});
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return {std::move(speech), took.count()};
}

void write_wav(const fs::path& file, const bhashatts::Speech& speech) {
  std::ofstream out(file, std::ios::binary);
  const auto bytes = speech.audio().chars();
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

void read_page(bhashatts::TtsEngine& engine, const bhashatts::Story& story, std::int32_t page,
               const fs::path& directory) {
  const Timed first = speak(engine, story, page);
  const Timed second = speak(engine, story, page);
  write_wav(directory / (story.story_id + "-" + std::to_string(page) + ".wav"), second.speech);
  std::printf(
      "%-12s %4d  %-10s %7.2f s %10.2f ms %-11s %9.3f ms %-7s %7zu KB\n", story.story_id.c_str(),
      page, story.language.c_str(), static_cast<double>(first.speech.metadata().duration_ms) / 1000,
      first.ms, std::string(name(first.speech.origin())).c_str(), second.ms,
      std::string(name(second.speech.origin())).c_str(), first.speech.audio().size() / 1024);
}

int run(const fs::path& stories, const fs::path& directory) {
  std::ifstream file(stories);
  if (!file) throw std::runtime_error("cannot read " + stories.string());
  fs::create_directories(directory);
  auto engine = bhashatts::TtsEngine::open(bhashatts::Config::from_environment());
  std::printf("%-12s %4s  %-10s %9s %13s %-11s %12s %-7s %10s\n", "story", "page", "language",
              "duration", "first time", "from", "second time", "from", "size");
  for (const bhashatts::Story& story : bhashatts::read_stories(file)) {
    for (std::int32_t page = 1; page <= static_cast<std::int32_t>(story.pages.size()); ++page) {
      read_page(engine, story, page, directory);
    }
  }
  const bhashatts::Stats stats = engine.stats();
  std::printf("\n%lld utterances synthesised, ever, in %s. The WAV files are in %s.\n",
              static_cast<long long>(stats.utterances_synthesized),
              engine.config().data_dir.c_str(), directory.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: read_aloud STORIES.jsonl OUTPUT_DIRECTORY\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "read_aloud: %s\n", error.what());
    return 1;
  }
}
