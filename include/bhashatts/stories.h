// Stories to speak ahead of time.
//
// Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bhashatts/audio.h"
#include "bhashatts/export.h"

namespace bhashatts {

struct Story {
  std::string story_id;
  std::string title;
  std::string language;            // not checked here: prewarm rejects the pages of an unknown one
  std::vector<std::string> pages;  // page n is pages[n - 1]
};

// Reads JSON Lines, one story a line: story_id, title, language, pages; other members are ignored,
// blank lines skipped. Raises stories_invalid, naming the line, at the first line that is no story.
// A line may be at most 16 MiB.
BHASHATTS_API std::vector<Story> read_stories(std::istream& in);

struct PrewarmProgress {
  std::int64_t pages_total = 0;
  std::int64_t pages_done = 0;  // of any outcome
  std::int64_t pages_cached = 0;
  std::int64_t pages_generated = 0;
  std::int64_t pages_rejected = 0;
  std::int64_t pages_failed = 0;
  std::int64_t elapsed_ms = 0;
};

struct PrewarmOptions {
  std::string language = {};               // only stories in it; empty: all
  std::string story_id = {};               // only this story; empty: all
  std::optional<std::int64_t> limit = {};  // at most so many stories; 0: none
  std::string voice_style = {};            // empty: the configured default
  AudioFormat format = AudioFormat::wav;
  std::int32_t concurrency = 0;  // pages at once; 0: the synthesizer's own limit
  bool dry_run = false;          // counts what would be made, and its cost; makes nothing
  std::stop_token stop = {};     // finish what is in hand, begin nothing more
  // Called after each page, by one thread at a time, not always the same one.
  std::function<void(const PrewarmProgress&)> progress = {};
};

struct PrewarmProblem {
  std::string story_id;
  std::int32_t page_number = 0;  // from 1
  std::string code;              // name of the ErrorCode
  std::string message;
  bool rejected = false;  // bad input (rejected), else failed
};

struct PrewarmReport {
  std::int64_t stories_total = 0;
  std::int64_t pages_total = 0;
  std::int64_t pages_cached = 0;
  std::int64_t pages_generated = 0;  // in a dry run: would be made
  std::int64_t pages_rejected = 0;   // bad input
  std::int64_t pages_failed = 0;
  std::int64_t pages_not_attempted = 0;
  std::int64_t total_cost_micro_usd = 0;  // in a dry run: an estimate, upper bound
  std::int64_t elapsed_ms = 0;
  std::vector<PrewarmProblem> problems;  // of rejected and failed pages, in order of the pages
};

}  // namespace bhashatts
