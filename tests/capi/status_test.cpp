// Statuses, messages, texts: rules R1, R2, R7, R8, R11.
#include <array>
#include <thread>

#include "bhashatts/error.h"
#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

using RuleR1Status = CApiTest;
using RuleR2Errors = CApiTest;
using RuleR7Text = CApiTest;
using RuleR8Null = CApiTest;
using RuleR11Units = CApiTest;

// Every number that C has, by its name in C++: neither has one that the other lacks.
TEST_F(RuleR1Status, NumbersAreThoseOfErrorH) {
  int known = 0;
  for (int number = 0; number < 1'000; ++number) {
    const std::string name(bhashatts::name(static_cast<ErrorCode>(number)));
    EXPECT_EQ(bhashatts_status_name(number), name) << number;
    known += name != "internal" || number == 100 ? 1 : 0;
  }
  EXPECT_EQ(known, 39);
  EXPECT_STREQ(bhashatts_status_name(-1), "internal");
  EXPECT_STREQ(bhashatts_status_name(BHASHATTS_TEXT_TOO_LONG), "text_too_long");
  EXPECT_STREQ(bhashatts_status_name(BHASHATTS_STORAGE_DAMAGED), "storage_damaged");
}

TEST_F(RuleR1Status, AFailureLeavesANullHandleAndAllElseAsItWas) {
  const OwnedEngine engine = open();
  const bhashatts_request empty = request_for(" ");
  auto* speech = reinterpret_cast<bhashatts_speech*>(std::uintptr_t{1});
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &empty, &speech), BHASHATTS_TEXT_EMPTY);
  EXPECT_EQ(speech, nullptr);
  std::size_t size = 7;
  const std::uint8_t* data = nullptr;
  EXPECT_EQ(bhashatts_speech_audio(nullptr, &data, &size), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(size, 7U);
}

TEST_F(RuleR1Status, EachRefusalHasItsNumber) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  const auto status_of = [&](const auto& change) {
    bhashatts_request request = request_for(kText);
    change(request);
    return bhashatts_engine_synthesize(engine.get(), &request, speech.out());
  };
  using R = bhashatts_request;
  EXPECT_EQ(status_of([](R& r) { r.language = c_text("KLINGON"); }), BHASHATTS_LANGUAGE_UNKNOWN);
  EXPECT_EQ(status_of([](R& r) { r.voice_style = c_text("x"); }), BHASHATTS_VOICE_STYLE_UNKNOWN);
  EXPECT_EQ(status_of([](R& r) { r.format = 9; }), BHASHATTS_FORMAT_UNKNOWN);
  EXPECT_EQ(status_of([](R& r) { r.no_fallback = 2; }), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(status_of([](R& r) { r.page_number = 1; }), BHASHATTS_BAD_REQUEST);
  EXPECT_EQ(status_of([](R& r) { r.text = c_text("a\x01"); }), BHASHATTS_TEXT_CONTROL);
  EXPECT_EQ(voice.calls, 0);
}

TEST_F(RuleR2Errors, AMessageStaysUntilTheNextFailure) {
  EXPECT_EQ(bhashatts_config_set(config.get(), c_text("nonsense"), c_text("1")),
            BHASHATTS_CONFIG_INVALID);
  const std::string message = bhashatts_error_message();
  EXPECT_NE(message.find("nonsense"), std::string::npos);
  set("max_attempts", "2");
  EXPECT_EQ(bhashatts_error_message(), message) << "a call that succeeds leaves it";
  EXPECT_EQ(bhashatts_error_status(), BHASHATTS_CONFIG_INVALID);
  EXPECT_EQ(bhashatts_string_destroy(reinterpret_cast<bhashatts_string*>(std::uintptr_t{4096})),
            BHASHATTS_BAD_REQUEST);
  EXPECT_NE(bhashatts_error_message(), message);
}

TEST_F(RuleR2Errors, EachThreadHasItsOwn) {
  EXPECT_EQ(bhashatts_config_set(config.get(), c_text("mine"), c_text("1")), 208);
  std::string theirs_before = "?";
  std::string theirs;
  std::thread other([&] {
    theirs_before = bhashatts_error_message();
    EXPECT_EQ(bhashatts_error_status(), BHASHATTS_OK);
    bhashatts_config_set(config.get(), c_text("theirs"), c_text("1"));
    theirs = bhashatts_error_message();
  });
  other.join();
  EXPECT_EQ(theirs_before, "");
  EXPECT_NE(theirs.find("theirs"), std::string::npos);
  EXPECT_NE(std::string(bhashatts_error_message()).find("mine"), std::string::npos);
}

TEST_F(RuleR2Errors, ALongMessageIsCutBetweenCharacters) {
  std::string words;
  while (words.size() < 3'000) words += "क";  // three bytes each
  voice.synthesize = [&](const bhashatts_synthesis_request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_UPSTREAM_REJECTED, c_text(words), 0, 0, 0);
  };
  const OwnedEngine engine = open();
  EXPECT_EQ(say(engine, kText), BHASHATTS_UPSTREAM_REJECTED);
  const std::string message = bhashatts_error_message();
  EXPECT_EQ(message.size(), 1'023U);  // which is 341 characters
  EXPECT_EQ(message, words.substr(0, 1'023));
  words.insert(0, "a");
  EXPECT_EQ(say(engine, kText), BHASHATTS_UPSTREAM_REJECTED);
  EXPECT_EQ(std::string(bhashatts_error_message()), words.substr(0, 1'021));
}

TEST_F(RuleR2Errors, WhatAnUpstreamSaysOfRetryingAndCostComesThrough) {
  voice.limits.max_cost_micro_usd = 100;
  voice.synthesize = [](const bhashatts_synthesis_request*, bhashatts_reply*) {
    return bhashatts_fail(BHASHATTS_RATE_LIMITED, c_text("ask again in a minute"), 1, 60'000, 42);
  };
  const OwnedEngine engine = open();
  EXPECT_EQ(say(engine, kText), BHASHATTS_RATE_LIMITED);
  EXPECT_STREQ(bhashatts_error_message(), "ask again in a minute");
  EXPECT_EQ(bhashatts_error_retryable(), 1);
  EXPECT_EQ(bhashatts_error_retry_after_ms(), 60'000);
  EXPECT_EQ(bhashatts_error_cost(), 42);
  EXPECT_NE(bhashatts_error_detail(), nullptr);
}

TEST_F(RuleR7Text, NamesAndIdsThatAreNoUtf8AreRefused) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  for (const std::string_view bad : {"\xff", "a\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    bhashatts_request request = request_for(kText);
    request.user_id = c_text(bad);
    EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
              BHASHATTS_TEXT_NOT_UTF8);
    EXPECT_NE(std::string(bhashatts_error_message()).find("user_id"), std::string::npos);
    EXPECT_EQ(say(engine, bad), BHASHATTS_TEXT_NOT_UTF8);
    EXPECT_EQ(bhashatts_engine_forget_user(engine.get(), c_text(bad), nullptr),
              BHASHATTS_TEXT_NOT_UTF8);
    OwnedString json;
    EXPECT_EQ(bhashatts_voices(c_text(bad), json.out()), BHASHATTS_TEXT_NOT_UTF8);
    EXPECT_EQ(bhashatts_config_set(config.get(), c_text("data_dir"), c_text(bad)),
              BHASHATTS_TEXT_NOT_UTF8);
    const std::string object = "{\"data_dir\":\"" + std::string(bad) + "\"}";
    EXPECT_EQ(bhashatts_config_set_json(config.get(), c_text(object)), BHASHATTS_TEXT_NOT_UTF8);
    EXPECT_EQ(bhashatts_engine_story_page_url(engine.get(), c_text(bad), 1, {}, json.out()),
              BHASHATTS_TEXT_NOT_UTF8);
    bhashatts_clear_options clear = BHASHATTS_CLEAR_OPTIONS_INIT;
    clear.language = c_text(bad);
    EXPECT_EQ(bhashatts_engine_clear(engine.get(), &clear, nullptr), BHASHATTS_TEXT_NOT_UTF8);
  }
}

TEST_F(RuleR7Text, NullWithoutALengthIsEmptyAndWithOneIsRefused) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  bhashatts_request request = request_for(kText);
  request.language = {nullptr, 0};
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
  EXPECT_EQ(view(info_of(speech).language), "HINDI");
  request.story_id = {nullptr, 5};
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
            BHASHATTS_BAD_REQUEST);
  request = request_for({});
  EXPECT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()),
            BHASHATTS_TEXT_EMPTY);
}

TEST_F(RuleR7Text, ALengthIsObeyedAndANulStandsBehindStrings) {
  OwnedString spoken;
  ASSERT_EQ(bhashatts_spoken_text({"राम-XYZ", 9}, spoken.out()), BHASHATTS_OK);
  bhashatts_text text{};
  ASSERT_EQ(bhashatts_string_view(spoken.get(), &text), BHASHATTS_OK);
  EXPECT_EQ(view(text), "राम");
  EXPECT_EQ(text.data[text.size], '\0');
  EXPECT_EQ(bhashatts_text_of(nullptr).size, 0U);
}

TEST_F(RuleR8Null, IsRefusedWhereItMeansNothing) {
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kText, speech), BHASHATTS_OK);
  const bhashatts_request request = request_for(kText);
  const std::array<bhashatts_status, 12> all{
      bhashatts_engine_open(nullptr, nullptr),
      bhashatts_config_create(nullptr),
      bhashatts_engine_synthesize(engine.get(), &request, nullptr),
      bhashatts_engine_synthesize(engine.get(), nullptr, speech.out()),
      bhashatts_engine_synthesize(nullptr, &request, speech.out()),
      bhashatts_speech_audio(speech.get(), nullptr, nullptr),
      bhashatts_speech_get_info(speech.get(), nullptr),
      bhashatts_string_view(nullptr, nullptr),
      bhashatts_engine_stream_to(engine.get(), &request, nullptr, nullptr),
      bhashatts_engine_stats(engine.get(), nullptr),
      bhashatts_reply_bytes(nullptr, "a", 1),
      bhashatts_cancel_request(nullptr)};
  for (const bhashatts_status status : all) EXPECT_EQ(status, BHASHATTS_BAD_REQUEST);
}

TEST_F(RuleR11Units, AreThoseOfTheHeader) {
  voice.limits.max_cost_micro_usd = 500;
  voice.synthesize = [](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    EXPECT_GT(request->timeout_ms, 1'000);
    EXPECT_LE(request->timeout_ms, 120'000);
    bhashatts_synthesis_costs costs = BHASHATTS_SYNTHESIS_COSTS_INIT;
    costs.cost_micro_usd = 321;
    costs.compute_ms = 7;
    EXPECT_EQ(bhashatts_reply_costs(reply, &costs), BHASHATTS_OK);
    return HostVoice::speak(request, reply);
  };
  const OwnedEngine engine = open();
  OwnedSpeech speech;
  ASSERT_EQ(say(engine, kOther, speech), BHASHATTS_OK) << bhashatts_error_message();
  const bhashatts_speech_info info = info_of(speech);
  EXPECT_EQ(info.cost_micro_usd, 321);
  EXPECT_EQ(info.generation_time_ms, 7);
  EXPECT_EQ(info.sample_rate, 8'000);
  const auto samples = static_cast<std::int64_t>((audio_of(speech).size() - 44) / 2);
  EXPECT_NEAR(static_cast<double>(info.duration_ms), static_cast<double>(samples) / 8, 1);
  EXPECT_GT(info.created_at, 1'700'000'000);
}

}  // namespace
}  // namespace bhashatts::testing
