// A page of many sentences: each made once, all at once, joined in order; streamed; timed.
#include "audio/codec.h"
#include "bhashatts/text.h"
#include "tests/engine/engine_fixture.h"
#include "tests/support/timed_synthesizer.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;

std::string sentence(int number) {
  static const std::vector<std::string> kNames{"मोर",  "बंदर", "हाथी", "तोता", "कछुआ",
                                               "हिरन", "चूहा", "बाघ",  "मेंढक",  "खरगोश"};
  return kNames[static_cast<std::size_t>(number) % kNames.size()] + " ने नदी के किनारे " +
         std::string(static_cast<std::size_t>(number) / kNames.size() + 1, 'a') + " गीत गाया।";
}

std::string page_of(int sentences) {
  std::string page;
  for (int i = 0; i < sentences; ++i) page += (i > 0 ? " " : "") + sentence(i);
  return page;
}

class PageTest : public EngineTest {};

TEST_F(PageTest, EachSentenceIsOneCallAndTheyAreJoinedInOrder) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = page_of(10)});
  EXPECT_EQ(voice->calls(), 10);
  EXPECT_EQ(speech.metadata().utterances, 10);
  const auto& places = speech.metadata().places;
  ASSERT_EQ(places.size(), 10U);
  for (std::size_t i = 1; i < places.size(); ++i) {
    EXPECT_GT(places[i].start_ms, places[i - 1].end_ms) << "a pause";
  }
  EXPECT_EQ(places.back().end_ms, speech.metadata().duration_ms);
}

TEST_F(PageTest, OneChangedWordIsOneCall) {
  TtsEngine engine = open();
  std::string page = page_of(40);
  engine.synthesize({.text = page});
  EXPECT_EQ(voice->calls(), 40);
  page.replace(page.find("बाघ"), std::string("बाघ").size(), "शेर");
  const Speech changed = engine.synthesize({.text = page});
  EXPECT_EQ(voice->calls(), 41);
  EXPECT_EQ(changed.origin(), Origin::synthesized);
}

TEST_F(PageTest, ARefrainIsMadeOnceForAllPages) {
  TtsEngine engine = open();
  engine.synthesize({.text = sentence(1) + " " + sentence(2) + " " + sentence(1)});
  engine.synthesize({.text = sentence(3) + " " + sentence(1)});
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(PageTest, OfKeptSentencesIsRecordedByLookupAndHasAUrl) {
  TtsEngine engine = open();
  engine.synthesize({.text = sentence(1)});
  engine.synthesize({.text = sentence(2)});
  const std::string text = sentence(1) + " " + sentence(2);
  const SpeechRequest page{.text = text, .story_id = "moon", .page_number = 1};
  const auto speech = engine.lookup(page);
  ASSERT_TRUE(speech);
  EXPECT_EQ(voice->calls(), 2);
  EXPECT_EQ(engine.stats().total_entries, 3);
  EXPECT_TRUE(engine.url(*speech));
  EXPECT_TRUE(engine.story_page_url("moon", 1));
}

TEST_F(PageTest, AllFormatsAreOneSynthesis) {
  TtsEngine engine = open();
  const std::string page = page_of(3);
  for (const AudioFormat format : kAudioFormats) {
    const Speech speech = engine.synthesize({.text = page, .format = format});
    EXPECT_EQ(speech.metadata().format, format);
    EXPECT_EQ(audio::sniff(speech.audio().span()), format);
    EXPECT_NEAR(static_cast<double>(audio::decode(speech.audio().span()).duration_ms()),
                static_cast<double>(speech.metadata().duration_ms), 60.0);
  }
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(PageTest, TwoFormatsAtOnceAreOneSynthesis) {
  voice->hold();
  TtsEngine engine = open();
  const std::string page = page_of(4);
  std::thread wav([&] { engine.synthesize({.text = page}); });
  std::thread opus([&] { engine.synthesize({.text = page, .format = AudioFormat::opus}); });
  voice->await_calls(4);
  voice->release();
  wav.join();
  opus.join();
  EXPECT_EQ(voice->calls(), 4);
}

TEST_F(PageTest, AFailedSentenceFailsThePageAndCostsTheOthersNothing) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::upstream_failed, "502", true));
  EXPECT_EQ(code_of([&] { engine.synthesize({.text = page_of(5)}); }), ErrorCode::upstream_failed);
  engine.synthesize({.text = page_of(5)});
  EXPECT_EQ(voice->calls(), 6);
}

TEST_F(PageTest, ARejectedPageIsMadeAnewSentenceBySentence) {
  TtsEngine engine = open();
  const Speech before = engine.synthesize({.text = page_of(3)});
  engine.reject({.text = sentence(1)});
  const Speech after = engine.synthesize({.text = page_of(3)});
  EXPECT_EQ(voice->calls(), 4);
  EXPECT_NE(after.cache_key(), before.cache_key());
  EXPECT_EQ(after.metadata().take, 1);
}

TEST_F(PageTest, IsJoinedAgainFromItsMastersWhenTheJoinedOneIsLost) {
  std::string before;
  {
    TtsEngine engine = open();
    before = bytes_of(engine.synthesize({.text = page_of(6)}));
  }
  lose("cache");
  TtsEngine engine = open();
  const Speech again = engine.synthesize({.text = page_of(6)});
  EXPECT_EQ(bytes_of(again), before);
  EXPECT_EQ(again.origin(), Origin::blob);
  EXPECT_EQ(voice->calls(), 6);
}

// -- on a clock that a test moves

class ScheduleTest : public EngineTest {
 protected:
  ScheduleTest() {
    timed = std::make_shared<TimedSynthesizer>(milliseconds(500), 4);
    parts.synthesizer = timed;
  }
  std::shared_ptr<TimedSynthesizer> timed;
};

TEST_F(ScheduleTest, TenSentencesFourAtATimeTakeThreeTurns) {
  TtsEngine engine = open();
  std::thread caller([&] { engine.synthesize({.text = page_of(10)}); });
  timed->finish(4);
  timed->finish(4);
  timed->finish(2);
  caller.join();
  EXPECT_EQ(timed->now(), milliseconds(1'500));
  EXPECT_EQ(timed->calls(), 10);
}

TEST_F(ScheduleTest, TheFirstSentenceIsHeardAfterOneCall) {
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = page_of(10)});
  timed->finish(4);
  const auto first = stream.next();  // the next four are under way, and wait for time to pass
  EXPECT_EQ(timed->now(), milliseconds(500));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->number, 0U);
  EXPECT_EQ(first->count, 10U);
  timed->finish(4);
  timed->finish(2);
  int heard = 1;
  while (stream.next()) ++heard;
  EXPECT_EQ(heard, 10);
  EXPECT_EQ(timed->now(), milliseconds(1'500));
}

// -- streams

class StreamTest : public EngineTest {};

TEST_F(StreamTest, GivesTheSentencesInOrderAndKeepsThePage) {
  TtsEngine engine = open();
  const std::string page = page_of(5);
  SpeechStream stream = engine.stream({.text = page});
  for (int i = 0; i < 5; ++i) {
    const auto piece = stream.next();
    ASSERT_TRUE(piece.has_value());
    EXPECT_EQ(piece->number, static_cast<std::size_t>(i));
    EXPECT_EQ(piece->pause_after_ms > 0, i < 4);
    EXPECT_EQ(audio::sniff(piece->audio.span()), AudioFormat::wav);
  }
  EXPECT_FALSE(stream.next().has_value());
  EXPECT_TRUE(engine.lookup({.text = page}).has_value());
  EXPECT_EQ(engine.stats().requests[static_cast<std::size_t>(Origin::synthesized) - 1], 1);
}

TEST_F(StreamTest, AListenerWhoGoesAwayLeavesTheWholePage) {
  TtsEngine engine = open();
  const std::string page = page_of(8);
  voice->hold();
  { const SpeechStream stream = engine.stream({.text = page}); }
  voice->release();
  while (!engine.lookup({.text = page})) std::this_thread::yield();
  EXPECT_EQ(voice->calls(), 8);
}

TEST_F(StreamTest, OfWhatIsKeptMakesNothing) {
  TtsEngine engine = open();
  const std::string page = page_of(3);
  engine.synthesize({.text = page});
  SpeechStream stream = engine.stream({.text = page, .format = AudioFormat::opus});
  int heard = 0;
  while (const auto piece = stream.next()) {
    EXPECT_EQ(audio::sniff(piece->audio.span()), AudioFormat::opus);
    ++heard;
  }
  EXPECT_EQ(heard, 3);
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(StreamTest, AnotherVoiceTakesOverBeforeTheFirstSentenceOnly) {
  const auto second = std::make_shared<FakeSynthesizer>(FakeVoice{.identity = "fake/second@1"});
  parts.fallbacks = {second};
  voice->fail_next(Error(ErrorCode::unreachable, "nobody there"), 99);
  TtsEngine engine = open();
  SpeechStream stream = engine.stream({.text = page_of(3)});
  while (const auto piece = stream.next()) {
    EXPECT_EQ(piece->metadata->synthesizer, "fake/second@1");
  }
  EXPECT_EQ(second->calls(), 3);
}

TEST_F(StreamTest, TellsWhatFailed) {
  TtsEngine engine = open();
  voice->fail_next(Error(ErrorCode::upstream_rejected, "no"), 99);
  SpeechStream stream = engine.stream({.text = page_of(3)});
  EXPECT_EQ(code_of([&] { stream.next(); }), ErrorCode::upstream_rejected);
  EXPECT_EQ(code_of([&] { engine.stream({.text = " "}); }), ErrorCode::text_empty);
}

// -- timings

class TimingsTest : public EngineTest {
 protected:
  // Each range begins where the one before ended, from 0 to the end of the text.
  static void expect_whole(const std::vector<Timing>& timings, std::uint32_t points) {
    std::uint32_t at = 0;
    std::int64_t time = 0;
    for (const Timing& timing : timings) {
      EXPECT_EQ(timing.text.begin, at);
      EXPECT_GE(timing.start_ms, time);
      EXPECT_GE(timing.end_ms, timing.start_ms);
      at = timing.text.end;
      time = timing.end_ms;
    }
    EXPECT_EQ(at, points);
  }
};

TEST_F(TimingsTest, CoverTheTextAsItWasSentAndEndWithTheAudio) {
  TtsEngine engine = open();
  const std::string sent = "  " + sentence(0) + "\r\n" + sentence(1) + "  \xF0\x9F\x98\x80 ";
  const SpeechRequest request{.text = sent};
  const Speech speech = engine.synthesize(request);
  const Timings timings = engine.timings(request, speech);
  const auto points = static_cast<std::uint32_t>(count_code_points(sent));
  ASSERT_EQ(timings.utterances.size(), speech.metadata().places.size());
  expect_whole(timings.utterances, points);
  expect_whole(timings.words, points);
  EXPECT_EQ(timings.utterances.back().end_ms, speech.metadata().duration_ms);
  EXPECT_EQ(timings.utterances.back().text.end_utf16, points + 1) << "one emoji is two units";
}

TEST_F(TimingsTest, AreTheSameThroughEveryTier) {
  const std::string page = page_of(4);
  std::string first;
  {
    TtsEngine engine = open();
    first = engine.timings({.text = page}, engine.synthesize({.text = page})).to_json();
  }
  {
    TtsEngine engine = open();
    const Speech hit = engine.synthesize({.text = page});
    EXPECT_EQ(hit.origin(), Origin::lmdb);
    EXPECT_EQ(engine.timings({.text = page}, hit).to_json(), first);
  }
  lose("cache");
  TtsEngine engine = open();
  EXPECT_EQ(engine.timings({.text = page}, *engine.lookup({.text = page})).to_json(), first);
}

TEST_F(TimingsTest, OfAnotherTextAreRefused) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize({.text = page_of(2)});
  EXPECT_EQ(code_of([&] { engine.timings({.text = page_of(3)}, speech); }), ErrorCode::bad_request);
}

TEST_F(TimingsTest, AsWebVttAreOneCueASentence) {
  TtsEngine engine = open();
  const std::string page = page_of(2);
  const Speech speech = engine.synthesize({.text = page});
  const std::string vtt = engine.timings({.text = page}, speech).to_webvtt(page);
  EXPECT_TRUE(vtt.starts_with("WEBVTT\n\n00:00:00.000 --> "));
  std::size_t cues = 0;
  for (std::size_t at = 0; (at = vtt.find(" --> ", at)) != std::string::npos; ++at) ++cues;
  EXPECT_EQ(cues, 2U);
  EXPECT_EQ(vtt.find("\n\n\n"), std::string::npos);
}

}  // namespace
}  // namespace bhashatts::testing
