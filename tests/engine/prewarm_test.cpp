// Stories spoken ahead of time: every page once, and the report adds up.
#include <stop_token>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

Story story(std::string id, std::vector<std::string> pages, std::string language = "HINDI") {
  return {.story_id = std::move(id),
          .title = "",
          .language = std::move(language),
          .pages = std::move(pages)};
}

std::vector<std::string> pages(const std::string& name, int count) {
  std::vector<std::string> all;
  for (int i = 1; i <= count; ++i) all.push_back(name + " का पन्ना " + std::to_string(i));
  return all;
}

class PrewarmTest : public EngineTest {
 protected:
  std::vector<Story> stories{story("moon", pages("चाँद", 3)), story("sun", pages("सूरज", 2)),
                             story("nila", {"நிலா", "ஓடி வா"}, "TAMIL")};
};

TEST_F(PrewarmTest, EveryPageIsMadeOnce) {
  TtsEngine engine = open();
  const PrewarmReport first = engine.prewarm(stories);
  EXPECT_EQ(first.stories_total, 3);
  EXPECT_EQ(first.pages_total, 7);
  EXPECT_EQ(first.pages_generated, 7);
  EXPECT_EQ(first.pages_cached, 0);
  const PrewarmReport second = engine.prewarm(stories);
  EXPECT_EQ(second.pages_cached, 7);
  EXPECT_EQ(second.pages_generated, 0);
  EXPECT_EQ(voice->calls(), 7);
  EXPECT_TRUE(engine.story_page_url("moon", 3));
}

TEST_F(PrewarmTest, PagesAlikeAreMadeOnce) {
  stories = {story("echo", {"सुनो", "सुनो", "सुनो"})};
  const PrewarmReport report = open().prewarm(stories);
  EXPECT_EQ(report.pages_generated, 1);
  EXPECT_EQ(report.pages_cached, 2);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(PrewarmTest, BadPagesAreRejected) {
  stories = {story("b", {"अच्छा", "", std::string(5'001, 'a')}), story("a", {"\xFF"}),
             story("c", {"hello"}, "KLINGON")};
  const PrewarmReport report = open().prewarm(stories, {.concurrency = 3});
  EXPECT_EQ(report.pages_rejected, 4);
  EXPECT_EQ(report.pages_generated, 1);
  EXPECT_EQ(report.pages_failed, 0);
  ASSERT_EQ(report.problems.size(), 4U);
  EXPECT_EQ(report.problems[0].code, "text_empty");
  EXPECT_EQ(report.problems[0].page_number, 2);
  EXPECT_EQ(report.problems[1].code, "text_too_long");
  EXPECT_EQ(report.problems[2].code, "text_not_utf8");
  EXPECT_EQ(report.problems[3].code, "language_unknown");
  EXPECT_TRUE(report.problems[3].rejected);
}

TEST_F(PrewarmTest, ProblemsStandInTheOrderOfThePages) {
  stories = {story("z", {"", "अच्छा", ""}), story("a", {""})};
  const PrewarmReport report = open().prewarm(stories, {.concurrency = 2});
  ASSERT_EQ(report.problems.size(), 3U);
  EXPECT_EQ(report.problems[0].story_id, "z");
  EXPECT_EQ(report.problems[0].page_number, 1);
  EXPECT_EQ(report.problems[1].page_number, 3);
  EXPECT_EQ(report.problems[2].story_id, "a");
}

TEST_F(PrewarmTest, AFailedPageIsTriedAgainByTheNextRun) {
  voice->fail_next(Error(ErrorCode::upstream_failed, "no", true), 2);
  TtsEngine engine = open();
  const PrewarmReport first = engine.prewarm(stories);
  EXPECT_EQ(first.pages_failed, 2);
  EXPECT_EQ(first.pages_generated, 5);
  EXPECT_FALSE(first.problems.at(0).rejected);
  EXPECT_EQ(engine.prewarm(stories).pages_generated, 2);
}

TEST_F(PrewarmTest, AnInterruptedRunGoesOnWhereItWas) {
  TtsEngine engine = open();
  std::stop_source interrupt;
  PrewarmOptions options{.concurrency = 1, .stop = interrupt.get_token()};
  options.progress = [&](const PrewarmProgress& progress) {
    if (progress.pages_done == 3) interrupt.request_stop();
  };
  const PrewarmReport first = engine.prewarm(stories, options);
  EXPECT_EQ(first.pages_generated, 3);
  EXPECT_EQ(first.pages_not_attempted, 4);
  const PrewarmReport second = engine.prewarm(stories);
  EXPECT_EQ(second.pages_cached, 3);
  EXPECT_EQ(second.pages_generated, 4);
  EXPECT_EQ(voice->calls(), 7);
}

TEST_F(PrewarmTest, ADryRunForetellsAndMakesNothing) {
  give_voice({.limits = {.concurrency = 2, .max_cost_micro_usd = 1'000}, .cost_micro_usd = 400});
  TtsEngine engine = open();
  engine.synthesize({.text = stories[0].pages[0]});
  const PrewarmReport report = engine.prewarm(stories, {.dry_run = true});
  EXPECT_EQ(report.pages_cached, 1);
  EXPECT_EQ(report.pages_generated, 6);
  EXPECT_EQ(report.total_cost_micro_usd, 6'000);
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_EQ(engine.stats().total_accesses, 0);
  EXPECT_EQ(engine.prewarm(stories).total_cost_micro_usd, 6 * 400);
}

TEST_F(PrewarmTest, FiltersChooseTheStories) {
  TtsEngine engine = open();
  EXPECT_EQ(engine.prewarm(stories, {.language = "TAMIL"}).pages_total, 2);
  EXPECT_EQ(engine.prewarm(stories, {.story_id = "sun"}).pages_total, 2);
  EXPECT_EQ(engine.prewarm(stories, {.limit = 1}).pages_total, 3);
  EXPECT_EQ(engine.prewarm(stories, {.language = "TAMIL", .limit = 1}).stories_total, 1);
  EXPECT_EQ(engine.prewarm(stories, {.limit = 0}).stories_total, 0);
  EXPECT_EQ(engine.prewarm(stories, {.story_id = "none"}).pages_total, 0);
}

TEST_F(PrewarmTest, StyleAndFormatAreObeyed) {
  TtsEngine engine = open();
  engine.prewarm(stories, {.voice_style = "calm", .format = AudioFormat::flac});
  const std::string_view text = stories[0].pages[0];
  EXPECT_FALSE(engine.lookup({.text = text}));
  EXPECT_EQ(engine.synthesize({.text = text, .voice_style = "calm", .format = AudioFormat::flac})
                .origin(),
            Origin::memory);
}

TEST_F(PrewarmTest, WhatFailsForAllEndsTheRun) {
  for (const ErrorCode code :
       {ErrorCode::not_configured, ErrorCode::unauthorized, ErrorCode::credits_exhausted,
        ErrorCode::budget_exhausted, ErrorCode::storage_full, ErrorCode::storage_read_only}) {
    give_voice();
    voice->fail_next(Error(code, "no"), 100);
    const PrewarmReport report = open().prewarm(stories, {.concurrency = 1});
    EXPECT_EQ(report.pages_failed, 1) << name(code);
    EXPECT_EQ(report.pages_not_attempted, 6) << name(code);
    EXPECT_EQ(report.problems.at(0).code, name(code));
  }
}

TEST_F(PrewarmTest, ProgressOnlyGrowsAndEndsAtTheTotal) {
  std::vector<PrewarmProgress> seen;
  PrewarmOptions options{.concurrency = 4};
  options.progress = [&](const PrewarmProgress& progress) { seen.push_back(progress); };
  open().prewarm(stories, options);
  ASSERT_EQ(seen.size(), 7U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    EXPECT_GE(seen[i].pages_done, seen[i - 1].pages_done);
    EXPECT_GE(seen[i].elapsed_ms, seen[i - 1].elapsed_ms);
  }
  EXPECT_EQ(seen.back().pages_done, 7);
  EXPECT_EQ(seen.back().pages_generated, 7);
}

TEST_F(PrewarmTest, BadOptionsRaise) {
  TtsEngine engine = open();
  const auto refusal = [&](const PrewarmOptions& options) {
    return code_of([&] { engine.prewarm(stories, options); });
  };
  EXPECT_EQ(refusal({.language = "KLINGON"}), ErrorCode::language_unknown);
  EXPECT_EQ(refusal({.voice_style = "grumpy"}), ErrorCode::voice_style_unknown);
  EXPECT_EQ(refusal({.limit = -1}), ErrorCode::bad_request);
  EXPECT_EQ(refusal({.concurrency = -1}), ErrorCode::bad_request);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(PrewarmTest, ItUsesAllThatTheSynthesizerBears) {
  give_voice({.limits = {.concurrency = 3}});
  TtsEngine engine = open();
  voice->hold();
  std::thread run([&] { engine.prewarm(stories); });
  voice->await_calls(3);
  voice->release();
  run.join();
  EXPECT_EQ(voice->most_at_once(), 3);
}

}  // namespace
}  // namespace bhashatts::testing
