// One attempt at one utterance over a network: its exchanges, its deadline, and what it owes.
//
// Money is why this is a class. An attempt is three exchanges with some upstreams, may fail after
// any of them, and has to say what it cost whichever way it ends:
//   an answer with 2xx      the time (x-compute-time, else ours) + characters + call, once
//   an error status         nothing, but for a time that it states itself
//   no answer, once sent    as for 2xx: nobody can tell whether it was worked on
//   no answer, not sent     nothing
//
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bhashatts/synthesizer.h"
#include "net/http.h"
#include "net/url.h"
#include "synth/audio_reply.h"
#include "synth/error_reply.h"
#include "synth/upstream.h"

namespace bhashatts::synth {

// Where calls go, and how messages name it. Outlives the attempts.
struct Target {
  Service service = Service::endpoint;
  net::Url home;  // the one origin that the token may go to
  const UpstreamOptions* options = nullptr;
  net::Transport* transport = nullptr;
};

// What an attempt owes so far. Time counts at most as long as an attempt may take, so that no
// header can make it cost more than what was reserved for it.
class Bill {
 public:
  Bill(const UpstreamOptions& options, std::string_view text);

  void worked(std::chrono::milliseconds compute);    // accepted: all three prices
  void computed(std::chrono::milliseconds compute);  // refused, but worked on: time alone
  void forgive();  // what was accepted turned out to be refused before any work
  std::chrono::milliseconds compute() const { return compute_; }
  std::int64_t owed() const;

 private:
  const UpstreamOptions& options_;
  std::int64_t characters_;
  std::chrono::milliseconds compute_{0};
  bool accepted_ = false;
};

class Attempt {
 public:
  Attempt(const Target& target, const SynthesisRequest& request);

  // Runs `work` and puts what the attempt owes on the Error that it raises.
  SynthesisResult run(const std::function<SynthesisResult()>& work);

  // The upstream works. Raises the Error of any status but 2xx, and of 202.
  net::HttpReply call(net::HttpRequest request);
  // As call(), but an error status is returned, too, and owes what it owes.
  net::HttpReply try_call(net::HttpRequest request);
  // The audio of a reply, fetched where the reply only tells its address, which may be relative to
  // `from`. Another origin gets no token, and no https becomes http.
  SharedBytes audio_of(net::HttpReply& reply, const net::Url& from, const AudioShape& shape);
  SharedBytes fetch(const net::Url& url, const AudioShape& shape);

  void forgive() { bill_.forgive(); }
  SynthesisResult result(SharedBytes audio, const net::HttpReply& reply) const;
  std::chrono::milliseconds left() const;

 private:
  net::HttpReply exchange(net::HttpRequest request, bool is_work);
  AudioAnswer read(net::HttpReply& reply, const AudioShape& shape) const;
  void require_fetched(const net::HttpReply& reply) const;

  const Target& target_;
  const SynthesisRequest& request_;
  std::chrono::steady_clock::time_point deadline_;
  Bill bill_;
};

}  // namespace bhashatts::synth
