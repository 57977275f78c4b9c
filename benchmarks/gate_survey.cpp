// What the gate makes of stories: gate_survey STORIES.jsonl [PAGES]
//
// Speaks PAGES pages of each language (50 unless told) with espeak-ng, teaches the gate the voice
// by other pages, and prints how many it accepts, and how many it refuses of the same pages damaged
// in five ways. Not a benchmark of time: the numbers that src/engine/voice_pace.cpp quotes are from
// here.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "bhashatts/stories.h"
#include "bhashatts/text.h"
#include "tests/support/gate_trial.h"

namespace {

using bhashatts::testing::GateTrial;
using bhashatts::testing::kDamageNames;
using bhashatts::testing::kDamages;
using Pages = std::map<std::string, std::vector<std::string>>;

Pages read_pages(const char* file) {
  Pages pages;
  std::ifstream in(file);
  for (const auto& story : bhashatts::read_stories(in)) {
    for (const auto& page : story.pages) {
      try {
        pages[story.language].push_back(bhashatts::spoken_text(page));
      } catch (const bhashatts::Error&) {
        continue;  // empty, or too long for one request
      }
    }
  }
  return pages;
}

double percent(int part, int whole) { return whole == 0 ? 0 : 100.0 * part / whole; }

void print_header() {
  std::printf("%-10s %5s %9s %9s", "", "pages", "accepted", "untaught");
  for (const auto name : kDamageNames) std::printf(" %14s", std::string(name).c_str());
  std::printf(" %8s\n", "refused");
}

void print_row(const std::string& name, const GateTrial& trial) {
  std::printf("%-10s %5d %8.1f%% %8.1f%%", name.c_str(), trial.pages,
              percent(trial.accepted, trial.pages), percent(trial.accepted_cold, trial.pages));
  for (const int refused : trial.refused) std::printf(" %13.1f%%", percent(refused, trial.pages));
  std::printf(" %7.1f%%\n",
              percent(trial.refused_in_all(), trial.pages * static_cast<int>(kDamages)));
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: gate_survey STORIES.jsonl [PAGES]\n");
    return 2;
  }
  const std::size_t wanted = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 50;
  GateTrial all;
  print_header();
  for (const auto& [language, pages] : read_pages(arguments[1])) {
    const auto trial =
        bhashatts::testing::try_gate(language, pages, std::min(wanted, pages.size() / 2));
    print_row(language, trial);
    all.add(trial);
  }
  print_row("all", all);
  for (const auto& refusal : all.refusals) std::printf("  %s\n", refusal.c_str());
  return 0;
}
