// Several hosts over one bucket and one Redis, both real: each host is a data directory with
// engines of this process on it, or worker processes; all of them pay at one till.
//
// Thread rule: one thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bhashatts/engine.h"
#include "bhashatts/log.h"
#include "tests/engine/counted_synthesizer.h"
#include "tests/engine/worker_process.h"
#include "tests/hosts/s3_server.h"
#include "tests/support/raised.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

using Settings = std::map<std::string, std::string>;  // as Config::set takes them

class HostsTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override { set_log_sink({}); }

  // What all hosts have in common; a test changes it before it begins its hosts.
  Settings settings;
  void without_redis() { settings.erase("redis_url"); }

  // A host of that name, as it is or as `others` would have it.
  TtsEngine open(const std::string& host, const Settings& others = {}) const;
  std::vector<std::string> arguments(const std::string& host,
                                     std::vector<std::string> others = {}) const;
  using Crowd = std::vector<std::unique_ptr<WorkerProcess>>;
  // So many processes of each host; all are ready.
  Crowd crowd(const std::vector<std::string>& hosts, int processes,
              const std::vector<std::string>& others = {}) const;
  // Ends them all, which pays their debts to the bucket where it is up.
  static void finish(Crowd& crowd);

  std::filesystem::path data(const std::string& host) const { return directory_ / host; }
  std::filesystem::path gate() const { return directory_ / "gate"; }
  void open_gate() const;
  Counter calls() const { return Counter(directory_ / "calls"); }
  // How often the one that was called most often was.
  int most_calls_of_one() const;
  std::vector<std::string> keys_in_redis() const;
  // What there was to say, until `what` is among it (10 s at most).
  static bool await(const std::function<bool()>& what);

  CountedOptions counted;  // of engines of this process
  std::optional<S3Server> bucket;
  std::optional<RedisServer> redis;

 private:
  TempDir directory_;
};

// Acknowledgements and the rest of what workers said.
struct Heard {
  std::vector<Acknowledgement> acks;
  std::vector<std::string> errors;  // and all that is neither

  void hear(const std::string& line);
  // Reads until so many requests were answered.
  void collect(WorkerProcess& worker, std::size_t answers);
  // The distinct audios of each text.
  std::map<std::string, std::set<std::string>> audios() const;
};

inline std::string bytes_of(const Speech& speech) { return audio_hash(speech.audio()); }

}  // namespace bhashatts::testing
