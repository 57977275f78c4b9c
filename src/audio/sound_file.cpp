#include "audio/sound_file.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>

#include "bhashatts/error.h"

namespace bhashatts::audio {
namespace {

// Where a seek leads, or -1 for before the start.
sf_count_t seek_target(sf_count_t position, sf_count_t size, sf_count_t offset, int whence) {
  const sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : size;
  sf_count_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
  return target;
}

SplicedBytes& spliced(void* user) { return *static_cast<SplicedBytes*>(user); }
WrittenBytes& written(void* user) { return *static_cast<WrittenBytes*>(user); }

// The callbacks that libsndfile calls; none of them may raise through its C frames.
SF_VIRTUAL_IO reading() {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) { return spliced(user).size(); };
  io.seek = [](sf_count_t offset, int whence, void* user) {
    return spliced(user).seek(offset, whence);
  };
  io.read = [](void* to, sf_count_t count, void* user) {
    return spliced(user).read(static_cast<std::byte*>(to), count);
  };
  io.write = [](const void*, sf_count_t, void*) { return sf_count_t{0}; };
  io.tell = [](void* user) { return spliced(user).position(); };
  return io;
}

sf_count_t write_bytes(const void* from, sf_count_t count, void* user) noexcept {
  WrittenBytes& file = written(user);
  const auto size = static_cast<std::size_t>(count);
  try {
    file.bytes.resize(std::max(file.bytes.size(), file.position + size));
  } catch (const std::bad_alloc&) {
    return 0;
  }
  std::memcpy(file.bytes.data() + file.position, from, size);
  file.position += size;
  return count;
}

sf_count_t read_back(void* to, sf_count_t count, void* user) noexcept {
  WrittenBytes& file = written(user);
  const std::size_t left = file.bytes.size() - std::min(file.position, file.bytes.size());
  const std::size_t size = std::min(left, static_cast<std::size_t>(count));
  if (size > 0) std::memcpy(to, file.bytes.data() + file.position, size);
  file.position += size;
  return static_cast<sf_count_t>(size);
}

sf_count_t seek_written(sf_count_t offset, int whence, void* user) noexcept {
  WrittenBytes& file = written(user);
  const auto target = seek_target(static_cast<sf_count_t>(file.position),
                                  static_cast<sf_count_t>(file.bytes.size()), offset, whence);
  if (target < 0) return -1;
  file.position = static_cast<std::size_t>(target);
  return target;
}

SF_VIRTUAL_IO writing() {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* user) { return static_cast<sf_count_t>(written(user).bytes.size()); };
  io.seek = seek_written;
  io.read = read_back;
  io.write = write_bytes;
  io.tell = [](void* user) { return static_cast<sf_count_t>(written(user).position); };
  return io;
}

void must(bool done, const char* what) {
  if (!done) throw Error(ErrorCode::internal, std::string("libsndfile cannot ") + what);
}

}  // namespace

sf_count_t SplicedBytes::size() const noexcept {
  return static_cast<sf_count_t>(head_.size() + tail_.size());
}

sf_count_t SplicedBytes::seek(sf_count_t offset, int whence) noexcept {
  const sf_count_t target = seek_target(position_, size(), offset, whence);
  if (target < 0) return -1;
  return position_ = target;
}

sf_count_t SplicedBytes::read(std::byte* to, sf_count_t count) noexcept {
  sf_count_t done = 0;
  while (done < count && position_ < size()) {
    const auto at = static_cast<std::size_t>(position_);
    const auto piece = at < head_.size() ? head_.subspan(at) : tail_.subspan(at - head_.size());
    const auto step = std::min(static_cast<sf_count_t>(piece.size()), count - done);
    std::memcpy(to + done, piece.data(), static_cast<std::size_t>(step));
    done += step;
    position_ += step;
  }
  return done;
}

SoundReader::SoundReader(SplicedBytes bytes) : bytes_(bytes) {
  SF_VIRTUAL_IO io = reading();
  file_.reset(sf_open_virtual(&io, SFM_READ, &info_, &bytes_));
  // Why it failed is in a global of libsndfile's that threads share, and says little.
  if (!file_) throw Error(ErrorCode::bad_audio, "the audio cannot be read: its header is damaged");
}

void SoundReader::check() const {
  if (sf_error(file_.get()) != SF_ERR_NO_ERROR) {
    throw Error(ErrorCode::bad_audio, "the audio is damaged or cut off");
  }
}

std::size_t SoundReader::read(std::span<std::int32_t> samples) {
  const auto room = static_cast<sf_count_t>(samples.size()) / info_.channels;
  const sf_count_t frames = sf_readf_int(file_.get(), samples.data(), room);
  check();
  return static_cast<std::size_t>(std::max<sf_count_t>(frames, 0));
}

std::size_t SoundReader::read(std::span<float> samples) {
  const auto room = static_cast<sf_count_t>(samples.size()) / info_.channels;
  const sf_count_t frames = sf_readf_float(file_.get(), samples.data(), room);
  check();
  return static_cast<std::size_t>(std::max<sf_count_t>(frames, 0));
}

SoundWriter::SoundWriter(int format, std::uint32_t sample_rate) {
  info_.samplerate = static_cast<int>(sample_rate);
  info_.channels = 1;
  info_.format = format;
  SF_VIRTUAL_IO io = writing();
  file_.reset(sf_open_virtual(&io, SFM_WRITE, &info_, &written_));
  must(file_ != nullptr, "write this format");
}

void SoundWriter::set_compression(double level) {
  must(sf_command(file_.get(), SFC_SET_COMPRESSION_LEVEL, &level, sizeof level) == SF_TRUE,
       "set the compression");
}

void SoundWriter::set_constant_bit_rate() {
  int mode = SF_BITRATE_MODE_CONSTANT;
  must(sf_command(file_.get(), SFC_SET_BITRATE_MODE, &mode, sizeof mode) == SF_TRUE,
       "keep a constant bit rate");
}

void SoundWriter::set_comment(std::string_view comment) {
  must(sf_set_string(file_.get(), SF_STR_COMMENT, std::string(comment).c_str()) == 0,
       "set the comment");
}

void SoundWriter::write(std::span<const std::int16_t> samples) {
  const auto count = static_cast<sf_count_t>(samples.size());
  must(sf_write_short(file_.get(), samples.data(), count) == count, "write the samples");
}

std::vector<std::byte> SoundWriter::finish() {
  must(sf_close(file_.release()) == 0, "finish the file");
  return std::move(written_.bytes);
}

}  // namespace bhashatts::audio
