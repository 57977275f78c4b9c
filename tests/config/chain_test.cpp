#include "config/chain.h"

#include <gtest/gtest.h>

namespace bhashatts::config {
namespace {

using Chain = std::vector<ChainLink>;

TEST(Chain, NamesSynthesizersInOrderWithTheirAddresses) {
  EXPECT_EQ(parse_chain("gradio=https://a.example/x?y=1, espeak"),
            (Chain{{"gradio", "https://a.example/x?y=1"}, {"espeak", ""}}));
  EXPECT_EQ(parse_chain(" huggingface "), (Chain{{"huggingface", ""}}));
}

TEST(Chain, MayBeEmpty) { EXPECT_EQ(parse_chain(" "), Chain{}); }

TEST(Chain, RefusesWhatItDoesNotKnowAndWhatStandsTwice) {
  for (const char* bad : {"festival", "espeak, espeak", "espeak=http://x", "openai", ",espeak",
                          "auto", "=http://x"}) {
    EXPECT_EQ(parse_chain(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace bhashatts::config
