// Story pages: each has a URL that works, and one audio may serve many.
#include "base/files.h"
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class PagesTest : public EngineTest {
 protected:
  SpeechRequest page(std::string_view text, std::int32_t number) const {
    return {.text = text, .story_id = "moon", .page_number = number};
  }
  // What a client gets from the URL, which is a file's.
  std::string fetch(const std::optional<std::string>& url) const {
    constexpr std::string_view kScheme = "file://";
    if (!url || !url->starts_with(kScheme)) return "no file URL";
    return read_file(url->substr(kScheme.size()), std::size_t{1} << 20U).value_or("no file");
  }
};

TEST_F(PagesTest, ThePagesUrlGivesItsSpeech) {
  TtsEngine engine = open();
  const Speech speech = engine.synthesize(page(kText, 1));
  EXPECT_EQ(fetch(engine.story_page_url("moon", 1)), bytes_of(speech));
  EXPECT_EQ(engine.url(speech), engine.story_page_url("moon", 1));
  EXPECT_FALSE(engine.story_page_url("moon", 2));
  EXPECT_FALSE(engine.story_page_url("sun", 1));
}

TEST_F(PagesTest, ThePageIsAnObjectOfTheBlobStore) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  TtsEngine engine = open();
  const Speech speech = engine.synthesize(page(kText, 1));
  const std::string object = "audio/tts/" + speech.cache_key().hex() + ".wav";
  ASSERT_TRUE(store->info(object));
  EXPECT_EQ(store->get(object)->chars(), speech.audio().chars());
  EXPECT_EQ(engine.story_page_url("moon", 1), "memory://store/" + object);
}

TEST_F(PagesTest, SpeechWithoutAPageHasNoUrl) {
  TtsEngine engine = open();
  EXPECT_FALSE(engine.url(engine.synthesize({.text = kText})));
}

TEST_F(PagesTest, TwoPagesShareOneAudio) {
  TtsEngine engine = open();
  engine.synthesize(page(kText, 1));
  engine.synthesize(page(kText, 7));
  EXPECT_EQ(voice->calls(), 1);
  EXPECT_TRUE(engine.story_page_url("moon", 1));
  EXPECT_EQ(engine.story_page_url("moon", 1), engine.story_page_url("moon", 7));
  EXPECT_EQ(engine.stats().total_entries, 1);
}

TEST_F(PagesTest, AnEditedPagePointsAtItsNewText) {
  TtsEngine engine = open();
  engine.synthesize(page(kText, 1));
  const auto before = engine.story_page_url("moon", 1);
  const Speech edited = engine.synthesize(page(kOther, 1));
  EXPECT_NE(engine.story_page_url("moon", 1), before);
  EXPECT_EQ(fetch(engine.story_page_url("moon", 1)), bytes_of(edited));
  engine.synthesize(page(kText, 1));  // and back
  EXPECT_EQ(engine.story_page_url("moon", 1), before);
  EXPECT_EQ(voice->calls(), 2);
}

TEST_F(PagesTest, AHitLinksThePage) {
  TtsEngine engine = open();
  const Speech made = engine.synthesize({.text = kText});
  EXPECT_EQ(engine.synthesize(page(kText, 3)).origin(), Origin::memory);
  EXPECT_EQ(fetch(engine.story_page_url("moon", 3)), bytes_of(made));
}

TEST_F(PagesTest, ALookupLinksThePage) {
  open().synthesize({.text = kText});
  TtsEngine engine = open();
  ASSERT_TRUE(engine.lookup(page(kText, 3)));
  EXPECT_TRUE(engine.story_page_url("moon", 3));
}

TEST_F(PagesTest, EachStyleHasItsOwnUrl) {
  TtsEngine engine = open();
  SpeechRequest calm = page(kText, 1);
  calm.voice_style = "calm";
  const Speech speech = engine.synthesize(calm);
  EXPECT_FALSE(engine.story_page_url("moon", 1));
  EXPECT_EQ(fetch(engine.story_page_url("moon", 1, "calm")), bytes_of(speech));
}

TEST_F(PagesTest, ALostPageObjectIsDerivedAgain) {
  const auto store = std::make_shared<FakeBlobStore>();
  parts.blob_store = store;
  std::string object;
  {
    TtsEngine engine = open();
    object = "audio/tts/" + engine.synthesize(page(kText, 1)).cache_key().hex() + ".wav";
  }
  store->remove(object);
  lose("cache");
  TtsEngine engine = open();
  EXPECT_EQ(engine.synthesize(page(kText, 1)).origin(), Origin::blob);
  EXPECT_TRUE(store->info(object));
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(PagesTest, ARejectedPageHasNoUrlUntilItIsMadeAgain) {
  TtsEngine engine = open();
  engine.synthesize(page(kText, 1));
  engine.reject(page(kText, 1));
  EXPECT_FALSE(engine.story_page_url("moon", 1));
  const Speech next = engine.synthesize(page(kText, 1));
  EXPECT_EQ(fetch(engine.story_page_url("moon", 1)), bytes_of(next));
}

}  // namespace
}  // namespace bhashatts::testing
