// Exports of the guide's table: what Django and psql write, and what they do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

#include "bhashatts/import.h"

namespace bhashatts {
namespace {

using ::testing::HasSubstr;

const std::string kRow =
    R"({"id":"x","text_content":"नमस्ते","language":"HINDI","voice_style":"calm",)"
    R"("cache_key":"aa","audio_url":"u","story_id":"s-1","page_number":2,"access_count":9,)"
    R"("generation_time_ms":1200,"generation_cost_usd":"0.000360","deep":[{"language":"X"}]})";

std::vector<GuideRow> rows_of(const std::string& text) {
  std::istringstream in(text);
  GuideExport rows(in);
  std::vector<GuideRow> all;
  while (auto row = rows.next()) all.push_back(std::move(*row));
  return all;
}

std::string fault_of(const std::string& row) {
  const auto rows = rows_of(row);
  return rows.size() == 1 ? rows[0].fault : "not one row";
}

TEST(GuideKey, IsTheMd5ThatTheGuideComputes) {
  // hashlib.md5("नमस्ते:HINDI:storyteller".encode()).hexdigest()
  EXPECT_EQ(guide_cache_key("नमस्ते", "HINDI", "storyteller"), "d85404c3d2ea376d86de6324fc3a91eb");
  EXPECT_EQ(guide_cache_key("a:b", "c", "d"), guide_cache_key("a", "b:c", "d"));  // its weakness
}

TEST(GuideExport, ReadsALineOfColumns) {
  const auto rows = rows_of("\xEF\xBB\xBF" + kRow + "\r\n\n" + kRow);
  ASSERT_EQ(rows.size(), 2U);
  const GuideRow& row = rows[1];
  EXPECT_EQ(row.number, 2);
  EXPECT_EQ(row.fault, "");
  EXPECT_EQ(row.text, "नमस्ते");
  EXPECT_EQ(row.voice_style, "calm");
  EXPECT_EQ(row.story_id, "s-1");
  EXPECT_EQ(row.page_number, 2);
  EXPECT_EQ(row.generation_time_ms, 1'200);
  EXPECT_EQ(row.generation_cost_micro_usd, 360);
}

TEST(GuideExport, ReadsAListToo) {
  EXPECT_EQ(rows_of("[" + kRow + ",\n " + kRow + "]\n").size(), 2U);
  EXPECT_EQ(rows_of(" [ ] ").size(), 0U);
  EXPECT_EQ(rows_of("").size(), 0U);
}

TEST(GuideExport, ReadsDumpdataAndPassesOverOtherModels) {
  const std::string fields =
      R"({"text_content":"a","language":"TAMIL","story":7,"page_number":null})";
  const auto rows = rows_of(R"([{"model":"speech.ttsusagelog","pk":1,"fields":{"text_length":3}},)"
                            R"({"model":"speech.audiocache","pk":2,"fields":)" +
                            fields + "}]");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].number, 2);
  EXPECT_EQ(rows[0].language, "TAMIL");
  EXPECT_EQ(rows[0].story_id, "7");
  EXPECT_EQ(rows[0].page_number, 0);
  EXPECT_EQ(rows[0].voice_style, "storyteller");
}

TEST(GuideExport, SaysWhatIsWrongWithARow) {
  EXPECT_THAT(fault_of("oops"), HasSubstr("not valid JSON"));
  EXPECT_THAT(fault_of("[3]"), HasSubstr("must be a JSON object"));
  EXPECT_THAT(fault_of(R"({"language":"HINDI"})"), HasSubstr("\"text_content\" is missing"));
  EXPECT_THAT(fault_of(R"({"text_content":3,"language":"HINDI"})"), HasSubstr("must be a string"));
  EXPECT_THAT(fault_of(R"({"text_content":["a"],"language":"HINDI"})"), HasSubstr("a string"));
  EXPECT_THAT(fault_of("{\"text_content\":\"\xFF\",\"language\":\"HINDI\"}"), HasSubstr("UTF-8"));
  EXPECT_THAT(fault_of(R"({"language":"A","language":"B"})"), HasSubstr("given twice"));
  for (const std::string number : {"-1", "1.5", "\"2\"", "4294967296", "[]"}) {
    EXPECT_THAT(fault_of(R"({"text_content":"a","language":"b","page_number":)" + number + "}"),
                HasSubstr("\"page_number\" must be"));
  }
  for (const std::string usd : {"-1", "\"NaN\"", "\"inf\"", "1e300", "\"1 \"", "true"}) {
    EXPECT_THAT(
        fault_of(R"({"text_content":"a","language":"b","generation_cost_usd":)" + usd + "}"),
        HasSubstr("an amount of dollars"));
  }
}

TEST(GuideExport, GoesOnBehindABrokenRow) {
  const auto lines = rows_of("oops\n" + kRow + "\n{\n");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].fault, "");
  EXPECT_NE(lines[2].fault, "");
  const auto list = rows_of("[oops, \"a,]\\\"\", {\"a\":tru}, " + kRow + "]");
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[3].fault, "");
}

TEST(GuideExport, TellsOfAListThatBreaksOffOnce) {
  const auto rows = rows_of("[" + kRow + "," + kRow.substr(0, 40));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[1].fault, HasSubstr("breaks off"));
  EXPECT_EQ(rows_of("[").size(), 1U);
}

TEST(GuideExport, ARowOverSixteenMiBIsLeftOut) {
  const std::string endless = "{\"text_content\":\"" + std::string(17 << 20, 'a') + "\"}";
  const auto lines = rows_of(endless + "\n" + kRow);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].fault, "longer than 16 MiB");
  EXPECT_EQ(lines[1].fault, "");
  EXPECT_EQ(rows_of("[" + endless + "," + kRow + "]").at(1).fault, "");
}

TEST(GuideExport, CountsRowsWithoutUnderstandingThem) {
  std::istringstream lines("oops\n\n" + kRow + "\n");
  EXPECT_EQ(GuideExport(lines).count(), 2);
  std::istringstream list("[" + kRow + ",1," + kRow + "]");
  EXPECT_EQ(GuideExport(list).count(), 3);
}

TEST(GuideExport, AFileThatCannotBeReadIsOneFault) {
  std::istringstream in("x");
  in.setstate(std::ios::badbit);
  GuideExport rows(in);
  EXPECT_THAT(rows.next().value().fault, HasSubstr("cannot be read"));
  EXPECT_FALSE(rows.next());
}

}  // namespace
}  // namespace bhashatts
