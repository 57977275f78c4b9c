// Places where the worker program dies or stops, named by the system calls that change the disk.
//
// The functions are defined again in break_points.cpp, in front of the C library's own, so that
// what happens "between the temporary file and the commit" can be said exactly, also inside LMDB.
// Thread rule: set before the first thread is begun; the calls themselves come from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace bhashatts::testing {

// kill -9 of this process in place of the n-th of all such calls; 0: never.
void die_at(std::uint64_t n);
// SIGSTOP around the first call of `function` ("renameat2", "setxattr", ...): before it, or after.
void stop_at(const std::string& function, bool after);
// How many calls there have been.
std::uint64_t break_points_passed();

}  // namespace bhashatts::testing
