// Each known fault over real sockets: the code, whether and when to ask again, what was paid, and
// that no message gives away an address or a token.
#include <gtest/gtest.h>

#include "net/http_client.h"
#include "synth/huggingface.h"
#include "tests/support/faults.h"
#include "tests/synth/upstream_sounds.h"

namespace bhashatts::synth {
namespace {

using testing::error_from;
using testing::Fault;
using testing::faults;
using testing::FaultScene;
using testing::speak;

class FaultSuite : public ::testing::TestWithParam<Fault> {
 protected:
  static Error attempt(const FaultScene& scene, const Fault& fault) {
    HuggingFaceOptions options;
    options.upstream = scene.upstream();
    const auto synthesizer = make_huggingface(options, net::make_http_client());
    const auto patience = static_cast<int>(testing::fault_patience(fault).count());
    return error_from([&] { synthesizer->synthesize(speak("क", patience)); });
  }
};

bool holds_no_secret(const std::string& text) {
  const auto lacks = [&](std::string_view part) { return text.find(part) == std::string::npos; };
  return lacks("abcdefghijkl") && lacks("secret-path") && lacks("Bearer");
}

TEST_P(FaultSuite, EndsAsItMust) {
  const Fault& fault = GetParam();
  const FaultScene scene(fault);
  const Error error = attempt(scene, fault);
  EXPECT_EQ(name(error.code()), name(fault.code)) << error.what() << " | " << error.detail();
  EXPECT_EQ(error.retryable(), fault.retryable);
  EXPECT_EQ(error.retry_after(), fault.retry_after);
  EXPECT_TRUE(testing::is_paid(fault, error.cost_micro_usd())) << error.cost_micro_usd();
  const std::size_t calls = fault.at == Fault::At::server ? 1 : 0;
  EXPECT_EQ(scene.calls(), calls) << "one attempt is one call";
}

TEST_P(FaultSuite, GivesNothingAway) {
  const Fault& fault = GetParam();
  const FaultScene scene(fault);
  const Error error = attempt(scene, fault);
  const std::string message = error.what();
  EXPECT_EQ(message.find("://127"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_TRUE(holds_no_secret(message)) << message;
  EXPECT_TRUE(holds_no_secret(error.detail())) << error.detail();
  EXPECT_FALSE(error.detail().empty());
}

INSTANTIATE_TEST_SUITE_P(Every, FaultSuite, ::testing::ValuesIn(faults()),
                         testing::fault_test_name);

}  // namespace
}  // namespace bhashatts::synth
