#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

std::vector<EventKind> kinds(Catalog& catalog) {
  std::vector<EventKind> found;
  for (const Event& event : catalog.events_after(0, 100)) found.push_back(event.kind);
  return found;
}

TEST_F(CatalogTest, RejectsATakeAndEverySpeechThatHoldsIt) {
  const UtteranceRecord bad = utterance_of("बुरा।");
  const UtteranceRecord good = utterance_of("अच्छा।");
  catalog->commit(made_of(bad));
  catalog->commit(made_of(good));
  catalog->put_speech(speech_of("बुरा। अच्छा।", {bad, good}));
  catalog->put_speech(speech_of("अच्छा।", {good}));
  const auto dropped = catalog->reject(bad.base, 0);
  EXPECT_EQ(dropped.utterances.size(), 1U);
  EXPECT_EQ(dropped.speeches.size(), 1U);
  EXPECT_EQ(catalog->take_of(bad.base), 1);
  EXPECT_EQ(catalog->totals().entries, 1);
  EXPECT_TRUE(problems().empty());
}

TEST_F(CatalogTest, RejectsATakeOnlyOnce) {
  const UtteranceRecord part = utterance_of("फिर से।");
  catalog->commit(made_of(part));
  catalog->reject(part.base, 0);
  const auto again = catalog->reject(part.base, 0);
  EXPECT_TRUE(again.utterances.empty());
  EXPECT_EQ(catalog->take_of(part.base), 1);
}

TEST_F(CatalogTest, NeverTakesBackARejectedTake) {
  const UtteranceRecord part = utterance_of("देर से।");
  catalog->commit(made_of(part));
  catalog->reject(part.base, 0);
  catalog->commit(made_of(part, 90));  // another process had begun it before
  catalog->put_speech(speech_of("देर से।", {part}));
  EXPECT_FALSE(catalog->utterance(part.metadata.key));
  EXPECT_EQ(catalog->totals().entries, 0);
  EXPECT_EQ(catalog->totals().paid_micro_usd, 90);
}

TEST_F(CatalogTest, RemovingASpeechTakesItsPageLinkAlong) {
  SpeechEntry speech = keep("पन्ना।");
  speech.record.story_id = "story";
  speech.record.page_number = 2;
  catalog->put_speech(speech);
  EXPECT_EQ(catalog->remove_speech(speech.record.metadata.key).speeches.size(), 1U);
  EXPECT_FALSE(catalog->page_speech("story", 2, "calm"));
  EXPECT_EQ(catalog->totals().size_bytes, 0);
  EXPECT_EQ(kinds(*catalog).back(), EventKind::speech_removed);
  EXPECT_TRUE(catalog->utterance(speech.utterances[0]));
  EXPECT_TRUE(problems().empty());
}

TEST_F(CatalogTest, ForgetsATextWithItsPartsAndItsTraces) {
  const UtteranceRecord shared = utterance_of("सबका वाक्य।");
  const UtteranceRecord own = utterance_of("मेरा नाम मीना है।");
  catalog->commit(made_of(shared));
  catalog->commit(made_of(own));
  const SpeechEntry secret = speech_of("मेरा नाम मीना है। सबका वाक्य।", {own, shared});
  catalog->put_speech(secret);
  catalog->put_speech(speech_of("सबका वाक्य। और।", {shared}));
  catalog->add_usage(std::vector{hit_of(secret)});
  const auto dropped = catalog->forget_text(secret.record.text);
  EXPECT_EQ(dropped.speeches.size(), 1U);
  EXPECT_EQ(dropped.usage_events, 2);
  EXPECT_FALSE(catalog->utterance(own.metadata.key));
  EXPECT_TRUE(catalog->utterance(shared.metadata.key));
  for (const Event& event : catalog->events_after(0, 100)) {
    EXPECT_FALSE(event.speech && event.speech->text == secret.record.text);
  }
  EXPECT_TRUE(problems().empty());
}

TEST_F(CatalogTest, ForgetsASentenceInsideLongerTexts) {
  const UtteranceRecord sentence = utterance_of("गोपनीय।");
  catalog->commit(made_of(sentence));
  catalog->put_speech(speech_of("पहले। गोपनीय।", {sentence}));
  const auto dropped = catalog->forget_text("गोपनीय।");
  EXPECT_EQ(dropped.utterances.size(), 1U);
  EXPECT_EQ(dropped.speeches.size(), 1U);
}

TEST_F(CatalogTest, ForgetsOneUserAndNobodyElse) {
  const SpeechEntry speech = keep("सुनो।");
  UsageRow other = hit_of(speech);
  other.usage.user_id = "ravi";
  catalog->add_usage(std::vector{hit_of(speech), other, hit_of(speech)});
  EXPECT_EQ(catalog->forget_user("asha").usage_events, 2);
  EXPECT_EQ(catalog->forget_user("").usage_events, 0);
  EXPECT_EQ(catalog->forget_user("ravi").usage_events, 1);
  EXPECT_EQ(catalog->totals().accesses, 3);
}

TEST_F(CatalogTest, RemovesOneLanguageAndKeepsTheMoney) {
  for (int i = 0; i < 12; ++i) keep("वाक्य " + std::to_string(i));
  UtteranceRecord tamil = utterance_of("ஒன்று.");
  tamil.metadata.language = "TAMIL";
  catalog->commit(made_of(tamil, 10));
  const auto dropped = catalog->remove_all("HINDI");
  EXPECT_EQ(dropped.speeches.size(), 12U);
  EXPECT_EQ(dropped.utterances.size(), 12U);
  EXPECT_TRUE(catalog->utterance(tamil.metadata.key));
  EXPECT_EQ(catalog->remove_all("").utterances.size(), 1U);
  EXPECT_EQ(catalog->totals().paid_micro_usd, 10);
  EXPECT_TRUE(problems().empty());
}

}  // namespace
}  // namespace bhashatts::catalog
