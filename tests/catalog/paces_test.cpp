#include <gtest/gtest.h>

#include "bhashatts/error.h"
#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

class PacesTest : public CatalogTest {
 protected:
  static PaceSample sample(std::int32_t duration_ms) {
    PaceSample sample;
    sample.parts = {100, 200, 300, 400, 0, 100, 0, 100};
    sample.duration_ms = duration_ms;
    sample.likeness = -5;
    return sample;
  }
  void teach(const std::string& text, std::int32_t duration_ms, std::int32_t take = 0) {
    Made made = made_of(utterance_of(text, take));
    made.pace = sample(duration_ms);
    catalog->commit(made);
  }
  std::vector<PaceSample> known() { return catalog->paces(voice); }

  const Key voice = voice_key("", "HINDI", "calm");
};

TEST_F(PacesTest, AreKeptInOrderAndSurviveReopening) {
  EXPECT_TRUE(known().empty());
  for (int i = 0; i < 5; ++i) teach("text " + std::to_string(i), 1'000 + i);
  reopen();
  const auto samples = known();
  ASSERT_EQ(samples.size(), 5U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(samples[static_cast<std::size_t>(i)], sample(1'000 + i));
  EXPECT_TRUE(catalog->paces(voice_key("", "HINDI", "storyteller")).empty());
  EXPECT_TRUE(problems().empty());
}

TEST_F(PacesTest, AreBoundedAndTheOldestGoFirst) {
  const auto most = static_cast<std::int32_t>(kPacesKept);
  for (std::int32_t i = 0; i < most + 9; ++i) teach("text " + std::to_string(i), 1'000 + i);
  const auto samples = known();
  ASSERT_EQ(samples.size(), kPacesKept);
  EXPECT_EQ(samples.front().duration_ms, 1'009);
  EXPECT_EQ(samples.back().duration_ms, 1'000 + most + 8);
}

TEST_F(PacesTest, GoWithTheTakeThatTold) {
  teach("kept", 1'000);
  teach("rejected", 2'000);
  teach("forgotten", 3'000);
  catalog->reject(utterance_of("rejected").base, 0);
  catalog->forget_text("forgotten");
  ASSERT_EQ(known().size(), 1U);
  EXPECT_EQ(known()[0].duration_ms, 1'000);
  catalog->remove_all("TAMIL");
  EXPECT_EQ(known().size(), 1U);
  catalog->remove_all("");
  EXPECT_TRUE(known().empty());
  EXPECT_TRUE(problems().empty());
}

TEST_F(PacesTest, AreNotTakenFromATakeThatWasRejectedMeanwhile) {
  catalog->reject(utterance_of("text").base, 0);
  teach("text", 1'000);
  EXPECT_TRUE(known().empty());
  teach("text", 2'000, 1);
  EXPECT_EQ(known().size(), 1U);
}

TEST_F(PacesTest, OfATakeMadeAgainReplaceTheOldOne) {
  teach("text", 1'000);
  teach("other", 2'000);
  teach("text", 3'000);
  const auto samples = known();
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples.back().duration_ms, 3'000);
}

TEST_F(PacesTest, NothingIsKeptOfACommitThatFails) {
  Made made = made_of(utterance_of("text"));
  made.pace = sample(1'000);
  made.utterance.text.assign(2'000'000, 'a');  // no record holds that
  EXPECT_THROW(catalog->commit(made), Error);
  EXPECT_TRUE(known().empty());
}

}  // namespace
}  // namespace bhashatts::catalog
