// What tests must know of the sanitizer that they run under.
#pragma once

namespace bhashatts::testing {

// AddressSanitizer's allocator keeps its locks over a fork: the child of a program whose other
// threads were allocating may wait for one for ever.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kAllocatorSurvivesFork = false;
#elif defined(__has_feature)
inline constexpr bool kAllocatorSurvivesFork = !__has_feature(address_sanitizer);
#else
inline constexpr bool kAllocatorSurvivesFork = true;
#endif

}  // namespace bhashatts::testing
