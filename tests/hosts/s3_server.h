// A real S3 server of its own for a test, which checks every signature: on a free port of the
// loopback, with a directory that outlives a kill, gone with the object (or with the test, however
// that ends). And the eyes of an auditor: what lies in the bucket, read without the engine.
//
// The program is versitygw, which run.sh installs; without it the tests are skipped.
// Thread rule: one thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "blob/s3_client.h"
#include "blob/s3_store.h"

namespace bhashatts::testing {

class S3Server {
 public:
  static constexpr const char* kKey = "AKIDTALES";
  static constexpr const char* kSecret = "correct-horse+battery/staple";

  static bool is_installed();

  S3Server();  // with a bucket "tales"
  ~S3Server();
  S3Server(const S3Server&) = delete;
  S3Server& operator=(const S3Server&) = delete;

  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void kill();   // connections end at once; what it holds stays
  void start();  // after kill(), at the same address; returns when it answers
  void make_bucket(const std::string& name);

  struct Object {
    std::string name;
    std::string media_type;
    std::string cache_control;
  };
  // Of the bucket "tales", in order of their names.
  std::vector<std::string> names(const std::string& prefix = "");
  std::vector<std::string> masters(const std::string& name_space = "");
  Object object(const std::string& name);
  blob::S3Store& store() { return *store_; }

 private:
  blob::S3Options options(const std::string& bucket) const;

  std::filesystem::path directory_;
  std::uint16_t port_;
  pid_t pid_ = 0;
  std::shared_ptr<net::Transport> transport_;
  std::shared_ptr<blob::S3Store> store_;
};

}  // namespace bhashatts::testing
