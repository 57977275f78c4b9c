// Names for clang's thread-safety analysis; nothing under other compilers.
#pragma once

#if defined(__clang__)
#define BTS_ATTRIBUTE(x) __attribute__((x))
#else
#define BTS_ATTRIBUTE(x)
#endif

#define CAPABILITY(x) BTS_ATTRIBUTE(capability(x))
#define SCOPED_CAPABILITY BTS_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(x) BTS_ATTRIBUTE(guarded_by(x))
#define REQUIRES(...) BTS_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) BTS_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) BTS_ATTRIBUTE(release_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) BTS_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define EXCLUDES(...) BTS_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS BTS_ATTRIBUTE(no_thread_safety_analysis)
