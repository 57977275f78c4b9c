// A synthesizer of the host's, well behaved and not: rules R3 and R12.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

using Request = bhashatts_synthesis_request;
using HostVoiceTest = CApiTest;
using RuleR3NothingEscapes = CApiTest;
using RuleR12Callbacks = CApiTest;

TEST_F(HostVoiceTest, IsAskedOnceAndItsSpeechIsKept) {
  const OwnedEngine engine = open();
  EXPECT_EQ(origin_of(engine, kOther), BHASHATTS_FROM_SYNTHESIZED);
  EXPECT_EQ(origin_of(engine, kOther), BHASHATTS_FROM_MEMORY);
  EXPECT_EQ(voice.calls, 1);
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kOther, speech), BHASHATTS_OK);
  EXPECT_EQ(view(info_of(speech).synthesizer), "host/voice@1");
}

TEST_F(HostVoiceTest, GetsAllThatDecidesHowItSpeaks) {
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    EXPECT_EQ(view(request->text), kOther);
    EXPECT_EQ(view(request->language), "HINDI");
    EXPECT_EQ(view(request->voice_style), "storyteller");
    EXPECT_GT(request->description.size, 20U);
    EXPECT_EQ(bhashatts_stop_requested(request->stop), 0);
    return HostVoice::speak(request, reply);
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_OK);
}

TEST_F(HostVoiceTest, OwnedBytesAreReleasedOnce) {
  static std::atomic<int> released{0};
  released = 0;
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    auto wav = std::make_unique<std::string>(fake_wav(view(request->text)));
    const std::string& bytes = *wav;
    return bhashatts_reply_owned_bytes(
        reply, bytes.data(), bytes.size(),
        [](void* owned) {
          ++released;
          delete static_cast<std::string*>(owned);
        },
        wav.release());
  };
  OwnedEngine engine = open();
  OwnedSpeech speech;
  EXPECT_EQ(say(engine, kOther, speech), BHASHATTS_OK);
  speech.reset();
  engine.reset();
  EXPECT_EQ(released, 1);
}

TEST_F(HostVoiceTest, AFallbackSpeaksInItsPlace) {
  HostVoice second;
  second.name = "host/second@1";
  voice.synthesize = [](const Request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_UNREACHABLE, c_text("the first is away"), 1, 0, 0);
  };
  bhashatts_open_options given = options();
  const bhashatts_synthesizer part = second.part();
  const bhashatts_synthesizer* fallback = &part;
  given.fallbacks = &fallback;
  given.fallback_count = 1;
  const OwnedEngine engine = open(given);
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kOther, speech), BHASHATTS_OK);
  EXPECT_EQ(info_of(speech).fallback, 1);
  bhashatts_request alone = request_for(kText);
  alone.no_fallback = 1;
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &alone, speech.out()), BHASHATTS_UNREACHABLE);
  EXPECT_STREQ(bhashatts_error_message(), "the first is away");
}

TEST_F(HostVoiceTest, SaysHowItStands) {
  voice.status = [](bhashatts_reply* reply) {
    bhashatts_reply_text(reply, c_text("buy credits"));
    return BHASHATTS_SYNTHESIZER_NO_CREDITS;
  };
  const OwnedEngine engine = open();
  OwnedString json;
  ASSERT_EQ(bhashatts_engine_status(engine.get(), json.out()), BHASHATTS_OK);
  EXPECT_NE(text_of(json).find("\"status\":\"no_credits\""), std::string::npos);
  EXPECT_NE(text_of(json).find("buy credits"), std::string::npos);
}

// ---- Misbehaviour: each outcome has a number --------------------------------------------------

TEST_F(HostVoiceTest, ThatReturnsNonsenseIsAPlugInThatFailed) {
  bhashatts_status given = 0;
  voice.synthesize = [&](const Request*, bhashatts_reply*) { return given; };
  const OwnedEngine engine = open();
  for (const bhashatts_status nonsense : {-1, 1, 7, 99, 106, 299, 4711}) {
    given = nonsense;
    EXPECT_EQ(say(engine, kOther), BHASHATTS_PLUGIN_FAILED) << nonsense;
    EXPECT_NE(std::string(bhashatts_error_message()).find(std::to_string(nonsense)),
              std::string::npos);
  }
  given = BHASHATTS_MODEL_LOADING;
  EXPECT_EQ(say(engine, kOther), BHASHATTS_MODEL_LOADING);
  EXPECT_NE(std::string(bhashatts_error_message()).find("model_loading"), std::string::npos);
}

TEST_F(HostVoiceTest, ThatGivesNothingOrNoiseMakesBadAudio) {
  std::string answer;
  bool gives = false;
  voice.synthesize = [&](const Request*, bhashatts_reply* reply) {
    return gives ? bhashatts_reply_bytes(reply, answer.data(), answer.size())
                 : bhashatts_status{BHASHATTS_OK};
  };
  const OwnedEngine engine = open();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_BAD_AUDIO);
  gives = true;
  for (const std::string& wrong : {std::string(), std::string("<html>"), std::string(5'000, '\0'),
                                   fake_wav(kOther).substr(0, 60), fake_wav("a")}) {
    answer = wrong;
    EXPECT_EQ(say(engine, kOther), BHASHATTS_BAD_AUDIO) << wrong.size();
  }
  EXPECT_EQ(say(engine, kOther), BHASHATTS_BAD_AUDIO);
}

TEST_F(HostVoiceTest, ThatIsSlowMakesItsCallerLeaveAndIsHeardLater) {
  std::atomic<bool> released{false};
  voice.synthesize = [&](const Request* request, bhashatts_reply* reply) {
    released.wait(false);
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  bhashatts_request request = request_for(kOther);
  request.timeout_ms = 20;
  OwnedSpeech speech;
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
            BHASHATTS_DEADLINE_EXCEEDED);
  EXPECT_EQ(bhashatts_error_retryable(), 1);
  released = true;
  released.notify_all();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
  EXPECT_EQ(voice.calls, 1);
}

TEST_F(HostVoiceTest, ThatRepliesTwiceIsToldSo) {
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    EXPECT_EQ(HostVoice::speak(request, reply), BHASHATTS_OK);
    EXPECT_EQ(bhashatts_reply_bytes(reply, "again", 5), BHASHATTS_BAD_REQUEST);
    static int released = 0;
    EXPECT_EQ(bhashatts_reply_owned_bytes(
                  reply, "again", 5, [](void* count) { ++*static_cast<int*>(count); }, &released),
              BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(released, 1) << "released where it was refused";
    EXPECT_EQ(bhashatts_reply_text(reply, c_text("one")), BHASHATTS_OK);
    EXPECT_EQ(bhashatts_reply_text(reply, c_text("two")), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(bhashatts_reply_text(reply, c_text("\xff")), BHASHATTS_BAD_REQUEST);
    return bhashatts_status{BHASHATTS_OK};
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_OK);
}

// What it kept of a call that is over is refused, on whatever thread.
TEST_F(HostVoiceTest, ThatUsesACallThatIsOverIsRefused) {
  bhashatts_reply* kept = nullptr;
  const bhashatts_stop* stop = nullptr;
  voice.synthesize = [&](const Request* request, bhashatts_reply* reply) {
    kept = reply;
    stop = request->stop;
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  EXPECT_EQ(bhashatts_reply_bytes(kept, "late", 4), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_reply_text(kept, c_text("late")), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(bhashatts_stop_requested(stop), 1);
  EXPECT_EQ(bhashatts_stop_requested(nullptr), 0);
  bhashatts_synthesis_costs costs = BHASHATTS_SYNTHESIS_COSTS_INIT;
  std::thread late([&] { EXPECT_EQ(bhashatts_reply_costs(kept, &costs), BHASHATTS_BAD_REQUEST); });
  late.join();
}

TEST_F(HostVoiceTest, ThatGoesOnWhenItIsToStopStopsNobody) {
  std::atomic<bool> begun{false};
  voice.synthesize = [&](const Request* request, bhashatts_reply* reply) {
    begun = true;
    begun.notify_all();
    while (bhashatts_stop_requested(request->stop) == 0) std::this_thread::yield();
    return HostVoice::speak(request, reply);  // calls back after it was told to stop
  };
  const OwnedEngine engine = open();
  std::thread caller([&] {
    const bhashatts_status status = say(engine, kOther);
    EXPECT_TRUE(status == BHASHATTS_CLOSED || status == BHASHATTS_OK) << status;
  });
  begun.wait(false);
  EXPECT_EQ(bhashatts_engine_close(engine.get(), 0), BHASHATTS_OK);
  caller.join();
}

TEST_F(HostVoiceTest, WhoseCostsMakeNoSenseIsRefused) {
  voice.synthesize = [](const Request* request, bhashatts_reply* reply) {
    bhashatts_synthesis_costs costs = BHASHATTS_SYNTHESIS_COSTS_INIT;
    costs.cost_micro_usd = -5;
    EXPECT_EQ(bhashatts_reply_costs(reply, &costs), BHASHATTS_BAD_REQUEST);
    return HostVoice::speak(request, reply);
  };
  EXPECT_EQ(say(open(), kOther), BHASHATTS_OK);
  voice.limits.concurrency = 0;
  const bhashatts_open_options given = options();
  OwnedEngine engine;
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_BAD_REQUEST);
}

TEST_F(RuleR3NothingEscapes, WhatAVoiceThrowsBecomesANumber) {
  std::function<void()> thrown;
  voice.synthesize = [&](const Request*, bhashatts_reply*) -> bhashatts_status {
    thrown();
    return BHASHATTS_OK;
  };
  const OwnedEngine engine = open();
  thrown = [] { throw std::bad_alloc(); };
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OUT_OF_MEMORY);
  thrown = [] { throw 42; };
  EXPECT_EQ(say(engine, kOther), BHASHATTS_PLUGIN_FAILED);
  thrown = [] { throw std::runtime_error("boom"); };
  EXPECT_EQ(say(engine, kOther), BHASHATTS_PLUGIN_FAILED);
  EXPECT_NE(std::string(bhashatts_error_message()).find("boom"), std::string::npos);
}

TEST_F(RuleR3NothingEscapes, WhatIdentityLimitsAndStatusThrowToo) {
  bhashatts_open_options given = options();
  OwnedEngine engine;
  voice_part.identity = [](void*, bhashatts_reply*) -> bhashatts_status { throw 1; };
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_PLUGIN_FAILED);
  given = options();
  voice_part.limits = [](void*, bhashatts_synthesizer_limits*) -> bhashatts_status {
    throw std::bad_alloc();
  };
  EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), BHASHATTS_OUT_OF_MEMORY);
  given = options();
  voice_part.status = [](void*, bhashatts_reply*) -> bhashatts_synthesizer_state { throw 1; };
  engine = open(given);
  OwnedString json;
  EXPECT_EQ(bhashatts_engine_status(engine.get(), json.out()), BHASHATTS_OK);
  EXPECT_NE(text_of(json).find("\"status\":\"unavailable\""), std::string::npos);
}

TEST_F(RuleR12Callbacks, AContextIsGivenBackOnceWhateverFails) {
  OwnedEngine engine;
  for (int round = 0; round < 5; ++round) {
    HostVoice first;
    HostTier tier;
    HostSink sink;
    HostStore store;
    bhashatts_open_options given = BHASHATTS_OPEN_OPTIONS_INIT;
    bhashatts_synthesizer part = first.part();
    bhashatts_cache_tier tier_part = tier.part();
    bhashatts_event_sink sink_part = sink.part();
    const bhashatts_blob_store store_part = store.part();
    const bhashatts_cache_tier* tiers = &tier_part;
    const bhashatts_event_sink* sinks = &sink_part;
    given.config = config.get();
    given.synthesizer = &part;
    given.tiers = &tiers;
    given.tier_count = 1;
    given.event_sinks = &sinks;
    given.event_sink_count = 1;
    given.blob_store = &store_part;
    bhashatts_status expected = BHASHATTS_OK;
    if (round == 1) part.synthesize = nullptr, expected = BHASHATTS_BAD_REQUEST;
    if (round == 2) tier_part.name = {nullptr, 0}, expected = BHASHATTS_BAD_REQUEST;
    if (round == 3) sink_part.deliver = nullptr, expected = BHASHATTS_BAD_REQUEST;
    if (round == 4) given.config = as<bhashatts_config>(&round), expected = BHASHATTS_BAD_REQUEST;
    EXPECT_EQ(bhashatts_engine_open(&given, engine.out()), expected) << round;
    engine.reset();
    for (const HostPart* one : std::initializer_list<HostPart*>{&first, &tier, &sink, &store}) {
      EXPECT_EQ(one->destroyed, 1) << round;
    }
  }
}

TEST_F(RuleR12Callbacks, ContextsGoBackWhereThereIsNoPlaceForTheEngine) {
  const bhashatts_open_options given = options();
  EXPECT_EQ(bhashatts_engine_open(&given, nullptr), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(voice.destroyed, 1);
  bhashatts_open_options broken = options();
  broken.tier_count = 3;
  OwnedEngine engine;
  EXPECT_EQ(bhashatts_engine_open(&broken, engine.out()), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(voice.destroyed, 2);
}

TEST_F(RuleR12Callbacks, NoneMayCloseOrDestroyAnEngine) {
  bhashatts_engine* inner = nullptr;
  voice.synthesize = [&](const Request* request, bhashatts_reply* reply) {
    EXPECT_EQ(bhashatts_engine_destroy(inner), BHASHATTS_BAD_REQUEST);
    EXPECT_EQ(bhashatts_engine_close(inner, 0), BHASHATTS_BAD_REQUEST);
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  inner = engine.get();
  EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
  const bhashatts_request request = request_for(kText);
  const auto hear = [](void* context, bhashatts_speech* speech, const bhashatts_stream_place*) {
    EXPECT_EQ(bhashatts_engine_destroy(*static_cast<bhashatts_engine**>(context)),
              BHASHATTS_BAD_REQUEST);
    return bhashatts_speech_destroy(speech);
  };
  EXPECT_EQ(bhashatts_engine_stream_to(engine.get(), &request, hear, &inner), BHASHATTS_OK);
}

}  // namespace
}  // namespace bhashatts::testing
