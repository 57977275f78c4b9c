// The server runs in threads of the parent; only the parent's end of a connection is of interest,
// and the child never touches the server.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/net/http_fixture.h"
#include "tests/support/child.h"
#include "tests/support/sanitizers.h"

namespace bhashatts::net {
namespace {

using testing::Child;

class HttpFork : public Http {
 protected:
  HttpFork() {
    server_.set_handler([](const ReceivedRequest& request) {
      return ScriptedReply::text(200, request.body + " by " + std::to_string(request.connection));
    });
  }
  // The answer's own words, without the number of the connection.
  static bool echoes(Transport& client, const std::string& url, const std::string& body) {
    return client.send(post(url, body)).body.starts_with(body + " by ");
  }
};

TEST_F(HttpFork, ParentAndChildGoOnOverConnectionsOfTheirOwn) {
  EXPECT_EQ(client_->send(post(server_.url(), "before")).body, "before by 0");
  Child child([&] {
    for (int i = 0; i < 20; ++i) {
      if (client_->send(post(server_.url(), "child")).body != "child by 1") return 1;
    }
    return 0;
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client_->send(post(server_.url(), "parent")).body, "parent by 0");
  }
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(client_->send(post(server_.url(), "after")).body, "after by 0");
  EXPECT_EQ(server_.connections(), 2U);
}

TEST_F(HttpFork, AChildThatLetsTheClientGoEndsNoConnectionOfItsParents) {
  EXPECT_EQ(client_->send(post(server_.url(), "before")).body, "before by 0");
  Child child([&] {
    client_.reset();
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(client_->send(post(server_.url(), "after")).body, "after by 0");
}

TEST_F(HttpFork, GoesWellWhileOtherThreadsAreInTheMiddleOfACall) {
  if (!testing::kAllocatorSurvivesFork) GTEST_SKIP() << "AddressSanitizer's allocator hangs";
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, name = "thread " + std::to_string(t)] {
      while (!done) wrong += echoes(*client_, server_.url(), name) ? 0 : 1;
    });
  }
  for (int round = 0; round < 10; ++round) {
    Child child([&] {
      for (int i = 0; i < 5; ++i) {
        if (!echoes(*client_, server_.url(), "child")) return 1;
      }
      return 0;
    });
    EXPECT_EQ(child.wait(), 0);
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace bhashatts::net
