// What is rejected or forgotten on one host is so on all, after one look at the notices in the
// bucket. The tests do not wait for it: flush() looks at once.
#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kText = "एक था राजा।";
const std::string kPage = "चिड़िया उड़ी।\n\nपेड़ पर जा बैठी।";
const std::string kPart = "पेड़ पर जा बैठी।";

class Notices : public HostsTest {
 protected:
  // Uploads what is owed, obeys what others say.
  static void settle(TtsEngine& engine) {
    EXPECT_TRUE(await([&] { return engine.status().spool_entries == 0; }));
    engine.flush();
  }
};

TEST_F(Notices, OfARejectionReachAHostThatMadeNothing) {
  auto here = open("here");
  auto there = open("there");
  const std::string bad = bytes_of(here.synthesize({.text = kText}));
  EXPECT_EQ(bytes_of(there.synthesize({.text = kText})), bad);
  EXPECT_EQ(there.synthesize({.text = kText}).origin(), Origin::memory);
  here.reject({.text = kText});
  settle(here);
  there.flush();
  const Speech good = there.synthesize({.text = kText});
  EXPECT_EQ(good.metadata().take, 1);
  EXPECT_NE(bytes_of(good), bad);
  EXPECT_EQ(bytes_of(here.synthesize({.text = kText})), bytes_of(good));
  EXPECT_EQ(calls().total(), 2U);
}

TEST_F(Notices, OfARejectionReachAHostThatHasTheRecord) {
  auto here = open("here");
  auto there = open("there");
  const std::string bad = bytes_of(there.synthesize({.text = kText}));
  there.flush();
  settle(there);
  EXPECT_EQ(bytes_of(here.synthesize({.text = kText})), bad);
  here.reject({.text = kText});
  settle(here);
  there.flush();
  EXPECT_NE(bytes_of(there.synthesize({.text = kText})), bad);
  EXPECT_EQ(calls().total(), 2U);
}

// The page is in no record of the host that rejects one of its sentences, and the host that serves
// it has it from Redis.
TEST_F(Notices, OfARejectionReachPagesThatHoldTheTake) {
  counted.max_aksharas = 8;  // the page has two utterances
  auto here = open("here");
  auto maker = open("maker");
  auto there = open("there");
  const std::string page = bytes_of(maker.synthesize({.text = kPage}));
  ASSERT_EQ(calls().total(), 2U);
  EXPECT_EQ(bytes_of(there.synthesize({.text = kPage})), page);
  settle(maker);
  here.synthesize({.text = kPart});
  here.reject({.text = kPart});
  settle(here);
  maker.flush();
  there.flush();
  EXPECT_NE(bytes_of(there.synthesize({.text = kPage})), page);
  EXPECT_NE(bytes_of(maker.synthesize({.text = kPage})), page);
  EXPECT_EQ(calls().total(), 3U);
}

TEST_F(Notices, OfARejectionReachAHostThatWasAway) {
  without_redis();
  auto here = open("here");
  const std::string bad = bytes_of(here.synthesize({.text = kText}));
  settle(here);
  {
    auto there = open("there");
    EXPECT_EQ(bytes_of(there.synthesize({.text = kText})), bad);
  }
  here.reject({.text = kText});
  const std::string good = bytes_of(here.synthesize({.text = kText}));
  settle(here);
  auto there = open("there");
  there.flush();
  EXPECT_EQ(bytes_of(there.synthesize({.text = kText})), good);
  EXPECT_EQ(calls().total(), 2U);
}

TEST_F(Notices, OfATextForgottenReachOtherHosts) {
  auto here = open("here");
  auto there = open("there");
  here.synthesize({.text = kText});
  there.synthesize({.text = kText});
  there.flush();
  settle(here);
  EXPECT_EQ(here.forget_text(kText).utterances, 1);
  settle(here);
  there.flush();
  EXPECT_FALSE(there.lookup({.text = kText}));
  EXPECT_FALSE(here.lookup({.text = kText}));
  EXPECT_EQ(there.stats().total_entries, 0);
  EXPECT_THAT(bucket->names("audio/tts/"), IsEmpty());
  EXPECT_THAT(keys_in_redis(), IsEmpty());
}

// Each knows something that the other does not: a page's object, a debt.
TEST_F(Notices, OfATextForgottenReachWhatOnlyAnotherHostKnowsOrOwes) {
  without_redis();
  auto there = open("there");
  there.synthesize({.text = kText, .story_id = "राजा", .page_number = 1});
  there.flush();
  settle(there);
  bucket->kill();
  auto third = open("third");
  third.synthesize({.text = kPart});
  bucket->start();
  auto here = open("here");
  here.forget_text(kText);
  here.forget_text(kPart);
  EXPECT_FALSE(open("fourth").lookup({.text = kText}));
  there.flush();
  settle(third);
  third.flush();
  EXPECT_FALSE(there.lookup({.text = kText}));
  EXPECT_THAT(bucket->names("audio/tts/"), ::testing::SizeIs(::testing::Le(1)));
}

// What was asked for again after it was forgotten is new, and no notice takes it away.
TEST_F(Notices, OfATextForgottenDoNotReachWhatIsMadeLater) {
  auto here = open("here");
  auto there = open("there");
  here.synthesize({.text = kText});
  here.forget_text(kText);
  settle(here);
  ASSERT_TRUE(await([] { return ::time(nullptr) % 2 == 0; }));  // another second
  ASSERT_TRUE(await([] { return ::time(nullptr) % 2 == 1; }));
  const std::string again = bytes_of(there.synthesize({.text = kText}));
  there.flush();
  EXPECT_EQ(bytes_of(there.synthesize({.text = kText})), again);
  EXPECT_EQ(calls().total(), 2U);
}

TEST_F(Notices, OfAUserForgottenReachOtherHosts) {
  auto here = open("here");
  auto there = open("there");
  there.synthesize({.text = kText, .user_id = "कमला"});
  there.synthesize({.text = kText, .user_id = "विमला"});
  there.flush();
  here.forget_user("कमला");
  settle(here);
  there.flush();
  EXPECT_EQ(there.forget_user("कमला").usage_events, 0);
  EXPECT_EQ(there.forget_user("विमला").usage_events, 1);
  for (const std::string& name : bucket->names()) {
    EXPECT_EQ(name.find("कमला"), std::string::npos) << "a notice tells nobody whom it is about";
  }
}

}  // namespace
}  // namespace bhashatts::testing
