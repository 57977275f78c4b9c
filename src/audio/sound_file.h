// libsndfile over memory, with C++ lifetimes and errors.
//
// Thread rule: a reader or writer belongs to one thread at a time.
#pragma once

#include <sndfile.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bhashatts::audio {

struct CloseSoundFile {
  void operator()(SNDFILE* file) const noexcept { sf_close(file); }
};

// Bytes in two pieces, read as if they were one file: so a header is corrected without copying the
// samples behind it.
class SplicedBytes {
 public:
  SplicedBytes(std::span<const std::byte> head, std::span<const std::byte> tail)
      : head_(head), tail_(tail) {}

  sf_count_t size() const noexcept;
  sf_count_t position() const noexcept { return position_; }
  sf_count_t seek(sf_count_t offset, int whence) noexcept;
  sf_count_t read(std::byte* to, sf_count_t count) noexcept;

 private:
  std::span<const std::byte> head_;
  std::span<const std::byte> tail_;
  sf_count_t position_ = 0;
};

class SoundReader {
 public:
  // Raises bad_audio for what libsndfile cannot open.
  explicit SoundReader(SplicedBytes bytes);
  SoundReader(const SoundReader&) = delete;
  SoundReader& operator=(const SoundReader&) = delete;

  const SF_INFO& info() const noexcept { return info_; }
  // Whole frames into `samples`, interleaved; 0 at the end. Integers are left-justified to 32 bits,
  // floats lie within -1 to 1. Raises bad_audio as soon as libsndfile has seen damage: it forgets
  // that at the next call, and fills the gap with silence.
  std::size_t read(std::span<std::int32_t> samples);
  std::size_t read(std::span<float> samples);

 private:
  void check() const;

  SplicedBytes bytes_;
  SF_INFO info_{};
  std::unique_ptr<SNDFILE, CloseSoundFile> file_;
};

// Where libsndfile writes; grows as it goes.
struct WrittenBytes {
  std::vector<std::byte> bytes;
  std::size_t position = 0;
};

class SoundWriter {
 public:
  // format: SF_FORMAT_... Raises internal for what libsndfile cannot write.
  SoundWriter(int format, std::uint32_t sample_rate);
  SoundWriter(const SoundWriter&) = delete;
  SoundWriter& operator=(const SoundWriter&) = delete;

  void set_compression(double level);  // 0 to 1; before write()
  void set_constant_bit_rate();        // mp3; after set_compression()
  void set_comment(std::string_view comment);
  void write(std::span<const std::int16_t> samples);
  // The finished file. The writer is then spent.
  std::vector<std::byte> finish();

 private:
  WrittenBytes written_;
  SF_INFO info_{};
  std::unique_ptr<SNDFILE, CloseSoundFile> file_;
};

}  // namespace bhashatts::audio
