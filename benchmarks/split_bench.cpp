// A page into utterances, in megabytes a second, beside the least that could be done: decoding the
// page (rival: require_utf8), and weighing all of it (what a splitter would cost that weighs each
// sentence). Without arguments the texts are the passages of our tests; with the name of a file of
// stories (JSON Lines) they are its pages: split_bench STORIES.jsonl
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "bhashatts/stories.h"
#include "bhashatts/text.h"
#include "tests/text/passages.h"
#include "text/aksharas.h"
#include "text/offsets.h"
#include "text/utf8.h"
#include "text/utterances.h"

namespace {

namespace text = bhashatts::text;

struct Page {
  std::string language;
  std::string spoken;
};

std::vector<Page>& pages() {
  static std::vector<Page> all;
  return all;
}

void add_page(const std::string& language, const std::string& page) {
  try {
    pages().push_back({language, bhashatts::spoken_text(page)});
  } catch (const bhashatts::Error&) {  // too long, or empty
  }
}

void read_stories(const std::string& file) {
  std::ifstream in(file);
  for (const auto& story : bhashatts::read_stories(in)) {
    for (const std::string& page : story.pages) add_page(story.language, page);
  }
}

std::size_t size_of_pages() {
  std::size_t size = 0;
  for (const Page& page : pages()) size += page.spoken.size();
  return size;
}

// Megabytes a second over all pages, the best of some runs.
template <typename Call>
double rate(const Call& call) {
  double best = 0.0;
  for (int run = 0; run < 9; ++run) {
    const auto start = std::chrono::steady_clock::now();
    for (const Page& page : pages()) call(page);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(size_of_pages()) / took.count() / 1e6);
  }
  return best;
}

void decode(const Page& page) { text::require_utf8(page.spoken); }

void weigh(const Page& page) { benchmark::DoNotOptimize(text::akshara_weight(page.spoken)); }

template <typename Call>
void report(benchmark::State& state, const Call& ours) {
  for (auto _ : state) {
    for (const Page& page : pages()) ours(page);
  }
  const double own = rate(ours);
  state.counters["MB/s"] = own;
  state.counters["ratio_to_decoding"] = rate(decode) / own;
  state.counters["ratio_to_weighing"] = rate(weigh) / own;
}

void BM_Split(benchmark::State& state) {
  const auto most = static_cast<double>(state.range(0));
  report(state, [most](const Page& page) {
    benchmark::DoNotOptimize(
        text::utterances(page.spoken, {.language = page.language, .most = most}));
  });
}
BENCHMARK(BM_Split)->ArgName("most")->Arg(0)->Arg(50)->Arg(20);

void BM_SentOffsets(benchmark::State& state) {
  report(state, [](const Page& page) {
    benchmark::DoNotOptimize(text::sent_offsets(page.spoken, page.spoken));
  });
}
BENCHMARK(BM_SentOffsets);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc > 1) {
    read_stories(argv[1]);
  } else {
    for (const auto& passage : bhashatts::testing::all_passages()) {
      add_page(passage.language, passage.text);
    }
  }
  std::cout << pages().size() << " pages, " << size_of_pages() << " bytes\n";
  benchmark::RunSpecifiedBenchmarks();
}
