#include "base/inside.h"

namespace bhashatts {
namespace {

thread_local constinit const Inside* innermost = nullptr;

}  // namespace

Inside::Inside(const void* what) noexcept : what_(what), outer_(innermost) { innermost = this; }

Inside::~Inside() { innermost = outer_; }

bool Inside::of(const void* what) noexcept {
  for (const Inside* at = innermost; at != nullptr; at = at->outer_) {
    if (at->what_ == what) return true;
  }
  return false;
}

}  // namespace bhashatts
