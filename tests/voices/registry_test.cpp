// What the compiled-in registry promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "bhashatts/voices.h"

namespace bhashatts {
namespace {

using ::testing::ElementsAre;

template <typename Item>
std::vector<std::string> names_of(std::span<const Item> items) {
  std::vector<std::string> names;
  for (const Item& item : items) names.push_back(item.name);
  return names;
}

// The words of a sentence, punctuation dropped.
std::set<std::string> words_of(const std::string& sentence) {
  std::set<std::string> words;
  std::string word;
  for (const char c : sentence + " ") {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += c;
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  return words;
}

// Speakers of any language whom a sentence names.
std::set<std::string> speakers_in(const std::string& sentence) {
  std::set<std::string> found;
  const auto words = words_of(sentence);
  for (const Language& language : all_languages()) {
    for (const std::string& name : language.speakers) {
      if (words.contains(name)) found.insert(name);
    }
  }
  return found;
}

std::uint64_t digest_of(const std::string& profile) {
  std::string all;
  for (const Language& language : languages()) {
    for (const VoiceStyle& style : voice_styles()) {
      all += get_voice_description(language.name, style.name, profile) + '\n';
    }
  }
  return xxh3_64(all);
}

TEST(Registry, SpeaksSixLanguagesInTheGuidesOrder) {
  EXPECT_THAT(names_of(languages()),
              ElementsAre("HINDI", "TAMIL", "GUJARATI", "PUNJABI", "TELUGU", "MALAYALAM"));
  for (const Language& language : languages()) EXPECT_TRUE(language.spoken);
  EXPECT_FALSE(find_language("PUNJABI")->official);
}

TEST(Registry, KnowsAllTwentyFourLanguagesOfTheModel) {
  const auto names = names_of(all_languages());
  EXPECT_EQ(names.size(), 24U);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(std::ranges::count_if(all_languages(), &Language::official), 21);
  EXPECT_EQ(std::ranges::count_if(all_languages(), &Language::spoken), 6);
  std::size_t entries = 0;
  for (const Language& language : all_languages()) entries += language.speakers.size();
  EXPECT_EQ(entries, 69U);
}

TEST(Registry, GivesEachLanguageItsTagAndScript) {
  std::set<std::string> tags;
  for (const Language& language : all_languages()) {
    tags.insert(language.tag);
    EXPECT_EQ(language.script.size(), 4U) << language.name;
    EXPECT_FALSE(language.label.empty());
  }
  EXPECT_EQ(tags.size(), 24U);
  EXPECT_EQ(find_language("TAMIL")->tag, "ta");
  EXPECT_EQ(find_language("PUNJABI")->script, "Guru");
  EXPECT_EQ(find_language("MALAYALAM")->label, "Malayalam");
}

TEST(Registry, HasTheGuidesThreeStyles) {
  EXPECT_THAT(names_of(voice_styles()), ElementsAre("storyteller", "calm", "enthusiastic"));
  EXPECT_EQ(find_voice_style("storyteller")->label, "Storyteller (Warm & Engaging)");
  EXPECT_EQ(find_voice_style("calm")->label, "Calm (Soft & Soothing)");
  EXPECT_EQ(find_voice_style("enthusiastic")->label, "Enthusiastic (Energetic)");
}

TEST(Registry, FindsByExactNameOnly) {
  EXPECT_EQ(find_language("hindi"), nullptr);
  EXPECT_EQ(find_language(""), nullptr);
  EXPECT_EQ(find_language("KLINGON"), nullptr);
  EXPECT_FALSE(find_language("BENGALI")->spoken);
  EXPECT_EQ(find_voice_style("Calm"), nullptr);
}

TEST(VoiceDescription, FallsBackAsTheGuideDoes) {
  for (const char* profile : {"guide", "roster"}) {
    EXPECT_EQ(get_voice_description("KLINGON", "calm", profile),
              get_voice_description("HINDI", "calm", profile));
    EXPECT_EQ(get_voice_description("TAMIL", "shouting", profile),
              get_voice_description("TAMIL", "storyteller", profile));
    EXPECT_EQ(get_voice_description("", "", profile),
              get_voice_description("HINDI", "storyteller", profile));
  }
  EXPECT_EQ(get_voice_description("TAMIL"),
            get_voice_description("TAMIL", "storyteller", "roster"));
}

TEST(VoiceDescription, RefusesAnUnknownProfile) {
  EXPECT_THAT(voice_profiles(), ElementsAre("guide", "roster"));
  try {
    get_voice_description("HINDI", "calm", "loud");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::config_invalid);
    EXPECT_STREQ(error.what(), "unknown voice profile; use one of: guide, roster");
  }
}

TEST(VoiceDescription, KeepsTheGuidesWords) {
  EXPECT_EQ(get_voice_description("HINDI", "storyteller", "guide"),
            "Divya speaks in a warm, cheerful tone with moderate pace, perfect for storytelling to "
            "children. The recording is very high quality with clear pronunciation and no "
            "background noise.");
  EXPECT_EQ(get_voice_description("TELUGU", "calm", "guide"),
            "A soft, gentle voice with measured pace, soothing and calming. Very clear audio.");
  EXPECT_EQ(get_voice_description("MALAYALAM", "enthusiastic", "guide"),
            "An energetic, expressive voice with vibrant delivery, exciting for adventure tales. "
            "Bright, clear audio.");
}

TEST(VoiceDescription, OfTheRosterNamesOneRecommendedSpeakerOfItsLanguage) {
  std::set<std::string> all;
  for (const Language& language : languages()) {
    for (const VoiceStyle& style : voice_styles()) {
      const std::string& sentence = get_voice_description(language.name, style.name);
      const auto speakers = speakers_in(sentence);
      ASSERT_EQ(speakers.size(), 1U) << sentence;
      EXPECT_TRUE(std::ranges::count(language.recommended, *speakers.begin()) == 1) << sentence;
      EXPECT_NE(sentence.find("very clear audio"), std::string::npos) << sentence;
      all.insert(sentence);
    }
  }
  EXPECT_EQ(all.size(), 18U);
}

TEST(VoiceDescription, KeepsOneSpeakerALanguageButForTheGuidesHindiMan) {
  for (const Language& language : languages()) {
    std::set<std::string> speakers;
    for (const VoiceStyle& style : voice_styles()) {
      speakers.merge(speakers_in(get_voice_description(language.name, style.name)));
    }
    EXPECT_EQ(speakers.size(), language.name == "HINDI" ? 2U : 1U) << language.name;
  }
  EXPECT_TRUE(get_voice_description("HINDI", "enthusiastic").starts_with("Rohit "));
}

TEST(VoiceDescription, IsThereForEveryLanguageOfTheModel) {
  std::set<std::string> all;
  for (const Language& language : all_languages()) {
    for (const VoiceStyle& style : voice_styles()) {
      const std::string& sentence = get_voice_description(language.name, style.name);
      all.insert(sentence);
      EXPECT_EQ(sentence.find('{'), std::string::npos);
      if (!language.speakers.empty()) {
        EXPECT_EQ(speakers_in(sentence).size(), 1U) << sentence;
      }
    }
  }
  EXPECT_EQ(all.size(), 24U * 3U);
}

// A released profile is part of the identity of all audio made with it: a changed sentence makes a
// library bought anew, in another voice. Give the change a new profile's name instead.
TEST(VoiceDescription, OfAReleasedProfileNeverChanges) {
  EXPECT_EQ(digest_of("guide"), 18153265889341690017U);
  EXPECT_EQ(digest_of("roster"), 4765425059590374597U);
}

}  // namespace
}  // namespace bhashatts
