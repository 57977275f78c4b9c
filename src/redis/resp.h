// RESP2, the language of Redis: commands as bytes, and bytes as replies.
//
// Thread rule: each object belongs to one thread at a time.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/redis.h"

namespace bhashatts::redis {

// Commands on their way out. Short words are gathered, long ones are sent from where they are; they
// must stay there until all is sent.
class Outgoing {
 public:
  // tail: goes on with the last word of the last command.
  explicit Outgoing(std::span<const Command> commands, std::string_view tail = {});
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;

  bool done() const noexcept { return next_ == parts_.size(); }
  // What is to be sent next, in order: as much of it as one sendmsg takes. Empty when done.
  std::span<const iovec> left() const noexcept;
  void sent(std::size_t bytes) noexcept;

 private:
  void head(char type, std::size_t number);
  void bytes(std::string_view bytes);
  void end_gathered();

  std::string gathered_;
  std::size_t part_begins_ = 0;  // in gathered_
  std::vector<iovec> parts_;
  std::size_t next_ = 0;
};

inline constexpr std::size_t kDeepest = 8;  // arrays in arrays

// Replies as they come in, in pieces of any size. A bulk that has not come whole with its header is
// received straight into the memory that it stays in.
//
// Trusts nothing: what is no RESP2, or is larger than `most` bytes in one reply, raises
// upstream_failed (retryable: garbage; not retryable: too large), after which the object, and the
// connection, are of no more use.
class Incoming {
 public:
  explicit Incoming(std::uint64_t most);
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  // Where the next bytes are to be received; never empty, valid until received().
  std::span<std::byte> room();
  // So many bytes were put there.
  void received(std::size_t bytes);
  // The next whole reply, if it is there.
  std::optional<Reply> next();
  // Nothing is there, not even a part of a reply.
  bool clean() const noexcept;

 private:
  struct Open {  // an array that lacks elements
    Reply reply;
    std::size_t missing = 0;
  };
  struct Bulk {  // a bulk that lacks bytes, its line end among them
    // NOLINTNEXTLINE(modernize-avoid-c-arrays): a vector would be filled with zeros first
    std::shared_ptr<std::byte[]> bytes;
    std::size_t size = 0;
    std::size_t got = 0;
  };

  std::string_view unread() const noexcept;
  std::optional<std::string_view> line();
  void parse();
  void value(std::string_view line);
  void begin_bulk(std::string_view number);
  void begin_array(std::string_view number);
  void fill_bulk(std::size_t bytes);
  void finish(Reply reply);
  void charge(std::uint64_t bytes);

  std::uint64_t most_;
  std::uint64_t left_;  // of `most`, for this reply
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;  // of what is not parsed yet, in buffer_
  std::size_t end_ = 0;
  std::vector<Open> open_;
  std::optional<Bulk> bulk_;
  std::deque<Reply> whole_;
};

}  // namespace bhashatts::redis
