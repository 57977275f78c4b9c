#include "bhashatts/error.h"
#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

TEST_F(CatalogTest, KeepsWhatWasMadeOverAReopening) {
  const UtteranceRecord utterance = utterance_of("मछली जल में है।");
  catalog->commit(made_of(utterance, 360));
  reopen();
  const auto read = catalog->utterance(utterance.metadata.key);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->metadata, utterance.metadata);
  EXPECT_EQ(read->description, utterance.description);
  EXPECT_EQ(catalog->totals().utterances, 1);
  EXPECT_EQ(catalog->totals().paid_micro_usd, 360);
  EXPECT_FALSE(catalog->was_damaged());
}

TEST_F(CatalogTest, CommitsASpeechTogetherWithItsOneUtterance) {
  Made made = made_of(utterance_of("सूरज निकला।"));
  made.speech = speech_of("सूरज निकला।", {made.utterance});
  catalog->commit(made);
  ASSERT_TRUE(catalog->speech(made.speech->record.metadata.key));
  EXPECT_EQ(catalog->totals().entries, 1);
  EXPECT_EQ(catalog->totals().paid_attempts, 0);
  EXPECT_EQ(catalog->events_after(0, 10).size(), 1U);
}

TEST_F(CatalogTest, RemembersTheVoiceProfile) {
  EXPECT_EQ(catalog->voice_profile(), "");
  catalog->set_voice_profile("roster");
  reopen();
  EXPECT_EQ(catalog->voice_profile(), "roster");
}

TEST_F(CatalogTest, PuttingASpeechAgainChangesNothing) {
  const SpeechEntry speech = keep("तारे चमके।");
  const auto events = catalog->events_after(0, 10).size();
  catalog->put_speech(speech);
  EXPECT_EQ(catalog->events_after(0, 10).size(), events);
  EXPECT_EQ(catalog->totals().entries, 1);
  EXPECT_EQ(catalog->totals().size_bytes, 1000);
}

TEST_F(CatalogTest, ReplacingASpeechKeepsItsCounters) {
  SpeechEntry speech = keep("हवा चली।");
  const std::vector rows{hit_of(speech, 7)};
  catalog->add_usage(rows);
  speech.record.metadata.size_bytes = 1500;
  catalog->put_speech(speech);
  const auto read = catalog->speech(speech.record.metadata.key);
  EXPECT_EQ(read->record.access_count, 7);
  EXPECT_EQ(read->record.last_accessed_at, 1'700'000'000);
  EXPECT_EQ(catalog->totals().size_bytes, 1500);
  EXPECT_EQ(read->record.text_hash, text_hash("हवा चली।"));
}

TEST_F(CatalogTest, LinksOneSpeechToManyPages) {
  SpeechEntry speech = keep("अंत।");
  for (const std::int32_t page : {3, 9}) {
    speech.record.story_id = "story";
    speech.record.page_number = page;
    catalog->put_speech(speech);
  }
  EXPECT_EQ(catalog->page_speech("story", 3, "calm"), speech.record.metadata.key);
  EXPECT_EQ(catalog->page_speech("story", 9, "calm"), speech.record.metadata.key);
  EXPECT_FALSE(catalog->page_speech("story", 9, "storyteller"));
  EXPECT_FALSE(catalog->page_speech("story", 4, "calm"));
}

TEST_F(CatalogTest, MovesAPageToItsEditedTextInEveryFormat) {
  const UtteranceRecord part = utterance_of("पुराना।");
  SpeechEntry before = speech_of("पुराना।", {part});
  SpeechEntry opus = speech_of("पुराना।", {part}, AudioFormat::opus);
  SpeechEntry after = speech_of("नया।", {utterance_of("नया।")});
  catalog->commit(made_of(part));
  catalog->commit(made_of(utterance_of("नया।")));
  for (SpeechEntry* speech : {&before, &opus, &after}) {
    speech->record.story_id = "story";
    speech->record.page_number = 1;
    catalog->put_speech(*speech);
  }
  EXPECT_EQ(catalog->page_speech("story", 1, "calm"), after.record.metadata.key);
  EXPECT_FALSE(catalog->page_speech("story", 1, "calm", AudioFormat::opus));
  EXPECT_EQ(catalog->totals().entries, 3);
}

TEST_F(CatalogTest, KeepsNoSpeechOfAnUtteranceThatItDoesNotKnow) {
  const UtteranceRecord forgotten = utterance_of("भूला हुआ।");
  const SpeechEntry late = speech_of("भूला हुआ।", {forgotten});
  catalog->put_speech(late);
  EXPECT_FALSE(catalog->speech(late.record.metadata.key));
  EXPECT_EQ(catalog->totals().entries, 0);
}

TEST_F(CatalogTest, CountsAnUtteranceThatIsCommittedAgainOnce) {
  const UtteranceRecord healed = utterance_of("ठीक हुआ।");
  catalog->commit(made_of(healed));
  catalog->commit(made_of(healed));
  EXPECT_EQ(catalog->totals().utterances, 1);
  EXPECT_EQ(catalog->totals().generation_time_ms, 40);
}

TEST_F(CatalogTest, KeepsPagesOfHostileStoryIdsApart) {
  const std::vector<std::string> ids{
      std::string(1024, 'x'), std::string("a\0b", 3), "a", "../../etc/passwd", "\xff\xfe", "a:1"};
  std::vector<SpeechEntry> speeches;
  for (const std::string& id : ids) {
    speeches.push_back(speech_of("पाठ " + id, {}));
    speeches.back().record.story_id = id;
    speeches.back().record.page_number = 1;
    catalog->put_speech(speeches.back());
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(catalog->page_speech(ids[i], 1, "calm"), speeches[i].record.metadata.key);
  }
  speeches[0].record.story_id += 'x';
  EXPECT_THROW(catalog->put_speech(speeches[0]), Error);
}

TEST_F(CatalogTest, WritesNothingWhenTheMapIsFull) {
  CatalogOptions small = options_for(temp / "small");
  small.map_bytes = 1 << 20;
  const auto full = Catalog::open(small);
  UtteranceRecord record = utterance_of("");
  int made = 0;
  try {
    for (; made < 1000; ++made) {
      record = utterance_of("page " + std::to_string(made));
      record.description.assign(10'000, 'd');
      full->commit(made_of(record, 5));
    }
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::storage_full);
  }
  EXPECT_LT(made, 1000);
  EXPECT_FALSE(full->utterance(record.metadata.key));
  EXPECT_EQ(full->totals().utterances, made);
  EXPECT_EQ(full->totals().paid_micro_usd, 5 * made);
}

}  // namespace
}  // namespace bhashatts::catalog
