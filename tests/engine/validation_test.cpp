// What a request may be. Every refusal comes before anything is made.
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class ValidationTest : public EngineTest {
 protected:
  ErrorCode refusal(const SpeechRequest& request) {
    return code_of([&] { engine.synthesize(request); });
  }
  TtsEngine engine = open();
};

TEST_F(ValidationTest, EachBadTextHasItsOwnCode) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(refusal({.text = ""}), ErrorCode::text_empty);
  EXPECT_EQ(refusal({.text = " \n\t "}), ErrorCode::text_empty);
  EXPECT_EQ(refusal({.text = std::string(5'001, 'a')}), ErrorCode::text_too_long);
  EXPECT_EQ(refusal({.text = std::string(20'001, ' ')}), ErrorCode::text_too_long);
  EXPECT_EQ(refusal({.text = "\xC3\x28"}), ErrorCode::text_not_utf8);
  EXPECT_EQ(refusal({.text = "\xED\xA0\x80"}), ErrorCode::text_not_utf8);
  EXPECT_EQ(refusal({.text = "a\x07"}), ErrorCode::text_control);
  EXPECT_EQ(refusal({.text = "a\0b"sv}), ErrorCode::text_control);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ValidationTest, LanguagesAndStylesAreStrict) {
  EXPECT_EQ(refusal({.text = kText, .language = "hindi"}), ErrorCode::language_unknown);
  EXPECT_EQ(refusal({.text = kText, .language = ""}), ErrorCode::language_unknown);
  EXPECT_EQ(refusal({.text = kText, .language = "KLINGON"}), ErrorCode::language_unknown);
  EXPECT_EQ(refusal({.text = kText, .voice_style = "Calm"}), ErrorCode::voice_style_unknown);
  EXPECT_EQ(refusal({.text = kText, .voice_style = "grumpy"}), ErrorCode::voice_style_unknown);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ValidationTest, ALanguageOfTheRosterAloneIsNotSpoken) {
  for (const Language& language : all_languages()) {
    if (language.spoken) continue;
    EXPECT_EQ(refusal({.text = kText, .language = language.name}), ErrorCode::language_unknown);
  }
}

TEST_F(ValidationTest, StoryAndPageGoTogether) {
  const std::string endless(257, 's');
  EXPECT_EQ(refusal({.text = kText, .story_id = "s"}), ErrorCode::bad_request);
  EXPECT_EQ(refusal({.text = kText, .page_number = 1}), ErrorCode::bad_request);
  EXPECT_EQ(refusal({.text = kText, .story_id = "s", .page_number = -1}), ErrorCode::bad_request);
  EXPECT_EQ(refusal({.text = kText, .story_id = endless, .page_number = 1}),
            ErrorCode::bad_request);
  EXPECT_EQ(refusal({.text = kText, .user_id = endless}), ErrorCode::bad_request);
  EXPECT_EQ(voice->calls(), 0);
}

TEST_F(ValidationTest, LookupAndRejectAreAsStrict) {
  EXPECT_EQ(code_of([&] { engine.lookup({.text = ""}); }), ErrorCode::text_empty);
  EXPECT_EQ(code_of([&] { engine.reject({.text = ""}); }), ErrorCode::text_empty);
  EXPECT_EQ(code_of([&] { engine.reject({.text = kText, .language = "x"}); }),
            ErrorCode::language_unknown);
}

TEST_F(ValidationTest, AVoiceWithoutAnIdentityIsRefused) {
  give_voice({.identity = ""});
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::config_invalid);
  give_voice({.identity = std::string(257, 'v')});
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::config_invalid);
}

TEST_F(ValidationTest, TheLongestTextIsSpoken) {
  const std::string longest(5'000, 'a');
  EXPECT_EQ(engine.synthesize({.text = longest}).origin(), Origin::synthesized);
  EXPECT_EQ(voice->last_text(), longest);
}

}  // namespace
}  // namespace bhashatts::testing
