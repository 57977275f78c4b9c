// The text/event-stream of the HTML standard (server-sent events), fed piece by piece.
//
// Thread rule: one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bhashatts::net {

struct ServerEvent {
  std::string event = "message";
  std::string data;  // lines joined by '\n'
};

class EventStream {
 public:
  using Sink = std::function<bool(const ServerEvent&)>;  // false: no more

  // An event longer than most_bytes raises upstream_failed.
  explicit EventStream(Sink sink, std::size_t most_bytes = std::size_t{1} << 20);

  // CR, LF and CRLF end a line, also when they are cut between two pieces; a leading BOM is
  // skipped; comments, ids and retries are ignored; an event without an empty line after it never
  // comes. False: the sink wants no more.
  bool feed(std::string_view piece);

 private:
  bool line(std::string_view text);
  bool dispatch();

  Sink sink_;
  std::size_t most_bytes_;
  std::string line_;
  ServerEvent event_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
  bool ended_ = false;
};

}  // namespace bhashatts::net
