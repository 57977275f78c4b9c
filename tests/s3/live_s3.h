// A store on the server that run.sh started, and a bucket in it that is new for each test.
//
// Thread rule: one thread, but store() may be used from many.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "blob/s3_client.h"
#include "blob/s3_store.h"
#include "net/http_client.h"

namespace bhashatts::testing {

class LiveS3 : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("BHASHATTS_S3_ENDPOINT") == nullptr) {
      GTEST_SKIP() << "run.sh starts the server that this needs";
    }
    options_ = options();
    make_bucket();
    store_ = make_s3_store(options_, transport_);
  }

  static blob::S3Options options() {
    static std::atomic<int> buckets{0};
    blob::S3Options options;
    options.endpoint = std::getenv("BHASHATTS_S3_ENDPOINT");
    options.access_key_id = std::getenv("BHASHATTS_S3_KEY");
    options.secret_access_key = std::getenv("BHASHATTS_S3_SECRET");
    options.bucket = "tales-" + std::to_string(::getpid()) + "-" + std::to_string(buckets++);
    return options;
  }
  static bool is(const char* server) {
    return std::string_view(std::getenv("BHASHATTS_S3_SERVER")) == server;
  }

  // The server may still be starting: waits until it makes buckets.
  void make_bucket() {
    blob::S3Client client(options_, transport_);
    int status = 0;
    for (int i = 0; i < 300; ++i) {
      try {
        status = client.send({.method = "PUT", .patience = {.max_attempts = 1}}).status;
      } catch (const Error&) {
        status = 0;
      }
      if (status == 200) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    FAIL() << "the server makes no bucket: " << status;
  }

  static SharedBytes bytes(std::string text) { return SharedBytes::adopt(std::move(text)); }
  // A file that no two offsets of are alike.
  static std::string noise(std::size_t size) {
    std::string text(size, '\0');
    std::uint32_t state = 1;
    for (char& c : text) {
      state = state * 1'664'525U + 1'013'904'223U;
      c = static_cast<char>(state >> 24U);
    }
    return text;
  }
  // As a browser would, without any key.
  net::HttpReply fetch(const std::string& url) {
    net::HttpRequest request;
    request.url = url;
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    return transport_->send(request);
  }
  std::vector<std::string> names(const std::string& prefix) {
    std::vector<std::string> all;
    store_->list(prefix, [&](const BlobInfo& info) {
      all.push_back(info.name);
      return true;
    });
    return all;
  }

  blob::S3Options options_;
  std::shared_ptr<net::Transport> transport_ = net::make_http_client();
  std::shared_ptr<blob::S3Store> store_;
};

}  // namespace bhashatts::testing
