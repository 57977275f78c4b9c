// Whether the pages of stories are heard whole: page_survey STORIES.jsonl [PAGES | text]
//
// Speaks PAGES pages (300 unless told), spread evenly over the languages and each language's pages,
// with espeak-ng in utterances of at most 50 aksharas (in Tamil 60), and holds each joined page
// against what was promised of it: length to the sample, no clicks, one loudness, no clipping,
// timings, a small opus. With `text` nothing is spoken: all pages are split, and held against their
// texts and the limit. Exit status: 0 all conditions hold, 1 one does not, 2 usage.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/error.h"
#include "bhashatts/stories.h"
#include "bhashatts/text.h"
#include "tests/support/page_trial.h"
#include "text/aksharas.h"
#include "text/utterances.h"

namespace {

namespace text = bhashatts::text;
using bhashatts::testing::most_aksharas;
using bhashatts::testing::PageFindings;
using bhashatts::testing::PageTrial;
using Pages = std::map<std::string, std::vector<std::string>>;

// What is too long for one request is sent as two, cut at a blank.
void add_page(const std::string& page, std::vector<std::string>& requests) {
  if (bhashatts::count_code_points(page) <= bhashatts::kMaxTextCodePoints) {
    requests.push_back(page);
    return;
  }
  const std::size_t middle = page.find_first_of(" \n", page.size() / 2);
  requests.push_back(page.substr(0, middle));
  requests.push_back(page.substr(middle));
}

Pages read_pages(const char* file) {
  Pages pages;
  std::size_t count = 0;
  std::size_t requests = 0;
  std::ifstream in(file);
  for (const auto& story : bhashatts::read_stories(in)) {
    auto& all = pages[story.language];
    requests -= all.size();
    for (const std::string& page : story.pages) add_page(page, all);
    requests += all.size();
    count += story.pages.size();
  }
  std::printf("%zu pages, %zu of them in two requests\n", count, requests - count);
  return pages;
}

// ---- spoken

// Over pages: the worst, and what nineteen of twenty are no worse than.
class Worst {
 public:
  void add(double value) { values_.push_back(value); }
  double all() const { return at(1.0); }
  double most() const { return at(0.95); }

 private:
  double at(double share) const {
    if (values_.empty()) return 0;
    std::vector<double> sorted = values_;
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
  }
  std::vector<double> values_;
};

struct Row {
  int pages = 0;
  int whole = 0;  // pages at which all conditions hold
  std::size_t utterances = 0;
  double seconds = 0;
  Worst steps, steps_beside, before, uneven, sound, loud, peaks;
  Worst opus;  // negative: small is bad

  void add(const PageFindings& page) {
    pages += 1;
    whole += page.faults.empty() ? 1 : 0;
    utterances += page.utterances;
    seconds += page.seconds;
    if (page.utterances > 1) {
      steps.add(page.step_at_joins);
      steps_beside.add(page.step_beside);
      before.add(page.uneven_before);
      uneven.add(page.uneven);
      sound.add(page.uneven_sound);
      loud.add(page.uneven_loud);
      peaks.add(page.peak);
    }
    if (page.utterances > 0) opus.add(-page.wav_per_opus);
  }
};

// Two numbers a column: of nineteen pages in twenty, and the worst.
void print_header() {
  std::printf("%-10s %5s %5s %6s %7s", "", "pages", "whole", "utter.", "minutes");
  for (const char* column : {"step at join", "beside it", "dB as spoken", "dB between",
                             "of all sound", "loud frames", "dBFS peak", "wav/opus"}) {
    std::printf(" %13s", column);
  }
  std::printf("\n");
}

void print_row(const std::string& name, const Row& row) {
  std::printf("%-10s %5d %5d %6zu %7.1f", name.c_str(), row.pages, row.whole, row.utterances,
              row.seconds / 60);
  for (const Worst* column : {&row.steps, &row.steps_beside, &row.before, &row.uneven, &row.sound,
                              &row.loud, &row.peaks}) {
    std::printf(" %6.3f %6.3f", column->most(), column->all());
  }
  std::printf(" %6.2f %6.2f\n", -row.opus.most(), -row.opus.all());
}

int speak(const Pages& all, std::size_t wanted) {
  PageTrial trial;
  Row total;
  std::vector<std::string> faults;
  print_header();
  std::size_t languages = all.size();
  for (const auto& [language, pages] : all) {
    Row row;
    const std::size_t count = std::min(pages.size(), wanted / languages);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t number = i * pages.size() / count;
      const PageFindings page = trial.hear(language, pages[number]);
      row.add(page);
      total.add(page);
      for (const std::string& fault : page.faults) {
        faults.push_back(language + " page " + std::to_string(number) + ": " + fault);
      }
    }
    print_row(language, row);
    std::fflush(stdout);
    wanted -= count;  // what a small language lacks, the others give
    --languages;
  }
  print_row("all", total);
  for (const std::string& fault : faults) std::printf("  %s\n", fault.c_str());
  return faults.empty() ? 0 : 1;
}

// ---- text only

struct Split {
  int pages = 0;
  std::size_t utterances = 0;
  std::size_t most_in_page = 0;
  double heaviest = 0;
  int torn = 0;   // pages whose utterances are not the page
  int over = 0;   // utterances over the limit
  int light = 0;  // utterances under 8 aksharas

  void add(const Split& other) {
    pages += other.pages;
    utterances += other.utterances;
    most_in_page = std::max(most_in_page, other.most_in_page);
    heaviest = std::max(heaviest, other.heaviest);
    torn += other.torn;
    over += other.over;
    light += other.light;
  }
};

bool is_blank(std::string_view between) {
  return between.find_first_not_of(" \n") == std::string_view::npos;
}

// The wholes are the page; what is spoken of each is all of it but blanks.
bool is_whole(std::string_view page, const std::vector<text::TextUtterance>& utterances) {
  std::string joined;
  for (const auto& one : utterances) {
    const auto at = static_cast<std::size_t>(one.spoken.data() - one.whole.data());
    const bool inside = one.spoken.data() >= one.whole.data() && !one.spoken.empty() &&
                        at + one.spoken.size() <= one.whole.size();
    if (!inside || !is_blank(one.whole.substr(0, at)) ||
        !is_blank(one.whole.substr(at + one.spoken.size()))) {
      return false;
    }
    joined += one.whole;
  }
  return joined == page;
}

void split_page(const std::string& language, const std::string& page, Split& split) {
  const std::string spoken = bhashatts::spoken_text(page);
  const double most = most_aksharas(language);
  const auto utterances = text::utterances(spoken, {.language = language, .most = most});
  split.pages += 1;
  split.utterances += utterances.size();
  split.most_in_page = std::max(split.most_in_page, utterances.size());
  split.torn += is_whole(spoken, utterances) ? 0 : 1;
  for (const auto& one : utterances) {
    const double weight = text::akshara_weight(one.spoken);
    split.heaviest = std::max(split.heaviest, weight);
    split.over += weight > most ? 1 : 0;
    split.light += weight < 8 ? 1 : 0;
  }
}

void print_split(const std::string& name, const Split& split) {
  std::printf("%-10s %6d %10zu %9zu %9.1f %6d %10d %8d\n", name.c_str(), split.pages,
              split.utterances, split.most_in_page, split.heaviest, split.torn, split.over,
              split.light);
}

int split_all(const Pages& all) {
  Split total;
  std::printf("%-10s %6s %10s %9s %9s %6s %10s %8s\n", "", "pages", "utterances", "in a page",
              "heaviest", "torn", "over limit", "under 8");
  for (const auto& [language, pages] : all) {
    Split split;
    for (const std::string& page : pages) split_page(language, page, split);
    print_split(language, split);
    total.add(split);
  }
  print_split("all", total);
  return total.torn + total.over == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: page_survey STORIES.jsonl [PAGES | text]\n");
    return 2;
  }
  const Pages pages = read_pages(arguments[1]);
  if (count > 2 && std::string_view(arguments[2]) == "text") return split_all(pages);
  return speak(pages, count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 300);
}
