// Prewarm, import, streams, timings, cancelling, logs; and JSON as the command's: rule R13.
#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/capi/capi_fixture.h"
#include "tests/cli/command_run.h"

namespace bhashatts::testing {
namespace {

using LibraryTest = CApiTest;
using RuleR3InCallbacks = CApiTest;
using RuleR13Json = CApiTest;

constexpr std::string_view kStories =
    R"({"story_id":"moon","title":"","language":"HINDI","pages":["एक दो तीन।","चार पाँच छह।"]})"
    "\n"
    R"({"story_id":"sun","title":"","language":"HINDI","pages":["सात आठ नौ।"]})"
    "\n";

nlohmann::json parsed(const OwnedString& json) { return nlohmann::json::parse(text_of(json)); }

TEST_F(LibraryTest, PrewarmMakesWhatIsMissingAndShowsHowFarItIs) {
  const OwnedEngine engine = open();
  std::vector<std::int64_t> done;
  bhashatts_prewarm_options given = BHASHATTS_PREWARM_OPTIONS_INIT;
  given.progress_context = &done;
  given.progress = [](void* context, const bhashatts_progress* progress) {
    EXPECT_EQ(progress->struct_size, sizeof *progress);
    EXPECT_EQ(progress->total, 3);
    static_cast<std::vector<std::int64_t>*>(context)->push_back(progress->done);
  };
  OwnedString report;
  ASSERT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()), 0);
  EXPECT_EQ(parsed(report)["pages_generated"], 3);
  EXPECT_EQ(done.size(), 3U);
  EXPECT_EQ(done.back(), 3);
  ASSERT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), nullptr, report.out()), 0);
  EXPECT_EQ(parsed(report)["pages_cached"], 3);
}

TEST_F(LibraryTest, PrewarmObeysItsOptions) {
  const OwnedEngine engine = open();
  bhashatts_prewarm_options given = BHASHATTS_PREWARM_OPTIONS_INIT;
  OwnedString report;
  given.dry_run = 1;
  given.story_id = c_text("sun");
  ASSERT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()), 0);
  EXPECT_EQ(parsed(report)["pages_generated"], 1);
  given.limit = 0;
  ASSERT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()), 0);
  EXPECT_EQ(parsed(report)["pages_total"], 0);
  EXPECT_EQ(voice.calls, 0);
  EXPECT_EQ(bhashatts_engine_prewarm(engine.get(), c_text("{"), nullptr, report.out()),
            BHASHATTS_STORIES_INVALID);
  given.language = c_text("KLINGON");
  EXPECT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()),
            BHASHATTS_LANGUAGE_UNKNOWN);
}

TEST_F(LibraryTest, PrewarmIsStoppedFromACallback) {
  const OwnedEngine engine = open();
  OwnedCancel cancel;
  ASSERT_EQ(bhashatts_cancel_create(cancel.out()), BHASHATTS_OK);
  bhashatts_prewarm_options given = BHASHATTS_PREWARM_OPTIONS_INIT;
  given.concurrency = 1;
  given.cancel = cancel.get();
  given.progress_context = cancel.get();
  given.progress = [](void* context, const bhashatts_progress*) {
    EXPECT_EQ(bhashatts_cancel_request(static_cast<bhashatts_cancel*>(context)), BHASHATTS_OK);
  };
  OwnedString report;
  ASSERT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()), 0);
  EXPECT_EQ(parsed(report)["pages_generated"], 1);
  EXPECT_EQ(parsed(report)["pages_not_attempted"], 2);
}

TEST_F(RuleR3InCallbacks, AProgressThatThrowsEndsInANumber) {
  const OwnedEngine engine = open();
  bhashatts_prewarm_options given = BHASHATTS_PREWARM_OPTIONS_INIT;
  given.concurrency = 3;
  given.progress = [](void*, const bhashatts_progress*) { throw 42; };
  OwnedString report;
  EXPECT_EQ(bhashatts_engine_prewarm(engine.get(), c_text(kStories), &given, report.out()),
            BHASHATTS_PLUGIN_FAILED);
  EXPECT_EQ(voice.calls, 3) << "the pages were made all the same";
}

TEST_F(RuleR3InCallbacks, AListenerThatThrowsEndsInANumber) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  const auto hear = [](void*, bhashatts_speech* speech,
                       const bhashatts_stream_place*) -> std::int32_t {
    bhashatts_speech_destroy(speech);
    throw std::bad_alloc();
  };
  EXPECT_EQ(bhashatts_engine_stream_to(engine.get(), &request, hear, nullptr),
            BHASHATTS_OUT_OF_MEMORY);
}

TEST_F(LibraryTest, ImportReadsAnExport) {
  const OwnedEngine engine = open();
  const std::string path = (dir / "export.jsonl").string();
  std::ofstream(path) << R"({"text_content":"राम","language":"HINDI","cache_key":"none"})"
                      << "\n";
  OwnedString report;
  bhashatts_import_options given = BHASHATTS_IMPORT_OPTIONS_INIT;
  EXPECT_EQ(bhashatts_engine_import(engine.get(), c_text(path), nullptr, report.out()),
            BHASHATTS_BAD_REQUEST)
      << "there is no bucket";
  const std::string where = dir.path().string();
  given.directory = c_text(where);
  ASSERT_EQ(bhashatts_engine_import(engine.get(), c_text(path), &given, report.out()), 0)
      << bhashatts_error_message();
  EXPECT_EQ(parsed(report)["rows_total"], 1);
  EXPECT_EQ(parsed(report)["rows_adopted"], 0);
  given.concurrency = 65;
  EXPECT_EQ(bhashatts_engine_import(engine.get(), c_text(path), &given, report.out()),
            BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_engine_import(engine.get(), c_text("/nowhere"), nullptr, report.out()),
            BHASHATTS_NOT_FOUND);
}

TEST_F(LibraryTest, LookupMakesNothing) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_engine_lookup(engine.get(), &request, speech.out()), BHASHATTS_NOT_FOUND);
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_engine_lookup(engine.get(), &request, speech.out()), BHASHATTS_OK);
  EXPECT_EQ(info_of(speech).cached, 1);
  EXPECT_STREQ(bhashatts_origin_name(info_of(speech).origin), "memory");
  EXPECT_STREQ(bhashatts_origin_name(8), "");
}

TEST_F(LibraryTest, AStreamGivesEachUtteranceThenItsEnd) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedStream stream;
  ASSERT_EQ(bhashatts_engine_stream(engine.get(), &request, stream.out()), BHASHATTS_OK);
  for (std::size_t number = 0; number < 2; ++number) {
    bhashatts_stream_place place = BHASHATTS_STREAM_PLACE_INIT;
    OwnedSpeech speech;
    ASSERT_EQ(bhashatts_stream_next(stream.get(), speech.out(), &place), BHASHATTS_OK);
    EXPECT_EQ(place.number, number);
    EXPECT_EQ(place.count, 2U);
    EXPECT_GT(audio_of(speech).size(), 1'000U);
    EXPECT_EQ(info_of(speech).cost_micro_usd, 0);
  }
  OwnedSpeech none;
  EXPECT_EQ(bhashatts_stream_next(stream.get(), none.out(), nullptr), BHASHATTS_NOT_FOUND);
  EXPECT_EQ(bhashatts_stream_next(stream.get(), none.out(), nullptr), BHASHATTS_NOT_FOUND);
  EXPECT_EQ(origin_of(engine, kText) == BHASHATTS_FROM_SYNTHESIZED, false);
}

TEST_F(LibraryTest, AListenerMayLeave) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  int heard = 0;
  const auto hear = [](void* context, bhashatts_speech* speech, const bhashatts_stream_place*) {
    ++*static_cast<int*>(context);
    bhashatts_speech_destroy(speech);
    return std::int32_t{1};
  };
  EXPECT_EQ(bhashatts_engine_stream_to(engine.get(), &request, hear, &heard), BHASHATTS_CANCELLED);
  EXPECT_EQ(heard, 1);
}

TEST_F(LibraryTest, TimingsTellWhenWhatIsHeard) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kText);
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  OwnedTimings timings;
  ASSERT_EQ(bhashatts_engine_timings(engine.get(), &request, speech.get(), timings.out()), 0);
  std::size_t count = 0;
  ASSERT_EQ(bhashatts_timings_count(timings.get(), BHASHATTS_UTTERANCES, &count), BHASHATTS_OK);
  EXPECT_EQ(count, 2U);
  bhashatts_timing last = BHASHATTS_TIMING_INIT;
  ASSERT_EQ(bhashatts_timings_get(timings.get(), BHASHATTS_UTTERANCES, 1, &last), BHASHATTS_OK);
  EXPECT_EQ(last.end, 84U);
  EXPECT_GT(last.end_ms, last.start_ms);
  EXPECT_EQ(bhashatts_timings_get(timings.get(), BHASHATTS_UTTERANCES, 2, &last), 300);
  EXPECT_EQ(bhashatts_timings_count(timings.get(), 3, &count), BHASHATTS_BAD_REQUEST);
  OwnedString text;
  ASSERT_EQ(bhashatts_timings_webvtt(timings.get(), request.text, text.out()), BHASHATTS_OK);
  EXPECT_TRUE(text_of(text).starts_with("WEBVTT\n"));
  ASSERT_EQ(bhashatts_timings_json(timings.get(), text.out()), BHASHATTS_OK);
  EXPECT_EQ(parsed(text)["utterances"].size(), 2U);
  const bhashatts_request other = request_for("राम");
  EXPECT_EQ(bhashatts_engine_timings(engine.get(), &other, speech.get(), timings.out()), 200);
}

TEST_F(LibraryTest, ACancelEndsTheWaitAndNotTheWork) {
  std::atomic<bool> begun{false};
  std::atomic<bool> released{false};
  voice.synthesize = [&](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    begun = true;
    begun.notify_all();
    released.wait(false);
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  OwnedCancel cancel;
  ASSERT_EQ(bhashatts_cancel_create(cancel.out()), BHASHATTS_OK);
  std::thread caller([&] {
    bhashatts_request request = request_for(kOther);
    request.cancel = cancel.get();
    OwnedSpeech speech;
    EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
              BHASHATTS_CANCELLED);
  });
  begun.wait(false);
  EXPECT_EQ(bhashatts_cancel_request(cancel.get()), BHASHATTS_OK);
  caller.join();
  released = true;
  released.notify_all();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
  EXPECT_EQ(voice.calls, 1);
}

TEST_F(LibraryTest, RejectForgetAndClearTellWhatTheyDid) {
  const OwnedEngine engine = open();
  const bhashatts_request request = request_for(kOther);
  bhashatts_reject_report rejected = BHASHATTS_REJECT_REPORT_INIT;
  EXPECT_EQ(bhashatts_engine_reject(engine.get(), &request, &rejected), BHASHATTS_NOT_FOUND);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_reject(engine.get(), &request, &rejected), BHASHATTS_OK);
  EXPECT_EQ(rejected.next_take, 1);
  EXPECT_EQ(rejected.speeches_dropped, 1);
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  bhashatts_forget_report forgotten = BHASHATTS_FORGET_REPORT_INIT;
  ASSERT_EQ(bhashatts_engine_forget_text(engine.get(), c_text(kText), &forgotten), BHASHATTS_OK);
  EXPECT_EQ(forgotten.speeches, 1);
  EXPECT_EQ(forgotten.utterances, 2);
  bhashatts_clear_options all = BHASHATTS_CLEAR_OPTIONS_INIT;
  all.all = 1;
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), &all, nullptr), BHASHATTS_OK);
}

TEST_F(LibraryTest, LogLinesGoToTheHostUntilItsSinkIsReplaced) {
  static std::atomic<int> destroyed{0};
  destroyed = 0;
  std::vector<std::string> lines;
  const auto count = [](void*) { ++destroyed; };
  const auto write = [](void* context, bhashatts_log_level level, bhashatts_text component,
                        bhashatts_text message) {
    EXPECT_GE(level, BHASHATTS_LOG_WARNING);
    static_cast<std::vector<std::string>*>(context)->push_back(std::string(view(component)) + ": " +
                                                               std::string(view(message)));
  };
  EXPECT_EQ(bhashatts_set_log(write, 7, &lines, count), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(destroyed, 1) << "also where it fails";
  ASSERT_EQ(bhashatts_set_log(write, BHASHATTS_LOG_WARNING, &lines, count), BHASHATTS_OK);
  voice.synthesize = [](const bhashatts_synthesis_request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_UPSTREAM_FAILED, c_text("out of paper"), 0, 0, 0);
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_UPSTREAM_FAILED);
  ASSERT_EQ(bhashatts_set_log(nullptr, BHASHATTS_LOG_ERROR, nullptr, nullptr), BHASHATTS_OK);
  EXPECT_EQ(destroyed, 2);
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find("out of paper"), std::string::npos);
}

// ---- R13 --------------------------------------------------------------------------------------

// The same text, byte for byte, as the command prints for the same directory.
TEST_F(RuleR13Json, IsTheCommands) {
  OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kText), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  OwnedString stats;
  OwnedString verified;
  OwnedString voices;
  ASSERT_EQ(bhashatts_engine_stats(engine.get(), stats.out()), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_verify(engine.get(), 0, verified.out()), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_voices({nullptr, 0}, voices.out()), BHASHATTS_OK);
  engine.reset();
  const std::string data = (dir / "data").string();
  const auto said = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--json", "--data-dir", data});
    return Command().run(words).out;
  };
  EXPECT_EQ(text_of(stats) + "\n", said({"stats"}));
  EXPECT_EQ(text_of(verified) + "\n", said({"verify"}));
  EXPECT_EQ(text_of(voices) + "\n", said({"voices"}));
}

TEST_F(RuleR13Json, HasTheMembersThatTheDocumentsPromise) {
  const OwnedEngine engine = open();
  OwnedString json;
  ASSERT_EQ(bhashatts_engine_status(engine.get(), json.out()), BHASHATTS_OK);
  for (const char* member :
       {"status", "model", "fallbacks", "cache", "spool", "budget", "warnings"}) {
    EXPECT_TRUE(parsed(json).contains(member)) << member;
  }
  ASSERT_EQ(bhashatts_engine_config(engine.get(), json.out()), BHASHATTS_OK);
  EXPECT_EQ(parsed(json)["data_dir"], (dir / "data").string());
  set("huggingface_api_token", "hf_secret");
  ASSERT_EQ(bhashatts_config_json(config.get(), json.out()), BHASHATTS_OK);
  EXPECT_EQ(parsed(json)["huggingface_api_token"], "***");
  ASSERT_EQ(bhashatts_config_set_json(config.get(), c_text(R"({"max_attempts": 4})")), 0);
  ASSERT_EQ(bhashatts_config_json(config.get(), json.out()), BHASHATTS_OK);
  EXPECT_EQ(parsed(json)["max_attempts"], 4);
  EXPECT_EQ(bhashatts_voices(c_text("klingon"), json.out()), BHASHATTS_CONFIG_INVALID);
}

}  // namespace
}  // namespace bhashatts::testing
