#include "tests/hosts/hosts_fixture.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "redis/redis.h"

namespace bhashatts::testing {

void HostsTest::SetUp() {
  if (!S3Server::is_installed()) GTEST_SKIP() << "run.sh installs the server that this needs";
  set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // outages are on purpose
  bucket.emplace();
  redis.emplace();
  counted.counter = directory_ / "calls";
  settings = {{"min_free_bytes", "1048576"},
              {"max_attempts", "1"},
              {"redis_url", redis->url()},
              // Many processes on few cores: one that is late must not pass for one that is gone.
              {"redis_timeout_ms", "20000"},
              {"audio_storage_backend", "storages.backends.s3boto3.S3Boto3Storage"},
              {"aws_s3_endpoint_url", bucket->endpoint()},
              {"aws_storage_bucket_name", "tales"},
              {"aws_access_key_id", S3Server::kKey},
              {"aws_secret_access_key", S3Server::kSecret},
              {"s3_timeout_ms", "5000"}};
}

TtsEngine HostsTest::open(const std::string& host, const Settings& others) const {
  Config config;
  config.data_dir = data(host).string();
  for (const auto& [name, value] : settings) config.set(name, value);
  for (const auto& [name, value] : others) config.set(name, value);
  return TtsEngine::open(config, counted_parts(counted));
}

std::vector<std::string> HostsTest::arguments(const std::string& host,
                                              std::vector<std::string> others) const {
  std::vector<std::string> all{"--dir", data(host), "--counter", counted.counter};
  for (const auto& [name, value] : settings) {
    all.insert(all.end(), {"--set", name + "=" + value});
  }
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

HostsTest::Crowd HostsTest::crowd(const std::vector<std::string>& hosts, int processes,
                                  const std::vector<std::string>& others) const {
  Crowd all;
  for (const std::string& host : hosts) {
    for (int i = 0; i < processes; ++i) {
      all.push_back(std::make_unique<WorkerProcess>(arguments(host, others)));
    }
  }
  for (const auto& one : all) EXPECT_EQ(one->answer(), "ready");
  return all;
}

void HostsTest::finish(Crowd& crowd) {
  for (const auto& one : crowd) one->close_input();
  for (const auto& one : crowd) EXPECT_EQ(one->end(), 0);
}

void HostsTest::open_gate() const { std::ofstream(gate()) << "open\n"; }

int HostsTest::most_calls_of_one() const {
  int most = 0;
  for (const auto& [utterance, count] : calls().by_utterance()) most = std::max(most, count);
  return most;
}

std::vector<std::string> HostsTest::keys_in_redis() const {
  redis::Redis client({.url = redis->url()});
  std::vector<std::string> keys;
  for (const auto& key : client.call({"KEYS", "*"}).array) keys.emplace_back(key.bulk.chars());
  std::ranges::sort(keys);
  return keys;
}

bool HostsTest::await(const std::function<bool()>& what) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!what()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

void Heard::hear(const std::string& line) {
  if (const auto ack = acknowledgement(line)) {
    acks.push_back(*ack);
  } else {
    errors.push_back(line);
  }
}

void Heard::collect(WorkerProcess& worker, std::size_t answers) {
  while (answers > 0) {
    const auto line = worker.line();
    if (!line) return errors.push_back("a caller was left without an answer");
    if (line->starts_with("asking")) continue;
    hear(*line);
    --answers;
  }
}

std::map<std::string, std::set<std::string>> Heard::audios() const {
  std::map<std::string, std::set<std::string>> all;
  for (const auto& ack : acks) all[ack.text].insert(ack.audio_hash);
  return all;
}

}  // namespace bhashatts::testing
