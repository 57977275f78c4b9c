// Damage that LMDB does not see: records bent behind the catalog's back.
#include "catalog/state.h"
#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

class VerifyTest : public CatalogTest {
 protected:
  // Writes past the catalog, into the same environment (one a process: see base/lmdb.h).
  void bend(Db db, std::string_view key, std::optional<std::string_view> value) {
    const auto env = lmdb::Env::open(
        {.directory = directory() / "db", .map_bytes = kMapBytes, .databases = kDatabaseNames});
    lmdb::WriteTxn txn(*env);
    const MDB_dbi dbi = env->dbi(static_cast<std::size_t>(db));
    if (value) {
      txn.put(dbi, key, *value);
    } else {
      txn.erase(dbi, key);
    }
    txn.commit();
  }
};

TEST_F(VerifyTest, FindsNothingInAHealthyCatalog) {
  const SpeechEntry speech = keep("ठीक है।");
  catalog->add_usage(std::vector{hit_of(speech)});
  catalog->reserve({});
  EXPECT_TRUE(problems().empty());
  EXPECT_GT(catalog->verify(false, [](const std::string&) {}), 5);
}

TEST_F(VerifyTest, RemovesAnUnreadableUtteranceAndTheSpeechesOfIt) {
  const SpeechEntry bad = keep("टूटा।");
  const SpeechEntry good = keep("साबुत।");
  bend(Db::utterances, view(bad.utterances[0]), "rubbish");
  EXPECT_FALSE(catalog->utterance(bad.utterances[0]));
  EXPECT_FALSE(problems().empty());
  EXPECT_FALSE(problems(true).empty());
  EXPECT_TRUE(problems().empty());
  EXPECT_FALSE(catalog->speech(bad.record.metadata.key));
  EXPECT_TRUE(catalog->speech(good.record.metadata.key));
  EXPECT_EQ(catalog->totals().entries, 1);
}

TEST_F(VerifyTest, MakesLostIndicesAnew) {
  SpeechEntry speech = keep("सूची।");
  speech.record.story_id = "story";
  speech.record.page_number = 1;
  catalog->put_speech(speech);
  bend(Db::speech_of, joined(speech.utterances[0], view(speech.record.metadata.key)), {});
  bend(Db::by_base, take_key(utterance_of("सूची।").base, 0), {});
  EXPECT_EQ(problems(true).size(), 2U);
  EXPECT_TRUE(problems().empty());
  EXPECT_EQ(catalog->reject(utterance_of("सूची।").base, 0).speeches.size(), 1U);
}

TEST_F(VerifyTest, RemovesWhatTellsOfAVoiceAndCannotBeRead) {
  for (const std::string text : {"एक।", "दो।", "तीन।"}) {
    Made made = made_of(utterance_of(text));
    made.pace.emplace();
    catalog->commit(made);
  }
  bend(Db::paces, pace_key(utterance_of("एक।").metadata), "rubbish");
  bend(Db::paces, pace_key(utterance_of("never made").metadata), encode(NumberedPace{}));
  const Key voice = voice_key("", "HINDI", "calm");
  EXPECT_EQ(catalog->paces(voice).size(), 3U);
  EXPECT_EQ(problems(true).size(), 2U);
  EXPECT_TRUE(problems().empty());
  EXPECT_EQ(catalog->paces(voice).size(), 2U);
}

TEST_F(VerifyTest, CountsTotalsAnew) {
  keep("गिनती।");
  Totals wrong;
  wrong.accesses = 9;
  bend(Db::totals, kTotalsKey,
       encode(StoredTotals{.totals = wrong, .next_event = 2, .next_ledger = 1}));
  EXPECT_EQ(problems(true).size(), 1U);
  EXPECT_EQ(catalog->totals().entries, 1);
  EXPECT_EQ(catalog->totals().accesses, 9);
}

TEST_F(VerifyTest, DoesNotForgetMoneyWithAnUnreadableLedgerEntry) {
  for (const std::int64_t amount : {100, 20, 3}) {
    LedgerEntry entry;
    entry.at = 1'700'000'000'000;
    entry.amount_micro_usd = amount;
    catalog->settle(0, entry);
  }
  bend(Db::ledger, lmdb::be64(2), "rubbish");
  EXPECT_FALSE(problems(true).empty());
  EXPECT_TRUE(problems().empty());
  EXPECT_EQ(catalog->totals().paid_micro_usd, 123);
  EXPECT_EQ(catalog->spent_micro_usd_since(0), 123);
}

TEST_F(VerifyTest, CountsUnreadableTotalsAnewWhenOpened) {
  const SpeechEntry speech = keep("एक।");
  bend(Db::totals, kTotalsKey, "rubbish");
  reopen();
  EXPECT_EQ(catalog->totals().entries, 1);
  EXPECT_FALSE(catalog->was_damaged());
  const auto last = catalog->events_after(0, 10).back().id;
  keep("दो।");
  EXPECT_GT(catalog->events_after(0, 10).back().id, last);
  EXPECT_TRUE(problems().empty());
}

}  // namespace
}  // namespace bhashatts::catalog
