// Handles of the C API that destroy themselves, so that a test that fails leaks nothing.
//
// Thread rule: a value of one thread.
#pragma once

#include <bhashatts/c.h>
#include <bhashatts/c_plugins.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace bhashatts::testing {

template <typename Handle, bhashatts_status (*Destroy)(Handle*)>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Handle* handle) : handle_(handle) {}
  Owned(Owned&& other) noexcept : handle_(other.release()) {}
  Owned& operator=(Owned&& other) noexcept {
    reset();
    handle_ = other.release();
    return *this;
  }
  ~Owned() { reset(); }

  Handle* get() const { return handle_; }
  Handle** out() {
    reset();
    return &handle_;
  }
  Handle* release() { return std::exchange(handle_, nullptr); }
  void reset() {
    if (Handle* handle = release(); handle != nullptr) {
      EXPECT_EQ(Destroy(handle), BHASHATTS_OK) << bhashatts_error_message();
    }
  }

 private:
  Handle* handle_ = nullptr;
};

using OwnedConfig = Owned<bhashatts_config, bhashatts_config_destroy>;
using OwnedEngine = Owned<bhashatts_engine, bhashatts_engine_destroy>;
using OwnedSpeech = Owned<bhashatts_speech, bhashatts_speech_destroy>;
using OwnedStream = Owned<bhashatts_stream, bhashatts_stream_destroy>;
using OwnedTimings = Owned<bhashatts_timings, bhashatts_timings_destroy>;
using OwnedString = Owned<bhashatts_string, bhashatts_string_destroy>;
using OwnedCancel = Owned<bhashatts_cancel, bhashatts_cancel_destroy>;

inline bhashatts_text c_text(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(bhashatts_text text) { return {text.data, text.size}; }

inline std::string text_of(const OwnedString& string) {
  bhashatts_text text{};
  EXPECT_EQ(bhashatts_string_view(string.get(), &text), BHASHATTS_OK);
  return std::string(view(text));
}

inline bhashatts_speech_info info_of(const OwnedSpeech& speech) {
  bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
  EXPECT_EQ(bhashatts_speech_get_info(speech.get(), &info), BHASHATTS_OK);
  return info;
}

inline std::string audio_of(const OwnedSpeech& speech) {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(bhashatts_speech_audio(speech.get(), &data, &size), BHASHATTS_OK);
  return {reinterpret_cast<const char*>(data), size};
}

// A handle of any type as one of another: what a confused host passes.
template <typename To, typename From>
To* as(From* handle) {
  return reinterpret_cast<To*>(handle);
}

}  // namespace bhashatts::testing
