// An S3 store over a network that a test scripts.
//
// Thread rule: one thread.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/hash.h"
#include "blob/s3_store.h"
#include "tests/support/fake_transport.h"
#include "tests/support/fake_waiter.h"
#include "tests/support/raised.h"

namespace bhashatts::testing {

inline constexpr const char* kS3Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

inline std::string s3_error(const std::string& code, const std::string& message = "It is so.") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" +
         message + "</Message><RequestId>R1</RequestId></Error>";
}

class ScriptedS3 : public ::testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1'369'353'600;  // Fri, 24 May 2013 00:00:00 GMT

  // At a store that is known to heed conditions.
  static blob::S3Options options() {
    blob::S3Options options;
    options.endpoint = "https://account.r2.cloudflarestorage.com";
    options.bucket = "tales";
    options.access_key_id = "AKIAIOSFODNN7EXAMPLE";
    options.secret_access_key = kS3Secret;
    return options;
  }
  std::shared_ptr<blob::S3Store> store(const blob::S3Options& with = options()) {
    return make_s3_store(
        with, network_,
        {.waiter = &waiter_, .jitter = [] { return 0.5; }, .unix_seconds = [] { return kNow; }});
  }

  static SharedBytes bytes(std::string text = "sound") {
    return SharedBytes::adopt(std::move(text));
  }
  PutOutcome put(blob::S3Store& where, const std::string& text = "sound") {
    return where.put_if_absent("a/b.flac", bytes(text), {"audio/flac", "", 0});
  }

  // The methods that were called, in order: "PUT HEAD PUT".
  std::string methods() const {
    std::string all;
    for (const auto& request : network_->sent) all += (all.empty() ? "" : " ") + request.method;
    return all;
  }
  std::string query_of(std::size_t call) const {
    const std::string& url = network_->sent.at(call).url;
    return url.find('?') == std::string::npos ? "" : url.substr(url.find('?') + 1);
  }

  std::shared_ptr<FakeTransport> network_ = std::make_shared<FakeTransport>();
  FakeWaiter waiter_;
};

}  // namespace bhashatts::testing
