// The roster as data: what can be added without touching code, and what is refused.
#include "voices/roster.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "bhashatts/error.h"

namespace bhashatts::voices {
namespace {

nlohmann::json embedded() { return nlohmann::json::parse(embedded_roster()); }

std::string refusal_of(const nlohmann::json& roster) {
  try {
    parse_roster(roster.dump());
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::config_invalid);
    return error.what();
  }
  return {};
}

TEST(Roster, IsEmbeddedByteForByte) {
  std::ifstream file(BHASHATTS_ROSTER_FILE);
  std::stringstream text;
  text << file.rdbuf();
  ASSERT_FALSE(text.str().empty());
  EXPECT_EQ(embedded_roster(), text.str());
}

TEST(Roster, TakesAnotherLanguageByData) {
  auto json = embedded();
  json["spoken"].push_back("BENGALI");
  const Roster roster = parse_roster(json.dump());
  ASSERT_EQ(roster.spoken.size(), 7U);
  EXPECT_EQ(roster.spoken.back().name, "BENGALI");
  EXPECT_TRUE(roster.language("BENGALI")->spoken);
  EXPECT_TRUE(roster.description("BENGALI", "calm", "roster").starts_with("Arjun "));
  EXPECT_NE(roster.description("BENGALI", "calm", "roster").find("Bengali"), std::string::npos);
  // The guide's profile has nothing for it, and falls back as the guide does.
  EXPECT_EQ(roster.description("BENGALI", "calm", "guide"),
            roster.description("HINDI", "calm", "guide"));
}

TEST(Roster, TakesALanguageThatTheModelLearnsLater) {
  auto json = embedded();
  json["languages"].push_back({{"name", "TULU"},
                               {"label", "Tulu"},
                               {"tag", "tcy"},
                               {"script", "Knda"},
                               {"official", false},
                               {"speakers", {"Asha"}},
                               {"recommended", nlohmann::json::array()}});
  json["spoken"].push_back("TULU");
  const Roster roster = parse_roster(json.dump());
  EXPECT_EQ(roster.spoken.back().tag, "tcy");
  EXPECT_TRUE(roster.description("TULU", "storyteller", "roster").starts_with("Asha "));
}

TEST(Roster, TakesAnotherProfileBesideTheOldOnes) {
  auto json = embedded();
  auto profile = json["profiles"][1];
  profile["name"] = "roster2";
  profile["voices"]["HINDI"]["calm"] = "Rani";
  json["profiles"].push_back(profile);
  const Roster roster = parse_roster(json.dump());
  EXPECT_EQ(roster.profile_names, (std::vector<std::string>{"guide", "roster", "roster2"}));
  EXPECT_TRUE(roster.description("HINDI", "calm", "roster2").starts_with("Rani "));
  EXPECT_TRUE(roster.description("HINDI", "calm", "roster").starts_with("Divya "));
}

TEST(Roster, SpeaksOfTheSpeakerWhereTheModelHasNone) {
  const Roster roster = parse_roster(embedded_roster());
  EXPECT_TRUE(roster.language("URDU")->speakers.empty());
  EXPECT_TRUE(roster.description("URDU", "calm", "roster").starts_with("The speaker "));
}

TEST(Roster, RefusesASpeakerWhomTheLanguageDoesNotHave) {
  auto json = embedded();
  json["profiles"][1]["voices"]["TAMIL"]["calm"] = "Priya";
  EXPECT_NE(refusal_of(json).find("TAMIL has no speaker Priya"), std::string::npos);
  json = embedded();
  json["languages"][0]["recommended"].push_back("Leela");
  EXPECT_NE(refusal_of(json).find("ASSAMESE has no speaker Leela"), std::string::npos);
}

TEST(Roster, RefusesNamesThatNobodyKnows) {
  auto json = embedded();
  json["spoken"].push_back("KLINGON");
  EXPECT_NE(refusal_of(json).find("unknown language 'KLINGON'"), std::string::npos);
  json = embedded();
  json["profiles"][1]["templates"]["loud"] = "{speaker} shouts.";
  EXPECT_NE(refusal_of(json).find("unknown style 'loud'"), std::string::npos);
  json = embedded();
  json["languages"][3]["speaker"] = "Karan";
  EXPECT_NE(refusal_of(json).find("unknown 'speaker'"), std::string::npos);
}

TEST(Roster, RefusesSentencesThatAreNotWhole) {
  auto json = embedded();
  json["profiles"][1]["descriptions"]["HINDI"]["calm"] = "{speakers} speaks softly.";
  EXPECT_NE(refusal_of(json).find("placeholder"), std::string::npos);
  json = embedded();
  json["profiles"][0]["descriptions"]["TAMIL"].erase("calm");
  EXPECT_NE(refusal_of(json).find("lacks a style of TAMIL"), std::string::npos);
  json = embedded();
  json["profiles"][0]["descriptions"].erase("HINDI");
  EXPECT_NE(refusal_of(json).find("nothing for HINDI"), std::string::npos);
}

TEST(Roster, RefusesWhatIsThereTwiceOrNotAtAll) {
  auto json = embedded();
  json["spoken"].push_back("HINDI");
  EXPECT_NE(refusal_of(json).find("'HINDI' stands there twice"), std::string::npos);
  json = embedded();
  json.erase("styles");
  EXPECT_NE(refusal_of(json).find("styles"), std::string::npos);
  EXPECT_THROW(parse_roster("{"), Error);
  EXPECT_THROW(parse_roster("[]"), Error);
  EXPECT_THROW(parse_roster(""), Error);
}

}  // namespace
}  // namespace bhashatts::voices
