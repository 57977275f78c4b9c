// What the guide's code left behind, adopted: found by its MD5, judged, kept as ours, paid for by
// nobody.
#include "bhashatts/import.h"

#include <gmock/gmock.h>

#include <fstream>
#include <stop_token>

#include "audio/codec.h"
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPage = "चाँद निकला और तारे चमके। बच्चे छत पर दौड़े। सब खुश थे।";

GuideRow row_of(std::string_view text, std::string story_id = {}, std::int32_t page = 0) {
  return {.text = std::string(text),
          .language = "HINDI",
          .cache_key = guide_cache_key(text, "HINDI", "storyteller"),
          .story_id = std::move(story_id),
          .page_number = page,
          .generation_time_ms = 1'500,
          .generation_cost_micro_usd = 360};
}

SharedBytes owned(std::string bytes) { return SharedBytes::adopt(std::move(bytes)); }

class ImportTest : public EngineTest {
 protected:
  ImportTest() {
    // 20 aksharas an utterance: a page is several.
    give_voice({.limits = {.max_aksharas = 20, .concurrency = 4}});
    parts.blob_store = store;
  }

  static std::string object_of(const GuideRow& row) {
    return "audio/tts/" + guide_cache_key(row.text, row.language, row.voice_style) + ".wav";
  }
  void put(const GuideRow& row, std::string bytes) {
    store->put_if_absent(object_of(row), owned(std::move(bytes)), {});
    rows.push_back(row);
  }
  void put(const GuideRow& row) { put(row, fake_wav(row.text)); }

  ImportReport import(TtsEngine& engine, const ImportOptions& options = {}) const {
    auto at = rows.begin();
    return engine.import_guide(
        [&]() -> std::optional<GuideRow> {
          if (at == rows.end()) return std::nullopt;
          return *at++;
        },
        options);
  }

  // Objects of ours.
  std::vector<std::string> masters() const {
    auto names = store->names();
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".flac"); });
    return names;
  }

  std::shared_ptr<FakeBlobStore> store = std::make_shared<FakeBlobStore>();
  std::vector<GuideRow> rows;
};

TEST_F(ImportTest, ASentenceIsServedAsItWasAndNothingIsPaid) {
  put(row_of(kOther, "moon", 1));
  TtsEngine engine = open();
  const ImportReport report = import(engine);
  EXPECT_EQ(report.rows_adopted, 1);
  EXPECT_EQ(report.rows_whole, 0);
  EXPECT_EQ(report.adopted_cost_micro_usd, 360);
  EXPECT_EQ(report.synthesizer, "fake/voice@1");
  const Speech speech = engine.synthesize({.text = kOther});
  EXPECT_TRUE(speech.cached());
  EXPECT_EQ(audio::decode(speech.audio().span()), audio::decode(owned(fake_wav(kOther)).span()));
  EXPECT_EQ(speech.metadata().generation_time_ms, 1'500);
  EXPECT_EQ(voice->calls(), 0);
  EXPECT_EQ(engine.stats().total_entries, 1);
  EXPECT_EQ(engine.stats().paid_attempts, 0);
}

TEST_F(ImportTest, APageOfSeveralSentencesIsServedInOnePieceInEveryFormat) {
  put(row_of(kPage));
  TtsEngine engine = open();
  ASSERT_EQ(import(engine).rows_whole, 1);
  for (const AudioFormat format : kAudioFormats) {
    const Speech speech = engine.synthesize({.text = kPage, .format = format});
    EXPECT_EQ(speech.metadata().format, format);
    EXPECT_EQ(speech.metadata().utterances, 1);
    EXPECT_TRUE(speech.cached());
  }
  const SpeechRequest request{.text = kPage};
  const Speech speech = engine.synthesize(request);
  EXPECT_EQ(engine.timings(request, speech).utterances.size(), 1U);
  EXPECT_GT(engine.timings(request, speech).words.size(), 5U);
  SpeechStream stream = engine.stream(request);
  EXPECT_EQ(stream.next().value().count, 1U);
  EXPECT_FALSE(stream.next());
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ImportTest, WhatWasAskedForBeforeIsReplannedToo) {
  TtsEngine engine = open();
  EXPECT_FALSE(engine.lookup({.text = kPage}));  // the plan is remembered as several sentences
  put(row_of(kPage));
  import(engine);
  EXPECT_TRUE(engine.lookup({.text = kPage}));
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ImportTest, ARejectedPageIsMadeOfItsSentencesAndNeverAdoptedAgain) {
  put(row_of(kPage));
  TtsEngine engine = open();
  import(engine);
  const Key before = engine.synthesize({.text = kPage}).cache_key();
  EXPECT_EQ(engine.reject({.text = kPage}).speeches_dropped, 1);
  const Speech after = engine.synthesize({.text = kPage});
  EXPECT_NE(after.cache_key(), before);
  EXPECT_GT(after.metadata().utterances, 1);
  put(row_of(kOther));
  import(engine);
  engine.reject({.text = kOther});
  const ImportReport again = import(engine);
  EXPECT_EQ(again.rows_already_there, 1);  // the page, by its sentences
  EXPECT_EQ(again.rows_refused, 1);
  EXPECT_THAT(again.problems.at(0).message, HasSubstr("rejected here before"));
}

TEST_F(ImportTest, ASecondRunFindsAllThereAndWritesNothing) {
  put(row_of(kPage));
  put(row_of(kOther));
  rows.push_back(row_of(std::string(kOther) + "  "));  // another MD5, the same speech
  TtsEngine engine = open();
  EXPECT_EQ(import(engine, {.concurrency = 1}).rows_already_there, 1);
  const int puts = store->puts;
  const ImportReport again = import(engine);
  EXPECT_EQ(again.rows_already_there, 3);
  EXPECT_EQ(again.rows_adopted, 0);
  EXPECT_EQ(store->puts, puts);
}

TEST_F(ImportTest, AnotherHostServesWhatThisOneAdopted) {
  put(row_of(kPage));
  put(row_of(kOther));
  {
    TtsEngine here = open();
    ASSERT_EQ(import(here).rows_adopted, 2);
  }
  config.data_dir = (dir / "there").string();
  TtsEngine there = open();
  EXPECT_TRUE(there.lookup({.text = kPage}));
  EXPECT_EQ(there.synthesize({.text = kPage, .format = AudioFormat::flac}).origin(), Origin::blob);
  EXPECT_TRUE(there.synthesize({.text = kOther}).cached());
  EXPECT_EQ(import(there).rows_already_there, 2);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ImportTest, AStreamOnAnotherHostPaysNothingEither) {
  put(row_of(kPage));
  {
    TtsEngine here = open();
    import(here);
  }
  config.data_dir = (dir / "there").string();
  TtsEngine there = open();
  SpeechStream stream = there.stream({.text = kPage});
  EXPECT_EQ(stream.next().value().count, 1U);
  EXPECT_FALSE(stream.next());
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ImportTest, ALostPageIsMadeOfItsSentences) {
  put(row_of(kPage));
  TtsEngine engine = open();
  import(engine);
  store->remove(masters().at(0));
  const Speech speech = engine.synthesize({.text = kPage});
  EXPECT_GT(speech.metadata().utterances, 1);
  EXPECT_EQ(voice->calls(), speech.metadata().utterances);
  EXPECT_EQ(engine.synthesize({.text = kPage}).audio().size(), speech.audio().size());
}

TEST_F(ImportTest, TheGuidesObjectsAreLeftAlone) {
  put(row_of(kPage));
  put(row_of(kOther), "not audio");
  const auto before = store->names();
  TtsEngine engine = open();
  import(engine);
  engine.reject({.text = kPage});
  engine.forget_text(kPage);
  for (const std::string& name : before) EXPECT_TRUE(store->info(name)) << name;
}

TEST_F(ImportTest, FlacUnderTheNameOfWavIsTakenForWhatItIs) {
  const auto pcm = audio::decode(owned(fake_wav(kOther)).span());
  put(row_of(kOther), std::string(audio::encode(pcm, AudioFormat::flac).chars()));
  TtsEngine engine = open();
  EXPECT_EQ(import(engine).rows_adopted, 1);
  EXPECT_EQ(engine.synthesize({.text = kOther}).metadata().format, AudioFormat::wav);
}

TEST_F(ImportTest, EveryRowThatIsLeftOutIsToldWithItsReason) {
  put(row_of("यह टूटा है।"), fake_wav("यह टूटा है।").substr(0, 60));
  put(row_of(kPage), fake_wav("हाँ"));  // a page cut off after a word
  rows.push_back(row_of("यह कहीं नहीं है।"));
  rows.push_back(row_of(" \n"));
  rows.push_back({.text = "a", .language = "BENGALI"});
  rows.push_back({.text = "a", .language = "HINDI", .cache_key = "0123"});
  rows.push_back({.number = 77, .fault = "not valid JSON at byte 3"});
  TtsEngine engine = open();
  const ImportReport report = import(engine, {.concurrency = 1});
  EXPECT_EQ(report.rows_refused, 2);
  EXPECT_EQ(report.rows_missing, 1);
  EXPECT_EQ(report.rows_rejected, 4);
  EXPECT_EQ(report.rows_invalid, 1);
  std::vector<std::string> codes;
  for (const ImportProblem& problem : report.problems) codes.push_back(problem.code);
  EXPECT_THAT(codes, ::testing::ElementsAre("bad_audio", "bad_audio", "not_found", "text_empty",
                                            "language_unknown", "bad_request", "bad_request"));
  EXPECT_EQ(report.problems.back().row, 77);
  EXPECT_EQ(report.problems.front().message.find("try again"), std::string::npos);
  EXPECT_TRUE(masters().empty());
}

TEST_F(ImportTest, ADryRunJudgesAndKeepsNothing) {
  put(row_of(kPage));
  put(row_of(kOther), "not audio");
  TtsEngine engine = open();
  const int puts = store->puts;
  const ImportReport report = import(engine, {.dry_run = true});
  EXPECT_EQ(report.rows_adopted, 1);
  EXPECT_EQ(report.rows_refused, 1);
  EXPECT_EQ(store->puts, puts);
  EXPECT_FALSE(engine.lookup({.text = kPage}));
}

TEST_F(ImportTest, FilesOfADirectoryAreRead) {
  const GuideRow page = row_of(kPage);
  GuideRow renamed = row_of(kOther);
  renamed.audio_url = "/media/audio/tts/" + renamed.cache_key + "_x7Hd9sK.wav";
  std::filesystem::create_directories(dir / "media/audio/tts");
  std::ofstream(dir / ("media/" + object_of(page))) << fake_wav(kPage);
  std::ofstream(dir / ("media/audio/tts/" + renamed.cache_key + "_x7Hd9sK.wav"))
      << fake_wav(kOther);
  rows = {page, renamed, row_of("../../etc/passwd")};
  rows.back().audio_url = "../../../etc/passwd";
  TtsEngine engine = open();
  ImportOptions options;
  options.directory = (dir / "media").string();
  const ImportReport report = import(engine, options);
  EXPECT_EQ(report.rows_adopted, 2);
  EXPECT_EQ(report.rows_missing, 1);
  options.directory = (dir / "media/audio/tts").string();  // without the prefix
  config.data_dir = (dir / "second").string();
  parts.blob_store = std::make_shared<FakeBlobStore>();
  TtsEngine second = open();
  EXPECT_EQ(import(second, options).rows_adopted, 2);
}

TEST_F(ImportTest, AHostsOwnStorageIsAsked) {
  rows = {row_of(kOther)};
  TtsEngine engine = open();
  ImportOptions options;
  options.prefix = "old/";
  options.read = [](const std::string& name) -> std::optional<SharedBytes> {
    EXPECT_EQ(name, "old/" + guide_cache_key(kOther, "HINDI", "storyteller") + ".wav");
    return owned(fake_wav(kOther));
  };
  EXPECT_EQ(import(engine, options).rows_adopted, 1);
}

TEST_F(ImportTest, ThePageIsLinkedAndGetsItsUrlWhenItIsAskedFor) {
  put(row_of(kPage, "moon", 3));
  TtsEngine engine = open();
  import(engine);
  EXPECT_FALSE(engine.story_page_url("moon", 3));  // nothing was copied for it
  engine.synthesize({.text = kPage, .story_id = "moon", .page_number = 3});
  EXPECT_TRUE(engine.story_page_url("moon", 3));
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ImportTest, AnotherDescriptionIsCountedToldInTheMasterAndRefusedOnDemand) {
  config.voice_profile = "roster";
  GuideRow tamil = row_of("நிலா வந்தது.");
  tamil.language = "TAMIL";
  tamil.cache_key.clear();
  put(tamil);
  TtsEngine engine = open();
  const ImportReport refused = import(engine, {.same_description = true});
  EXPECT_EQ(refused.rows_rejected, 1);
  EXPECT_EQ(import(engine).rows_other_description, 1);
  const auto comment = audio::flac_comment(store->get(masters().at(0))->span());
  EXPECT_THAT(comment.value(), HasSubstr(get_voice_description("TAMIL", "storyteller", "guide")));
  config.data_dir = (dir / "guide").string();
  config.voice_profile = "guide";
  parts.blob_store = store = std::make_shared<FakeBlobStore>();
  rows.clear();
  put(tamil);
  TtsEngine as_guide = open();
  EXPECT_EQ(import(as_guide, {.same_description = true}).rows_adopted, 1);
}

TEST_F(ImportTest, TheStoreBeingAwayFailsARowAndTheNextRunGoesOn) {
  put(row_of(kPage));
  put(row_of(kOther));
  TtsEngine engine = open();
  store->refuses_puts = true;
  const ImportReport report = import(engine);
  EXPECT_EQ(report.rows_failed, 2);
  EXPECT_EQ(report.problems.at(0).outcome, ImportOutcome::failed);
  store->refuses_puts = false;
  EXPECT_EQ(import(engine).rows_adopted, 2);
}

TEST_F(ImportTest, LanguageAndLimitChooseTheRows) {
  put(row_of(kPage));
  put(row_of(kOther));
  rows.push_back({.text = "நிலா", .language = "TAMIL"});
  TtsEngine engine = open();
  EXPECT_EQ(import(engine, {.limit = 0}).rows_total, 0);
  EXPECT_EQ(import(engine, {.limit = 1}).rows_total, 1);
  EXPECT_EQ(import(engine, {.language = "TAMIL", .limit = 1}).rows_missing, 1);
  EXPECT_EQ(code_of([&] { import(engine, {.language = "KLINGON"}); }), ErrorCode::language_unknown);
  EXPECT_EQ(code_of([&] { import(engine, {.limit = -1}); }), ErrorCode::bad_request);
  EXPECT_EQ(code_of([&] { import(engine, {.concurrency = 0}); }), ErrorCode::bad_request);
}

TEST_F(ImportTest, StoppedItGoesOnWhereItWas) {
  for (int i = 0; i < 6; ++i) put(row_of("यह वाक्य " + std::to_string(i) + " है।"));
  TtsEngine engine = open();
  std::stop_source stop;
  ImportOptions options{.concurrency = 1, .stop = stop.get_token()};
  options.progress = [&](const ImportProgress& progress) {
    if (progress.rows_done == 2) stop.request_stop();
  };
  const ImportReport first = import(engine, options);
  EXPECT_TRUE(first.stopped);
  EXPECT_EQ(first.rows_adopted, 2);
  const ImportReport second = import(engine);
  EXPECT_EQ(second.rows_already_there, 2);
  EXPECT_EQ(second.rows_adopted, 4);
}

TEST_F(ImportTest, WhatTheSourceRaisesEndsItAndIsRaised) {
  put(row_of(kOther));
  TtsEngine engine = open();
  int asked = 0;
  const auto source = [&]() -> std::optional<GuideRow> {
    if (++asked == 2) throw Error(ErrorCode::plugin_failed, "the database went away");
    return rows.at(0);
  };
  EXPECT_EQ(code_of([&] { engine.import_guide(source); }), ErrorCode::plugin_failed);
  EXPECT_TRUE(engine.lookup({.text = kOther}));
}

TEST_F(ImportTest, VerifyIsContentAndMendsAPage) {
  put(row_of(kPage, "moon", 1));
  TtsEngine engine = open();
  import(engine);
  engine.synthesize({.text = kPage, .story_id = "moon", .page_number = 1});
  EXPECT_TRUE(engine.verify(false).problems.empty());
  store->remove(masters().at(0));
  const VerifyReport mended = engine.verify(true);
  ASSERT_EQ(mended.problems.size(), 1U);
  EXPECT_TRUE(mended.problems[0].repaired);
  EXPECT_TRUE(engine.verify(false).problems.empty());
}

}  // namespace
}  // namespace bhashatts::testing
