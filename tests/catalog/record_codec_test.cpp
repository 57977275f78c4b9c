#include "catalog/record_codec.h"

#include <gtest/gtest.h>

#include "bhashatts/error.h"
#include "catalog/wire.h"
#include "tests/catalog/fixture.h"

namespace bhashatts::catalog {
namespace {

Event full_event() {
  Event event;
  event.at = 1'700'000'000'123;
  event.kind = EventKind::speech_stored;
  event.usage.emplace();
  event.usage->requests = 0;
  event.usage->response_time_us = -1;
  event.usage->error_message = std::string("a\0b", 3);
  event.speech = speech_of("चिड़िया उड़ी।", {}).record;
  event.speech->metadata.checksum = ~std::uint64_t{0};
  event.speech->metadata.utterances = 0;
  return event;
}

TEST(RecordCodec, GivesBackEveryField) {
  const Event event = full_event();
  const auto read = decode<Event>(encode(event));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->usage->requests, 0);
  EXPECT_EQ(read->usage->response_time_us, -1);
  EXPECT_EQ(read->usage->error_message.size(), 3U);
  EXPECT_EQ(read->speech->metadata, event.speech->metadata);
  EXPECT_EQ(encode(*read), encode(event));
}

TEST(RecordCodec, KeepsTheOrderOfUtterances) {
  const auto a = utterance_of("एक।");
  const auto b = utterance_of("दो।");
  const auto read = decode<SpeechEntry>(encode(speech_of("दो। एक। दो।", {b, a, b})));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->utterances, (std::vector{b.metadata.key, a.metadata.key, b.metadata.key}));
}

TEST(RecordCodec, FindsEveryFlippedBit) {
  const std::string whole = encode(utterance_of("बिल्ली सोई।"));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string bent = whole;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(decode<UtteranceRecord>(bent)) << bit;
  }
}

TEST(RecordCodec, RefusesEveryCutOffRecord) {
  const std::string whole = encode_body(full_event());
  std::size_t read = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto event = decode_body<Event>(std::string_view(whole).substr(0, size));
    if (event && encode_body(*event) == whole) ++read;
  }
  EXPECT_EQ(read, 0U);
}

TEST(RecordCodec, PassesOverFieldsOfALaterVersion) {
  wire::Writer later;
  later(999, std::int64_t{7});
  later(1000, std::string("new"));
  const std::string body = encode_body(HitCounter{.access_count = 5, .last_accessed_at = 6});
  const auto read = decode_body<HitCounter>(body + later.take());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->access_count, 5);
}

TEST(RecordCodec, RefusesAFieldOfTheWrongKindOrGivenTwice) {
  wire::Writer wrong;
  wrong(1, std::string("five"));
  EXPECT_FALSE(decode_body<HitCounter>(wrong.take()));
  wire::Writer twice;
  twice(1, std::int64_t{1});
  twice(1, std::int64_t{1});
  EXPECT_FALSE(decode_body<HitCounter>(twice.take()));
}

TEST(RecordCodec, RefusesNumbersOutOfRange) {
  wire::Writer state;
  state(2, std::int64_t{4});  // AttemptState ends at 3
  EXPECT_FALSE(decode_body<LedgerEntry>(state.take()));
  wire::Writer page;
  page(3, std::int64_t{1} << 40);  // page_number is 32 bits
  EXPECT_FALSE(decode_body<PageLink>(page.take()));
  wire::Writer key;
  key(1, std::string(15, 'k'));
  EXPECT_FALSE(decode_body<PageLink>(key.take()));
}

TEST(RecordCodec, RefusesToWriteWhatItWouldNotRead) {
  UtteranceRecord record;
  record.text.assign(kMaxRecordBytes + 1, 'x');
  EXPECT_THROW(encode(record), Error);
}

}  // namespace
}  // namespace bhashatts::catalog
