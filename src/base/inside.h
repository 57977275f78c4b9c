// Which objects this thread is inside of: an object that calls code of the host's, and may be
// called again by it, thus knows its own voice and does not wait for itself.
//
//   const Inside inside(this);   // around the call of the host's code
//   if (Inside::of(this)) ...    // in what it may call
//
// Thread rule: each thread has its own; an Inside lives on the stack.
#pragma once

namespace bhashatts {

class Inside {
 public:
  explicit Inside(const void* what) noexcept;
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  static bool of(const void* what) noexcept;

 private:
  const void* what_;
  const Inside* outer_;
};

}  // namespace bhashatts
