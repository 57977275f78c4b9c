// A thread a connection, with blocking sockets: the simplest thing that can be slow, silent and
// rude to each client by itself. Sent requests are kept whole, so a server is not for a million.
#include "tests/support/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <exception>
#include <stdexcept>

namespace bhashatts::testing {
namespace {

constexpr std::size_t kMaxHead = std::size_t{1} << 20;
constexpr std::size_t kChunk = 1'000;
constexpr std::size_t kBlock = 65'536;

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

// head: without the empty line at its end.
ReceivedRequest parse_head(std::string_view head) {
  ReceivedRequest request;
  const auto first = take_line(head);
  const auto space = first.find(' ');
  const auto last = first.rfind(' ');
  request.method = first.substr(0, space);
  if (last > space) request.target = first.substr(space + 1, last - space - 1);
  while (!head.empty()) {
    const auto line = take_line(head);
    const auto colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(lower(line.substr(0, colon)),
                                 trimmed(line.substr(std::min(colon + 1, line.size()))));
  }
  return request;
}

std::string head_of(const ScriptedReply& reply, std::size_t length) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  switch (reply.framing) {
    case ScriptedReply::Framing::length:
      head += "Content-Length: " + std::to_string(length) + "\r\n";
      break;
    case ScriptedReply::Framing::chunked: head += "Transfer-Encoding: chunked\r\n"; break;
    case ScriptedReply::Framing::until_close: break;
  }
  return head + "\r\n";
}

std::string as_chunk(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string size;
  for (std::size_t n = bytes.size(); n > 0; n /= 16) size.insert(size.begin(), kDigits[n % 16]);
  return size + "\r\n" + std::string(bytes) + "\r\n";
}

// What goes out for one reply, piece by piece.
class Sender {
 public:
  Sender(LoopbackStream& stream, const ScriptedReply& reply, std::string head)
      : stream_(stream), reply_(reply), pending_(std::move(head)) {}

  bool send_body() {
    const std::size_t all = reply_.generated > 0 ? reply_.generated : reply_.body.size();
    const std::size_t end = std::min(all, reply_.stop_after.value_or(all));
    for (std::size_t at = 0; at < end; at += step()) {
      if (!send(piece(at, std::min(step(), end - at)))) return false;
    }
    const bool whole = end == all && reply_.framing == ScriptedReply::Framing::chunked;
    return (!whole || add("0\r\n\r\n")) && flush();
  }
  bool flush() { return stream_.write(std::exchange(pending_, {})); }

 private:
  std::size_t step() const {
    if (reply_.drip.count() > 0) return 1;
    return reply_.framing == ScriptedReply::Framing::chunked ? kChunk : kBlock;
  }
  std::string piece(std::size_t at, std::size_t size) const {
    return reply_.generated > 0 ? std::string(size, 'x') : reply_.body.substr(at, size);
  }
  bool send(const std::string& bytes) {
    const bool chunks = reply_.framing == ScriptedReply::Framing::chunked;
    if (!add(chunks ? as_chunk(bytes) : bytes)) return false;
    if (reply_.drip.count() == 0) return true;
    return flush() && !stream_.peer_leaves_within(reply_.drip);
  }
  // Small replies leave in one piece with their head.
  bool add(const std::string& bytes) {
    pending_ += bytes;
    return pending_.size() < kBlock || flush();
  }

  LoopbackStream& stream_;
  const ScriptedReply& reply_;
  std::string pending_;
};

bool wants_close(const ReceivedRequest& request, const ScriptedReply& reply) {
  const auto says_close = [](const auto& header) {
    return lower(header.first) == "connection" && lower(header.second) == "close";
  };
  return reply.framing == ScriptedReply::Framing::until_close ||
         lower(request.header("connection")) == "close" ||
         std::any_of(reply.headers.begin(), reply.headers.end(), says_close);
}

}  // namespace

std::string ReceivedRequest::header(std::string_view name) const {
  const auto same = [&](const auto& header) { return header.first == name; };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string() : found->second;
}

struct LoopbackServer::Connection {
  Connection(UniqueFd fd, const LoopbackTls* tls, std::size_t its_number)
      : stream(std::move(fd), tls), number(its_number) {}

  LoopbackStream stream;
  const std::size_t number;
  std::string input;  // received, not yet read
  std::atomic<bool> done{false};
  std::thread thread;
};

LoopbackServer::LoopbackServer(std::shared_ptr<const LoopbackTls> tls, Handler handler)
    : tls_(std::move(tls)),
      listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      handler_(std::move(handler)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listening_.get(), general, size) != 0 || ::listen(listening_.get(), 1'024) != 0 ||
      ::getsockname(listening_.get(), general, &size) != 0) {
    throw std::runtime_error("loopback server: cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  ::eventfd_write(stop_.get(), 1);
  acceptor_.join();
  std::list<std::unique_ptr<Connection>> ending;
  {
    MutexLock lock(mutex_);
    for (const auto& connection : live_) connection->stream.interrupt();
    ending.swap(live_);
  }
  for (const auto& connection : ending) connection->thread.join();
}

void LoopbackServer::push(const ScriptedReply& reply, int times) {
  MutexLock lock(mutex_);
  for (int i = 0; i < times; ++i) queue_.push_back(reply);
}

void LoopbackServer::set_handler(Handler handler) {
  MutexLock lock(mutex_);
  handler_ = std::move(handler);
}

std::string LoopbackServer::origin() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

std::size_t LoopbackServer::connections() const {
  MutexLock lock(mutex_);
  return connections_;
}

std::size_t LoopbackServer::calls() const {
  MutexLock lock(mutex_);
  return requests_.size();
}

std::size_t LoopbackServer::accepted() const {
  MutexLock lock(mutex_);
  return accepted_;
}

std::vector<ReceivedRequest> LoopbackServer::requests() const {
  MutexLock lock(mutex_);
  return requests_;
}

ReceivedRequest LoopbackServer::last() const {
  MutexLock lock(mutex_);
  return requests_.empty() ? throw std::runtime_error("no request came") : requests_.back();
}

void LoopbackServer::await_calls(std::size_t calls) const {
  MutexLock lock(mutex_);
  while (requests_.size() < calls) changed_.wait(mutex_);
}

void LoopbackServer::await_ended(std::size_t connections) const {
  MutexLock lock(mutex_);
  while (ended_ < connections) changed_.wait(mutex_);
}

void LoopbackServer::accept_all() {
  for (;;) {
    pollfd wanted[] = {{listening_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    ::poll(wanted, 2, -1);
    if (wanted[1].revents != 0) return;
    UniqueFd fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (fd.valid()) add(std::move(fd));
  }
}

void LoopbackServer::add(UniqueFd fd) {
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  MutexLock lock(mutex_);
  reap();
  live_.push_back(std::make_unique<Connection>(std::move(fd), tls_.get(), connections_++));
  Connection& connection = *live_.back();
  connection.thread = std::thread([this, &connection] { serve(connection); });
}

void LoopbackServer::reap() {
  live_.remove_if([](const std::unique_ptr<Connection>& connection) {
    if (!connection->done) return false;
    connection->thread.join();
    return true;
  });
}

void LoopbackServer::serve(Connection& connection) {
  sigset_t pipe;  // OpenSSL writes without MSG_NOSIGNAL
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  if (connection.stream.handshake()) {
    for (;;) {
      const auto request = receive(connection);
      if (!request) finish(connection, ScriptedReply::End::close);
      if (!request || !answer(connection, *request)) break;
    }
  }
  MutexLock lock(mutex_);
  ++ended_;
  changed_.notify_all();
  connection.done = true;
}

std::optional<ReceivedRequest> LoopbackServer::receive(Connection& connection) const {
  std::string& input = connection.input;
  std::size_t end = 0;
  while ((end = input.find("\r\n\r\n")) == std::string::npos) {
    if (input.starts_with('\x16')) {  // TLS that was meant for another; said in clear, as others do
      connection.stream.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return std::nullopt;
    }
    if (input.size() > kMaxHead || !connection.stream.read(input)) return std::nullopt;
  }
  ReceivedRequest request = parse_head(std::string_view(input).substr(0, end));
  request.connection = connection.number;
  const std::string length = request.header("content-length");
  const std::size_t whole = end + 4 + (length.empty() ? 0 : std::stoull(length));
  while (input.size() < whole) {
    if (!connection.stream.read(input)) return std::nullopt;
  }
  request.body = input.substr(end + 4, whole - end - 4);
  input.erase(0, whole);
  return request;
}

// The request is on record before anything of the reply leaves.
ScriptedReply LoopbackServer::choose(const ReceivedRequest& request) {
  ScriptedReply reply = ScriptedReply::text(404, "nothing is scripted");
  Handler handler;
  {
    MutexLock lock(mutex_);
    requests_.push_back(request);
    changed_.notify_all();
    if (queue_.empty()) {
      handler = handler_;
    } else {
      reply = std::move(queue_.front());
      queue_.pop_front();
    }
  }
  try {
    if (handler) reply = handler(request);
  } catch (const std::exception& error) {
    reply = ScriptedReply::text(500, std::string("the handler raised: ") + error.what());
  }
  const bool answers = reply.with_head && reply.raw.empty();
  MutexLock lock(mutex_);
  if (answers && reply.status >= 200 && reply.status < 300) ++accepted_;
  return reply;
}

// False: the connection is over.
bool LoopbackServer::answer(Connection& connection, const ReceivedRequest& request) {
  const ScriptedReply reply = choose(request);
  LoopbackStream& stream = connection.stream;
  if (reply.delay.count() > 0 && stream.peer_leaves_within(reply.delay)) return false;
  if (!reply.raw.empty()) {
    return stream.write(reply.raw) && finish(connection, reply.end);
  }
  if (!reply.with_head) return finish(connection, reply.end);
  const std::size_t length = reply.generated > 0 ? reply.generated : reply.body.size();
  const bool bodiless = request.method == "HEAD" || reply.status == 204 || reply.status == 304;
  Sender sender(stream, reply, head_of(reply, length));
  // The head alone leaves first where the body comes slowly.
  if (bodiless || reply.drip.count() > 0) {
    if (!sender.flush()) return false;
  }
  if (!bodiless && !sender.send_body()) return false;
  const bool closes = wants_close(request, reply) && reply.end == ScriptedReply::End::keep;
  return finish(connection, closes ? ScriptedReply::End::close : reply.end);
}

bool LoopbackServer::finish(Connection& connection, ScriptedReply::End end) {
  if (end == ScriptedReply::End::keep) return true;
  if (end == ScriptedReply::End::stay_silent) connection.stream.wait_until_peer_leaves();
  MutexLock lock(mutex_);  // the destructor may be about to interrupt
  if (end == ScriptedReply::End::reset) {
    connection.stream.reset();
  } else {
    connection.stream.close();
  }
  return false;
}

ScriptedReply ScriptedReply::with(std::string name, std::string value) && {
  headers.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

ScriptedReply ScriptedReply::text(int status, std::string body) {
  return {.status = status, .body = std::move(body)};
}

ScriptedReply ScriptedReply::json(int status, std::string body) {
  return text(status, std::move(body)).with("Content-Type", "application/json");
}

ScriptedReply ScriptedReply::chunked(std::string body) {
  return {.body = std::move(body), .framing = Framing::chunked};
}

ScriptedReply ScriptedReply::oversized(std::size_t bytes, Framing framing) {
  return {.generated = bytes, .framing = framing};
}

ScriptedReply ScriptedReply::redirect(std::string location, int status) {
  return text(status, {}).with("Location", std::move(location));
}

ScriptedReply ScriptedReply::truncated(std::string body, std::size_t sent) {
  return {.body = std::move(body), .stop_after = sent, .end = End::close};
}

ScriptedReply ScriptedReply::reset_mid_body(std::string body, std::size_t sent) {
  return {.body = std::move(body), .stop_after = sent, .end = End::reset};
}

ScriptedReply ScriptedReply::reset_at_once() { return {.with_head = false, .end = End::reset}; }

ScriptedReply ScriptedReply::closed_at_once() { return {.with_head = false, .end = End::close}; }

ScriptedReply ScriptedReply::never() { return {.with_head = false, .end = End::stay_silent}; }

ScriptedReply ScriptedReply::dripping(std::string body, std::chrono::milliseconds apart) {
  return {.body = std::move(body), .drip = apart};
}

ScriptedReply ScriptedReply::garbage(std::string bytes) {
  return {.raw = std::move(bytes), .end = End::close};
}

}  // namespace bhashatts::testing
