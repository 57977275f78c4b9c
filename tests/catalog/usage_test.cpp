#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

TEST_F(CatalogTest, CountsHitsAndWhatTheySaved) {
  const SpeechEntry speech = keep("फूल खिले।");
  UsageRow paid = hit_of(speech);
  paid.usage.was_cached = false;
  paid.usage.origin = "synthesized";
  UsageRow failed;
  failed.usage.status = UsageStatus::error;
  catalog->add_usage(std::vector{paid, hit_of(speech, 4), failed, hit_of(speech)});
  const Totals totals = catalog->totals();
  EXPECT_EQ(totals.accesses, 5);
  EXPECT_EQ(totals.saved_micro_usd, 5 * 360);
  EXPECT_EQ(totals.requests[0], 5);
  EXPECT_EQ(totals.requests[5], 1);
  EXPECT_EQ(totals.requests_failed, 1);
  EXPECT_EQ(catalog->speech(speech.record.metadata.key)->record.access_count, 5);
}

TEST_F(CatalogTest, LinksAPageOnAHitAndSaysSoOnce) {
  const SpeechEntry speech = keep("नदी बही।");
  UsageRow row = hit_of(speech);
  row.story_id = "story";
  row.page_number = 4;
  catalog->add_usage(std::vector{row, row});
  catalog->add_usage(std::vector{row});
  EXPECT_EQ(catalog->page_speech("story", 4, "calm"), speech.record.metadata.key);
  int linked = 0;
  for (const Event& event : catalog->events_after(0, 100)) {
    if (event.speech && event.speech->page_number == 4) ++linked;
  }
  EXPECT_EQ(linked, 1);
}

TEST_F(CatalogTest, ShortensWhatIsTooLongInsteadOfLosingTheFlush) {
  const SpeechEntry speech = keep("लंबा।");
  UsageRow row = hit_of(speech);
  row.story_id.assign(5'000, 's');
  row.page_number = 1;
  row.usage.user_id.assign(2'000'000, 'u');
  row.usage.error_message = std::string(999, 'e') + "अ";
  catalog->add_usage(std::vector{row});
  const auto events = catalog->events_after(0, 10);
  EXPECT_EQ(events.back().usage->user_id.size(), 512U);
  EXPECT_EQ(events.back().usage->error_message, std::string(999, 'e'));
  EXPECT_EQ(catalog->totals().accesses, 1);
}

TEST_F(CatalogTest, GivesEventsAgainUntilTheCursorMoves) {
  for (int i = 0; i < 5; ++i) keep("घटना " + std::to_string(i));
  const auto first = catalog->events_after(catalog->cursor("django"), 2);
  ASSERT_EQ(first.size(), 2U);
  reopen();
  EXPECT_EQ(catalog->events_after(catalog->cursor("django"), 2)[0].id, first[0].id);
  catalog->set_cursor("django", first[1].id);
  EXPECT_EQ(catalog->events_after(catalog->cursor("django"), 100).size(), 3U);
  EXPECT_EQ(catalog->cursor(std::string(5'000, 'n')), 0U);
  EXPECT_TRUE(catalog->events_after(~std::uint64_t{0}, 5).empty());
}

TEST_F(CatalogTest, NeverUsesAnEventIdTwice) {
  keep("पहला।");
  const auto last = catalog->events_after(0, 10).back().id;
  EXPECT_EQ(catalog->expire_events(std::int64_t{1} << 60), 1);
  reopen();
  keep("दूसरा।");
  EXPECT_GT(catalog->events_after(0, 10).at(0).id, last);
}

TEST_F(CatalogTest, ExpiresOldEventsOnly) {
  const SpeechEntry speech = keep("समय।");
  catalog->expire_events(std::int64_t{1} << 60);
  std::vector<UsageRow> rows(1'200, hit_of(speech));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].at = static_cast<std::int64_t>(i);
  catalog->add_usage(rows);
  EXPECT_EQ(catalog->expire_events(1'100), 1'100);
  EXPECT_EQ(catalog->events_after(0, 1'000).size(), 100U);
}

}  // namespace
}  // namespace bhashatts::catalog
