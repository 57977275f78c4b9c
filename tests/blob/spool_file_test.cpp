#include "blob/spool_file.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "base/files.h"
#include "base/hash.h"
#include "bhashatts/error.h"
#include "tests/support/raised.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::blob {
namespace {

const std::string kName = "audio/tts/0123456789abcdef0123456789abcdef.flac";
const BlobLabels kLabels{.media_type = "audio/flac", .identity = "0123", .duration_ms = 1'234};

SharedBytes bytes_of(std::string content) { return SharedBytes::adopt(std::move(content)); }

std::string encoded(const std::string& payload) {
  return encode_debt(kName, bytes_of(payload), kLabels);
}
DebtFile state_of(const std::string& file) {
  Debt debt;
  return read_debt(bytes_of(file), debt);
}

// With a right checksum, as a later version would have it.
std::string with_version(std::string file, char version, std::size_t payload) {
  file[file.size() - 24] = version;
  const auto sum = xxh3_64(std::string_view(file).substr(payload, file.size() - 16 - payload));
  for (std::size_t i = 0; i < 8; ++i) {
    file[file.size() - 16 + i] = static_cast<char>((sum >> (8 * i)) & 0xffU);
  }
  return file;
}

TEST(SpoolFile, GivesBackNameLabelsAndBytes) {
  Debt debt;
  ASSERT_EQ(read_debt(bytes_of(encoded("sound")), debt), DebtFile::good);
  EXPECT_EQ(debt.name, kName);
  EXPECT_EQ(debt.labels.media_type, "audio/flac");
  EXPECT_EQ(debt.labels.identity, "0123");
  EXPECT_EQ(debt.labels.duration_ms, 1'234);
  EXPECT_EQ(debt.bytes.chars(), "sound");
}

TEST(SpoolFile, KeepsEmptyObjectsAndEmptyLabels) {
  Debt debt;
  ASSERT_EQ(read_debt(bytes_of(encode_debt("a", {}, {})), debt), DebtFile::good);
  EXPECT_TRUE(debt.bytes.empty());
  EXPECT_TRUE(debt.labels.media_type.empty());
  EXPECT_EQ(debt.labels.duration_ms, 0);
}

TEST(SpoolFile, TellsNameAndSizeWithoutReadingTheBytes) {
  std::string file = encoded("sound");
  file[0] = '!';
  BlobInfo info;
  ASSERT_EQ(read_debt_info(bytes_of(file), info), DebtFile::good);
  EXPECT_EQ(info.name, kName);
  EXPECT_EQ(info.size_bytes, 5U);
  EXPECT_EQ(state_of(file), DebtFile::damaged);
}

TEST(SpoolFile, IsAViewOfTheMappingThatCostsNoMemory) {
  const testing::TempDir temp;
  const std::string file = encoded("sound");
  write_new_file(temp / "debt", std::as_bytes(std::span(file)), Sync::none);
  Debt debt;
  ASSERT_EQ(read_debt(*map_file(temp / "debt"), debt), DebtFile::good);
  EXPECT_EQ(debt.bytes.chars(), "sound");  // its mapping lives on
  EXPECT_TRUE(is_mapped(debt.bytes));
  EXPECT_EQ(live_mappings(), 1);
  debt = {};
  EXPECT_EQ(live_mappings(), 0);
}

TEST(SpoolFile, FindsEveryFlippedBit) {
  const std::string good = encoded("some sound");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string file = good;
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(state_of(file), DebtFile::damaged) << bit;
  }
}

TEST(SpoolFile, FindsEveryTornOrPaddedFile) {
  const std::string good = encoded("some sound");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(state_of(good.substr(0, size)), DebtFile::damaged) << size;
  }
  EXPECT_EQ(state_of(good + '\0'), DebtFile::damaged);
  EXPECT_EQ(state_of(' ' + good), DebtFile::damaged);
  EXPECT_EQ(state_of(good + good), DebtFile::damaged);
}

TEST(SpoolFile, TellsALaterVersionFromDamage) {
  const std::string good = encoded("sound");
  EXPECT_EQ(state_of(with_version(good, 1, 5)), DebtFile::good);
  EXPECT_EQ(state_of(with_version(good, 2, 5)), DebtFile::newer);
  EXPECT_EQ(state_of(with_version(good, 0, 5)), DebtFile::damaged);
  BlobInfo info;
  EXPECT_EQ(read_debt_info(bytes_of(with_version(good, 2, 5)), info), DebtFile::newer);
  EXPECT_TRUE(info.name.empty());
}

TEST(SpoolFile, RefusesWhatNoStoreWouldTake) {
  const auto encode = [](const std::string& name, std::string media_type, std::string identity) {
    const BlobLabels labels{
        .media_type = std::move(media_type), .identity = std::move(identity), .duration_ms = 0};
    return [=] { encode_debt(name, bytes_of("x"), labels); };
  };
  testing::raised(ErrorCode::bad_request, encode("../out", "", ""));
  testing::raised(ErrorCode::bad_request, encode("a", "a/b\r\nX-Evil: 1", ""));
  testing::raised(ErrorCode::bad_request, encode("a", "", std::string(256, 'a')));
  EXPECT_NO_THROW(encode(std::string(255, 'n'), std::string(255, 'm'), "")());
}

TEST(SpoolFile, IsNamedByAHashOfTheObjectsName) {
  EXPECT_TRUE(is_debt_leaf(debt_leaf("a")));
  EXPECT_NE(debt_leaf("a"), debt_leaf("b"));
  EXPECT_EQ(debt_leaf("a"), debt_leaf("a"));
  for (const char* other : {"", ".owed", "README", "0123456789abcdef0123456789abcdef",
                            "0123456789abcdef0123456789abcdeF.owed", "a/b.owed"}) {
    EXPECT_FALSE(is_debt_leaf(other)) << other;
  }
}

}  // namespace
}  // namespace bhashatts::blob
