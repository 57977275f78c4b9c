// Every way in which an upstream is known to fail, as data: one row a fault, with what must come of
// one attempt through the huggingface synthesizer. Tests of the synthesizer check one attempt,
// tests of the engine the attempts, waits and ledger that follow.
//
//   for (const Fault& fault : faults()) {
//     FaultScene scene(fault);
//     options.upstream = scene.upstream();  // its URL, kFaultToken, kFaultPricing
//     ... synthesize with a deadline of fault_patience(fault)
//   }
//
// To compile it, list ../support/faults.cpp with the loopback server's two files.
//
// Thread rule: rows are values; a scene may be used from any thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "bhashatts/error.h"
#include "net/http.h"
#include "synth/upstream.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

inline constexpr const char* kFaultToken = "hf_abcdefghijklmnopqrstuvwx";
// A call is worth more than all the time that a test can take.
inline constexpr synth::Pricing kFaultPricing{
    .per_second = 120, .per_million_characters = 0, .per_call = 10'000};

struct Fault {
  enum class At {
    server,       // a loopback server gives `reply`, each time
    closed_port,  // nobody listens there
    no_host,      // the name does not resolve
    untrusted,    // https, with a certificate that nobody vouches for
  };
  // What one attempt must have cost.
  enum class Paid {
    nothing,
    stated_time,  // kStatedCost: of the x-compute-time that the reply states
    call,         // a call and its time
  };
  static constexpr std::int64_t kStatedCost = 180;  // of 1.5 s

  std::string name;
  ScriptedReply reply = {};
  ErrorCode code = ErrorCode::ok;
  bool retryable = false;
  std::chrono::milliseconds retry_after{0};
  Paid paid = Paid::nothing;
  At at = At::server;
  bool is_slow = false;  // ends by the deadline: give it little
};

// What a failing test shows of a row.
inline void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

const std::vector<Fault>& faults();

// "59_no_such_host": what a test of one row is called.
std::string fault_test_name(const ::testing::TestParamInfo<Fault>& row);

// How long one attempt may take: 250 ms for the slow ones, enough for any machine for the others.
std::chrono::milliseconds fault_patience(const Fault& fault);
// Whether `micro_usd` is what one attempt must have cost.
bool is_paid(const Fault& fault, std::int64_t micro_usd);

// Where the fault happens, for as long as it lives.
class FaultScene {
 public:
  explicit FaultScene(const Fault& fault);

  synth::UpstreamOptions upstream() const;
  const std::string& url() const { return url_; }
  std::size_t calls() const { return server_ ? server_->calls() : 0; }

 private:
  TempDir directory_;
  std::unique_ptr<LoopbackServer> server_;
  std::string url_;
};

}  // namespace bhashatts::testing
