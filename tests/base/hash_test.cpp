#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace bhashatts {
namespace {

// The published XXH3 value of nothing, seed 0.
TEST(Hash, Xxh3IsTheStandardOne) {
  EXPECT_EQ(xxh3_64(std::string_view()), 0x2D06800538D394C2U);
  EXPECT_NE(xxh3_64("a"), xxh3_64("b"));
}

// SHA-256 of "\0\0\0\3abc", cut to 128 bits (coreutils' sha256sum says the same).
TEST(Hash, KeysAreSha256OfLengthPrefixedFields) {
  EXPECT_EQ(KeyHasher().field("abc").finish().hex(), "d04b72a650ce0f8ce4963330a53ee283");
}

TEST(Hash, FieldsDoNotRunIntoEachOther) {
  const Key one = KeyHasher().field("ab").field("c").finish();
  EXPECT_NE(one, KeyHasher().field("a").field("bc").finish());
  EXPECT_NE(one, KeyHasher().field("abc").finish());
  EXPECT_NE(one, KeyHasher().field("ab").field("c").field("").finish());
  EXPECT_EQ(one, KeyHasher().field("ab").field("c").finish());
}

TEST(Hash, NumbersAreHashedAsTheirDigits) {
  EXPECT_EQ(KeyHasher().field(std::int64_t{-12}).finish(), KeyHasher().field("-12").finish());
}

// Against Python's hmac.new(secret, b"\0\0\0\3abc", "sha256").
TEST(Hash, ASecretMakesItAnHmac) {
  EXPECT_EQ(KeyHasher("secret").field("abc").finish().hex(), "e565677b1d3e5f94456a4a572819c8df");
  EXPECT_EQ(KeyHasher(std::string(100, 's')).field("abc").finish().hex(),
            "63f3b88b1a65decff4a79d78b27b398e");
}

// The digests of FIPS 180-2 and RFC 4231, test cases 2 and 6.
TEST(Hash, Sha256AndItsHmacAreTheStandardOnes) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Key, ReadsItsOwnHex) {
  const Key key = KeyHasher().field("x").finish();
  EXPECT_EQ(Key::from_hex(key.hex()), key);
  EXPECT_EQ(Key::from_hex("0123456789abcdef0123456789ABCDEF")->hex(),
            "0123456789abcdef0123456789abcdef");
}

TEST(Key, RefusesWhatIsNotHex) {
  EXPECT_FALSE(Key::from_hex(""));
  EXPECT_FALSE(Key::from_hex("0123456789abcdef0123456789abcde"));
  EXPECT_FALSE(Key::from_hex("0123456789abcdef0123456789abcdef0"));
  EXPECT_FALSE(Key::from_hex("0123456789abcdef0123456789abcdeg"));
  EXPECT_FALSE(Key::from_hex("0123456789abcdef 123456789abcdef"));
}

}  // namespace
}  // namespace bhashatts
