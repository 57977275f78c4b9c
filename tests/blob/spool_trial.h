// A spool in a directory of its own, with a far store in memory.
//
// Thread rule: one thread.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "base/lock_file.h"
#include "bhashatts/log.h"
#include "blob/spool_file.h"
#include "blob/spooled_store.h"
#include "tests/support/fake_blob_store.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

inline SharedBytes bytes_of(std::string content) { return SharedBytes::adopt(std::move(content)); }

class SpoolTrial : public ::testing::Test {
 protected:
  void SetUp() override {
    set_log_sink([](LogLevel, std::string_view, std::string_view) {});  // troubles are meant here
  }
  void TearDown() override { set_log_sink({}); }

  blob::SpoolOptions options() const {
    return {.directory = temp / "spool",
            .first_pause = std::chrono::milliseconds(1),
            .longest_pause = std::chrono::milliseconds(4),
            .locks = LockFile::open(temp / "locks"),
            .lock_offset = 7};
  }
  std::filesystem::path file_of(const std::string& name) const {
    return temp / "spool" / blob::debt_leaf(name);
  }
  // Files directly below the spool or one of its directories.
  int files_in(const std::string& part) const {
    std::error_code none;
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(temp / "spool" / part, none)) {
      if (entry.is_regular_file() && entry.path().extension() != ".lock") ++files;
    }
    return files;
  }
  int owed() const { return files_in(""); }
  // By so many seconds more than those made now.
  void make_older(const std::string& name, int seconds) const {
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(file_of(name), now - std::chrono::seconds(seconds));
  }
  void damage(const std::string& name) const {
    std::fstream file(file_of(name), std::ios::in | std::ios::out | std::ios::binary);
    file.put('!');
  }

  TempDir temp;
  std::shared_ptr<FakeBlobStore> far = std::make_shared<FakeBlobStore>();
};

}  // namespace bhashatts::testing
