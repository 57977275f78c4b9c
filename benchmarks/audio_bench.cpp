// What joining and encoding a page of 23 s cost beside the bare libraries that do the work, on the
// same samples in the same run. `ratio` is ours over theirs: what our checks, buffers and lifetimes
// add. Joining has no library to stand beside; its rival is FLAC, which every page goes through.
//
// Measured at 22,050 Hz: join 0.3 of FLAC, FLAC 1.0, MP3 1.0, Opus 1.0.
#include <FLAC/stream_encoder.h>
#include <benchmark/benchmark.h>
#include <opusenc.h>
#include <sndfile.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "audio/codec.h"
#include "audio/join.h"
#include "tests/audio/sounds.h"
#include "tests/audio/speechlike.h"

namespace {

using bhashatts::AudioFormat;
using bhashatts::audio::encode;
using bhashatts::audio::join;
using bhashatts::audio::Joined;
using bhashatts::audio::Part;
using bhashatts::audio::Pcm;
namespace sounds = bhashatts::testing;

// ---- a page

std::vector<Pcm> parts_of_a_page(std::uint32_t rate) {
  std::vector<Pcm> parts;
  parts.reserve(8);
  for (int i = 0; i < 8; ++i) {
    parts.push_back(sounds::speechlike({.ms = 2'525,
                                        .amplitude = 6'000 + 600.0 * i,
                                        .silence_ms = 200,
                                        .rate = rate,
                                        .pitch = 120 + 7.0 * i}));
  }
  return parts;
}

Joined joined(const std::vector<Pcm>& pcms) {
  std::vector<Part> parts;
  parts.reserve(pcms.size());
  for (const Pcm& pcm : pcms) parts.push_back({&pcm, 300});
  return join(parts);
}

const Pcm& page(std::uint32_t rate) {
  static std::map<std::uint32_t, Pcm> pages;
  const auto [at, made] = pages.try_emplace(rate);
  if (made) at->second = joined(parts_of_a_page(rate)).pcm;
  return at->second;
}

// ---- the libraries alone

struct Memory {
  std::vector<unsigned char> bytes;
  std::size_t position = 0;

  void write(const void* from, std::size_t count) {
    bytes.resize(std::max(bytes.size(), position + count));
    std::memcpy(bytes.data() + position, from, count);
    position += count;
  }
};

FLAC__StreamEncoderWriteStatus write_flac(const FLAC__StreamEncoder*, const FLAC__byte* from,
                                          std::size_t count, std::uint32_t, std::uint32_t,
                                          void* memory) {
  static_cast<Memory*>(memory)->write(from, count);
  return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

FLAC__StreamEncoderSeekStatus seek_flac(const FLAC__StreamEncoder*, FLAC__uint64 offset,
                                        void* memory) {
  static_cast<Memory*>(memory)->position = offset;
  return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

FLAC__StreamEncoderTellStatus tell_flac(const FLAC__StreamEncoder*, FLAC__uint64* offset,
                                        void* memory) {
  *offset = static_cast<Memory*>(memory)->position;
  return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

std::size_t bare_flac(const Pcm& pcm) {
  Memory memory;
  FLAC__StreamEncoder* encoder = FLAC__stream_encoder_new();
  FLAC__stream_encoder_set_channels(encoder, 1);
  FLAC__stream_encoder_set_bits_per_sample(encoder, 16);
  FLAC__stream_encoder_set_sample_rate(encoder, pcm.sample_rate);
  FLAC__stream_encoder_set_compression_level(encoder, 5);
  FLAC__stream_encoder_init_stream(encoder, write_flac, seek_flac, tell_flac, nullptr, &memory);
  const std::vector<FLAC__int32> wide(pcm.samples.begin(), pcm.samples.end());
  const FLAC__int32* channel = wide.data();
  FLAC__stream_encoder_process(encoder, &channel, static_cast<std::uint32_t>(wide.size()));
  FLAC__stream_encoder_finish(encoder);
  FLAC__stream_encoder_delete(encoder);
  return memory.bytes.size();
}

std::size_t bare_opus(const Pcm& pcm) {
  Memory memory;
  const OpusEncCallbacks callbacks{[](void* to, const unsigned char* from, opus_int32 count) {
                                     static_cast<Memory*>(to)->write(
                                         from, static_cast<std::size_t>(count));
                                     return 0;
                                   },
                                   [](void*) { return 0; }};
  OggOpusComments* comments = ope_comments_create();
  OggOpusEnc* encoder = ope_encoder_create_callbacks(
      &callbacks, &memory, comments, static_cast<opus_int32>(pcm.sample_rate), 1, 0, nullptr);
  ope_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  ope_encoder_ctl(encoder, OPUS_SET_BITRATE(pcm.sample_rate > 24'000 ? 32'000 : 24'000));
  ope_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(10));
  ope_encoder_write(encoder, pcm.samples.data(), static_cast<int>(pcm.samples.size()));
  ope_encoder_drain(encoder);
  ope_encoder_destroy(encoder);
  ope_comments_destroy(comments);
  return memory.bytes.size();
}

// LAME by way of libsndfile, which is how we have it.
std::size_t bare_mp3(const Pcm& pcm) {
  // 56 and 64 kbit/s, as libsndfile counts them.
  const double level =
      pcm.sample_rate < 32'000 ? (160 - 56.5) / (160 - 8) : (320 - 64.5) / (320 - 32);
  const auto write = [level](SNDFILE* file, const std::int16_t* samples, sf_count_t count) {
    double compression = level;
    int constant = SF_BITRATE_MODE_CONSTANT;
    sf_command(file, SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression);
    sf_command(file, SFC_SET_BITRATE_MODE, &constant, sizeof constant);
    return sf_write_short(file, samples, count);
  };
  return sounds::write_with(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, pcm.sample_rate, 1,
                            pcm.samples, write)
      .size();
}

std::size_t bare_wav(const Pcm& pcm) {
  Memory memory;
  memory.bytes.reserve(44 + pcm.samples.size() * 2);
  memory.write("44 bytes of header, as every wav begins with", 44);
  memory.write(pcm.samples.data(), pcm.samples.size() * 2);
  return memory.bytes.size();
}

// ---- side by side

// The thread's own time: these take milliseconds, and other processes would be counted in.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

template <typename Call>
double timed(const Call& call) {
  const double start = cpu_ms();
  benchmark::DoNotOptimize(call());
  return cpu_ms() - start;
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

// By turns, so that what the machine does beside hits both.
template <typename Ours, typename Rival>
void report(benchmark::State& state, const Ours& ours, const Rival& rival) {
  std::vector<double> own, other;
  for (auto _ : state) {
    own.push_back(timed(ours));
    other.push_back(timed(rival));
  }
  state.counters["ours_ms"] = median(own);
  state.counters["rival_ms"] = median(other);
  state.counters["ratio"] = median(own) / median(other);
}

void encode_as(benchmark::State& state, AudioFormat format, std::size_t (*rival)(const Pcm&)) {
  const Pcm& pcm = page(static_cast<std::uint32_t>(state.range(0)));
  report(
      state, [&] { return encode(pcm, format).size(); }, [&] { return rival(pcm); });
  state.counters["wav_over_size"] = static_cast<double>(encode(pcm, AudioFormat::wav).size()) /
                                    static_cast<double>(encode(pcm, format).size());
}

void join_beside_flac(benchmark::State& state) {
  const auto rate = static_cast<std::uint32_t>(state.range(0));
  const std::vector<Pcm> parts = parts_of_a_page(rate);
  report(
      state, [&] { return joined(parts).pcm.samples.size(); },
      [&] { return bare_flac(page(rate)); });
}

void join_of_two_rates_beside_flac(benchmark::State& state) {
  const auto rate = static_cast<std::uint32_t>(state.range(0));
  std::vector<Pcm> parts = parts_of_a_page(rate / 2);
  parts.back() = parts_of_a_page(rate).back();
  report(
      state, [&] { return joined(parts).pcm.samples.size(); },
      [&] { return bare_flac(page(rate)); });
}

}  // namespace

BENCHMARK(join_beside_flac)->Arg(22'050)->Arg(44'100)->Iterations(15);
BENCHMARK(join_of_two_rates_beside_flac)->Arg(44'100)->Iterations(15);
BENCHMARK_CAPTURE(encode_as, wav, AudioFormat::wav, bare_wav)
    ->Arg(22'050)
    ->Arg(44'100)
    ->Iterations(31);
BENCHMARK_CAPTURE(encode_as, flac, AudioFormat::flac, bare_flac)
    ->Arg(22'050)
    ->Arg(44'100)
    ->Iterations(15);
BENCHMARK_CAPTURE(encode_as, mp3, AudioFormat::mp3, bare_mp3)
    ->Arg(22'050)
    ->Arg(44'100)
    ->Iterations(5);
BENCHMARK_CAPTURE(encode_as, opus, AudioFormat::opus, bare_opus)
    ->Arg(22'050)
    ->Arg(44'100)
    ->Iterations(5);

BENCHMARK_MAIN();
