// Our S3 client's rounds for s3_bench.py; where the bucket is stands in the environment, as
// tests/s3/run.sh sets it.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "benchmarks/rounds.h"
#include "blob/s3_store.h"
#include "net/http_client.h"

namespace {

using bhashatts::bench::Round;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) std::abort();
  return value;
}

int serve() {
  bhashatts::blob::S3Options options;
  options.endpoint = environment("BHASHATTS_S3_ENDPOINT");
  options.bucket = environment("BHASHATTS_S3_BUCKET");
  options.access_key_id = environment("BHASHATTS_S3_KEY");
  options.secret_access_key = environment("BHASHATTS_S3_SECRET");
  const auto store = bhashatts::blob::make_s3_store(options, bhashatts::net::make_http_client());
  bhashatts::BlobLabels labels;
  labels.media_type = "audio/flac";
  bhashatts::bench::serve_rounds([&](const Round& round, int call) {
    if (round.writes()) {
      store->put_if_absent(round.name(call), round.value, labels);
    } else if (const auto got = store->get(round.name(call)); !got || got->size() != round.bytes) {
      std::abort();
    }
  });
  return 0;
}

}  // namespace

int main() {
  try {
    return serve();
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    return 1;
  }
}
