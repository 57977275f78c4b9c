-- wrk -s load.lua URL -- FILE LISTENERS: GET of the paths in FILE, a line each, by turns, each time as
-- another listener. Says at its end what load.py reads.
local paths, listeners, turn = {}, 1, 0
local threads = 0

function setup(thread)
  thread:set("begin", threads * 7)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  listeners = tonumber(args[2])
  turn = begin
  math.randomseed(os.time() + begin)
end

function request()
  turn = turn + 1
  return "GET " .. paths[turn % #paths + 1] .. " HTTP/1.1\r\nHost: stories.example.org\r\n" ..
    "Authorization: Listener " .. math.random(listeners) .. "\r\n\r\n"
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('LOAD {"requests": %d, "us": %d, "bytes": %d, "failed": %d, ',
    summary.requests, summary.duration, summary.bytes, failed))
  io.write(string.format('"p50_us": %d, "p99_us": %d}\n', latency:percentile(50),
    latency:percentile(99)))
end
