// A tier, a store and a sink of the host's, end to end; and what they throw.
#include <array>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/capi/capi_fixture.h"

namespace bhashatts::testing {
namespace {

class HostKeepingTest : public CApiTest {
 protected:
  OwnedEngine open_with(HostTier* tier, HostStore* store = nullptr, HostSink* sink = nullptr) {
    bhashatts_open_options given = options();
    const bhashatts_cache_tier tier_part = tier != nullptr ? tier->part() : bhashatts_cache_tier{};
    const bhashatts_blob_store store_part =
        store != nullptr ? store->part() : bhashatts_blob_store{};
    const bhashatts_event_sink sink_part = sink != nullptr ? sink->part() : bhashatts_event_sink{};
    const bhashatts_cache_tier* tiers = &tier_part;
    const bhashatts_event_sink* sinks = &sink_part;
    given.tiers = tier != nullptr ? &tiers : nullptr;
    given.tier_count = tier != nullptr ? 1 : 0;
    given.blob_store = store != nullptr ? &store_part : nullptr;
    given.event_sinks = sink != nullptr ? &sinks : nullptr;
    given.event_sink_count = sink != nullptr ? 1 : 0;
    return open(given);
  }
  void lose(const char* name) const { std::filesystem::remove_all(dir / "data" / name); }

  static nlohmann::json stats_of(const OwnedEngine& engine) {
    OwnedString json;
    EXPECT_EQ(bhashatts_engine_stats(engine.get(), json.out()), BHASHATTS_OK);
    return nlohmann::json::parse(text_of(json));
  }

  // Each thing that a host's part may do in the place of its work.
  static std::vector<std::function<bhashatts_status()>> troubles() {
    return {[] { return bhashatts_status{BHASHATTS_STORAGE_FAILED}; },
            [] { return bhashatts_status{4711}; },
            [] { return bhashatts_fail(BHASHATTS_UNREACHABLE, c_text("gone"), 1, 0, 0); },
            []() -> bhashatts_status { throw std::bad_alloc(); },
            []() -> bhashatts_status { throw std::runtime_error("boom"); },
            []() -> bhashatts_status { throw 42; }};
  }
};
using RuleR3AtEverySeam = HostKeepingTest;

TEST_F(HostKeepingTest, ATierServesWhatDiskAndMemoryLost) {
  HostTier tier;
  ASSERT_EQ(say(open_with(&tier), kOther), BHASHATTS_OK);
  ASSERT_EQ(tier.values.size(), 1U);
  EXPECT_EQ(tier.languages.begin()->second, "HINDI");
  EXPECT_EQ(tier.ttl, 86'400);
  lose("cache");
  lose("blobs");
  const OwnedEngine engine = open_with(&tier);
  EXPECT_EQ(origin_of(engine, kOther), BHASHATTS_FROM_TIER);
  EXPECT_EQ(origin_of(engine, kOther), BHASHATTS_FROM_MEMORY);
  EXPECT_EQ(voice.calls, 1);
  EXPECT_EQ(stats_of(engine)["requests"]["tier"], 1);
}

TEST_F(HostKeepingTest, ADamagedValueIsAMissAndIsErased) {
  HostTier tier;
  ASSERT_EQ(say(open_with(&tier), kOther), BHASHATTS_OK);
  const std::string whole = tier.values.begin()->second;
  const std::string key = tier.values.begin()->first;
  for (const std::size_t at : {std::size_t{0}, std::size_t{4}, std::size_t{20}, whole.size() - 1}) {
    tier.values[key] = whole;
    tier.values[key][at] = static_cast<char>(tier.values[key][at] ^ 0x10);
    lose("cache");
    EXPECT_EQ(origin_of(open_with(&tier), kOther), BHASHATTS_FROM_BLOB) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{50}}) {
    tier.values[key] = whole.substr(0, size);
    lose("cache");
    EXPECT_EQ(origin_of(open_with(&tier), kOther), BHASHATTS_FROM_BLOB) << size;
  }
  EXPECT_EQ(tier.values[key].size(), whole.size()) << "it was filled again";
  EXPECT_EQ(voice.calls, 1);
}

TEST_F(HostKeepingTest, AnotherSpeechUnderItsKeyIsAMiss) {
  HostTier tier;
  ASSERT_EQ(say(open_with(&tier), kOther), BHASHATTS_OK);
  const std::string other = tier.values.begin()->second;
  ASSERT_EQ(say(open_with(&tier), kText), BHASHATTS_OK);
  for (auto& [key, value] : tier.values) value = other;
  lose("cache");
  OwnedSpeech speech;
  ASSERT_EQ(say(open_with(&tier), kText, speech), BHASHATTS_OK);
  EXPECT_EQ(info_of(speech).origin, BHASHATTS_FROM_BLOB);
}

TEST_F(HostKeepingTest, ATierIsClearedByLanguage) {
  HostTier tier;
  const OwnedEngine engine = open_with(&tier);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  bhashatts_clear_options given = BHASHATTS_CLEAR_OPTIONS_INIT;
  bhashatts_clear_report report = BHASHATTS_CLEAR_REPORT_INIT;
  given.language = c_text("TAMIL");
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), &given, &report), BHASHATTS_OK);
  EXPECT_EQ(report.cache_entries, 0);
  given.language = c_text("HINDI");
  given.dry_run = 1;
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), &given, &report), BHASHATTS_OK);
  EXPECT_EQ(report.cache_entries, 2) << "disk and tier";
  EXPECT_EQ(tier.values.size(), 1U);
  given.dry_run = 0;
  ASSERT_EQ(bhashatts_engine_clear(engine.get(), &given, &report), BHASHATTS_OK);
  EXPECT_TRUE(tier.values.empty());
}

TEST_F(HostKeepingTest, AStoreKeepsMastersAndPagesAndGivesUrls) {
  HostStore store;
  const OwnedEngine engine = open_with(nullptr, &store);
  bhashatts_request request = request_for(kOther);
  request.story_id = c_text("moon");
  request.page_number = 1;
  OwnedSpeech speech;
  ASSERT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  EXPECT_GE(store.objects.size(), 2U);
  OwnedString url;
  ASSERT_EQ(
      bhashatts_engine_story_page_url(engine.get(), c_text("moon"), 1, {nullptr, 0}, url.out()),
      BHASHATTS_OK);
  EXPECT_TRUE(text_of(url).starts_with("host://store/audio/")) << text_of(url);
  ASSERT_EQ(bhashatts_engine_url(engine.get(), speech.get(), url.out()), BHASHATTS_OK);
  EXPECT_EQ(
      bhashatts_engine_story_page_url(engine.get(), c_text("moon"), 2, {nullptr, 0}, url.out()),
      BHASHATTS_NOT_FOUND);
}

TEST_F(HostKeepingTest, AStoreIsReadWhenAllElseIsLost) {
  HostStore store;
  ASSERT_EQ(say(open_with(nullptr, &store), kOther), BHASHATTS_OK);
  std::filesystem::remove_all(dir / "data");
  EXPECT_EQ(origin_of(open_with(nullptr, &store), kOther), BHASHATTS_FROM_BLOB);
  EXPECT_EQ(voice.calls, 1);
}

TEST_F(HostKeepingTest, AVisitorThatIsCalledTooLateShowsNothing) {
  HostStore store;
  const OwnedEngine engine = open_with(nullptr, &store);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  OwnedString json;
  ASSERT_EQ(bhashatts_engine_verify(engine.get(), 0, json.out()), BHASHATTS_OK);
  ASSERT_FALSE(store.visitors.empty());
  for (const auto& [visitor, visit] : store.visitors) {
    EXPECT_EQ(visit(visitor, c_text("late"), 1), 0);
  }
}

// Shows objects that there are not, from two threads that go on when the listing has returned. Long
// names, so that each is in the middle of one then.
struct Showing {
  static constexpr int kEach = 200;
  std::array<std::thread, 2> hosts;
  std::atomic<int> begun{0};
  std::atomic<int> shown{0};
  std::atomic<int> told_to_end{0};

  static bhashatts_status list(void* context, bhashatts_text prefix, bhashatts_on_blob visit,
                               bhashatts_visitor* visitor) {
    auto& self = *static_cast<Showing*>(context);
    if (self.hosts[0].joinable()) return BHASHATTS_OK;
    const std::string begin(view(prefix));
    for (std::thread& host : self.hosts) {
      host = std::thread([&self, begin, visit, visitor] {
        const std::string name = begin + std::string(100'000, 'a');
        ++self.begun;
        while (self.begun < 2) continue;
        for (int i = 0; i < kEach; ++i) {
          (visit(visitor, c_text(name), 1) != 0 ? self.shown : self.told_to_end)++;
        }
      });
    }
    while (self.shown + self.told_to_end < kEach / 2) std::this_thread::yield();
    return BHASHATTS_OK;
  }
};

TEST_F(HostKeepingTest, AVisitorIsSharedByThreadsAndOutlivesItsListing) {
  Showing showing;
  HostStore store;
  bhashatts_open_options given = options();
  bhashatts_blob_store part = store.part();
  static std::atomic<Showing*> now{nullptr};
  part.list = [](void*, bhashatts_text prefix, bhashatts_on_blob visit,
                 bhashatts_visitor* visitor) {
    Showing* const all = now;
    return all == nullptr ? bhashatts_status{BHASHATTS_OK}
                          : Showing::list(all, prefix, visit, visitor);
  };
  given.blob_store = &part;
  const OwnedEngine engine = open(given);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  now = &showing;
  bhashatts_clear_options all = BHASHATTS_CLEAR_OPTIONS_INIT;
  all.all = 1;
  all.dry_run = 1;
  EXPECT_EQ(bhashatts_engine_clear(engine.get(), &all, nullptr), BHASHATTS_OK)
      << bhashatts_error_message();
  for (std::thread& host : showing.hosts) host.join();
  now = nullptr;
  EXPECT_GT(showing.shown, 0);
  EXPECT_GT(showing.told_to_end, 0) << "some were shown when it was over";
}

TEST_F(HostKeepingTest, AListingThatShowsNoTextIsAPlugInThatFailed) {
  HostStore store;
  const OwnedEngine engine = open_with(nullptr, &store);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  ASSERT_FALSE(store.objects.empty());
  store.objects[store.objects.begin()->first + "\xe9"] = "?";
  bhashatts_clear_options all = BHASHATTS_CLEAR_OPTIONS_INIT;
  all.all = 1;
  all.dry_run = 1;
  EXPECT_EQ(bhashatts_engine_clear(engine.get(), &all, nullptr), BHASHATTS_PLUGIN_FAILED);
  EXPECT_NE(std::string(bhashatts_error_message()).find("UTF-8"), std::string::npos);
}

TEST_F(HostKeepingTest, ASinkIsToldWhatHappenedAsJson) {
  HostSink sink;
  const OwnedEngine engine = open_with(nullptr, nullptr, &sink);
  bhashatts_request request = request_for(kOther);
  request.user_id = c_text("asha");
  OwnedSpeech speech;
  ASSERT_EQ(bhashatts_engine_synthesize(engine.get(), &request, speech.out()), BHASHATTS_OK);
  ASSERT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  std::vector<nlohmann::json> events;
  for (const std::string& batch : sink.batches) {
    for (auto& event : nlohmann::json::parse(batch)) events.push_back(event);
  }
  ASSERT_EQ(events.size(), 2U);
  EXPECT_LT(events[0]["id"], events[1]["id"]);
  const auto of = [&](const char* kind) {
    return *std::ranges::find(events, kind, [](const auto& event) { return event["kind"]; });
  };
  EXPECT_EQ(of("speech_stored")["speech"]["text"], kOther);
  EXPECT_EQ(of("speech_stored")["speech"]["cache_key"], info_of(speech).cache_key);
  EXPECT_EQ(of("usage")["usage"]["user_id"], "asha");
  EXPECT_EQ(of("usage")["usage"]["status"], "success");
}

TEST_F(HostKeepingTest, ASinkThatFailsIsToldAgain) {
  HostSink sink;
  const OwnedEngine engine = open_with(nullptr, nullptr, &sink);
  for (const auto& trouble : troubles()) {
    sink.trouble = trouble;
    EXPECT_EQ(say(engine, kOther), BHASHATTS_OK);
    EXPECT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
    EXPECT_TRUE(sink.batches.empty());
  }
  sink.trouble = nullptr;
  EXPECT_EQ(bhashatts_engine_flush(engine.get()), BHASHATTS_OK);
  EXPECT_FALSE(sink.batches.empty());
}

TEST_F(RuleR3AtEverySeam, ATierThatFailsIsSkipped) {
  HostTier tier;
  int page = 0;
  for (const auto& trouble : troubles()) {
    tier.trouble = trouble;
    const OwnedEngine engine = open_with(&tier);
    const std::string text = "पन्ना " + std::to_string(++page);
    EXPECT_EQ(origin_of(engine, text), BHASHATTS_FROM_SYNTHESIZED);
    EXPECT_EQ(origin_of(engine, text), BHASHATTS_FROM_MEMORY);
    EXPECT_NE(bhashatts_engine_clear(engine.get(), nullptr, nullptr), BHASHATTS_OK)
        << "who clears is told";
  }
  EXPECT_TRUE(tier.values.empty());
}

TEST_F(RuleR3AtEverySeam, AStoreThatFailsFailsTheMissWithANumber) {
  HostStore store;
  const OwnedEngine engine = open_with(nullptr, &store);
  ASSERT_EQ(say(engine, kOther), BHASHATTS_OK);
  const std::vector<bhashatts_status> expected{BHASHATTS_STORAGE_FAILED, BHASHATTS_PLUGIN_FAILED,
                                               BHASHATTS_PLUGIN_FAILED,  BHASHATTS_OUT_OF_MEMORY,
                                               BHASHATTS_PLUGIN_FAILED,  BHASHATTS_PLUGIN_FAILED};
  std::vector<bhashatts_status> seen;
  OwnedString json;
  for (const auto& trouble : troubles()) {
    store.trouble = trouble;
    seen.push_back(say(engine, kText));
    EXPECT_EQ(origin_of(engine, kOther), BHASHATTS_FROM_MEMORY) << "hits go on";
    EXPECT_NE(bhashatts_engine_verify(engine.get(), 0, json.out()), BHASHATTS_OK);
    EXPECT_NE(bhashatts_engine_story_page_url(engine.get(), c_text("s"), 1, {}, json.out()),
              BHASHATTS_OK);
  }
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace bhashatts::testing
