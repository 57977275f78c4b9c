#include "cache/entry_codec.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "tests/cache/tier_help.h"

namespace bhashatts::cache {
namespace {

using testing::speech_number;

Entry sample() {
  Entry entry;
  entry.metadata = *speech_number(7).metadata;
  entry.metadata.take = 2;
  entry.metadata.generation_cost_micro_usd = 12'345;
  entry.location = Location::blob_store;
  entry.queue = Queue::main;
  entry.frequency = 3;
  entry.sequence = 0x0102030405060708;
  entry.written_at = 1'700'000'001;
  entry.expires_at = 1'700'086'401;
  return entry;
}

// The bytes with another body under a right checksum.
std::string resealed(std::string bytes) {
  bytes.resize(bytes.size() - 8);
  std::uint64_t sum = xxh3_64(bytes);
  for (int i = 0; i < 8; ++i, sum >>= 8U) bytes.push_back(static_cast<char>(sum & 0xffU));
  return bytes;
}

TEST(EntryCodec, ReadsBackWhatItWrote) {
  Entry read;
  ASSERT_EQ(decode(encode(sample()), read), Decoded::good);
  EXPECT_EQ(read, sample());
}

TEST(EntryCodec, FindsEveryFlippedBit) {
  const std::string bytes = encode(sample());
  Entry read;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(decode(flipped, read), Decoded::damaged) << "bit " << bit;
  }
}

TEST(EntryCodec, FindsEveryCutAndEveryTail) {
  const std::string bytes = encode(sample());
  Entry read;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_EQ(decode(bytes.substr(0, size), read), Decoded::damaged) << size;
  }
  EXPECT_EQ(decode(bytes + '\0', read), Decoded::damaged);
  std::string longer = bytes;
  longer.insert(longer.size() - 8, "tail");
  EXPECT_EQ(decode(resealed(longer), read), Decoded::damaged);
}

TEST(EntryCodec, TellsALaterVersionFromDamage) {
  std::string bytes = encode(sample());
  bytes[0] = 3;
  Entry read;
  EXPECT_EQ(decode(bytes, read), Decoded::damaged);
  EXPECT_EQ(decode(resealed(bytes), read), Decoded::newer);
  bytes[0] = 0;
  EXPECT_EQ(decode(resealed(bytes), read), Decoded::damaged);
}

TEST(EntryCodec, RefusesValuesThatAreNoneOfItsOwn) {
  Entry read;
  for (const std::size_t field : {1U, 2U, 3U}) {  // location, queue, frequency
    std::string bytes = encode(sample());
    bytes[field] = 9;
    EXPECT_EQ(decode(resealed(bytes), read), Decoded::damaged) << field;
  }
}

TEST(EntryCodec, RefusesToWriteMoreThanItWouldRead) {
  Entry entry = sample();
  entry.metadata.synthesizer = std::string(kMaxEntryBytes, 'x');
  EXPECT_THROW(encode(entry), Error);
}

}  // namespace
}  // namespace bhashatts::cache
