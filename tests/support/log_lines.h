// What is logged while the object lives, instead of showing it.
//
// Thread rule: any thread may log; the rest is for one. One such object at a time.
#pragma once

#include <string>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/log.h"

namespace bhashatts::testing {

class LogLines {
 public:
  LogLines() {
    set_log_sink([this](LogLevel, std::string_view, std::string_view line) {
      MutexLock lock(mutex_);
      lines_.emplace_back(line);
    });
  }
  ~LogLines() { set_log_sink({}); }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  // How many lines hold these words.
  int count(std::string_view words) const {
    MutexLock lock(mutex_);
    int found = 0;
    for (const std::string& line : lines_) found += line.find(words) != std::string::npos ? 1 : 0;
    return found;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::testing
