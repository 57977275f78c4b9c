// What the shared library shows. Everything else is compiled with hidden visibility, so that a
// host which links another version of our dependencies cannot meet our symbols.
#pragma once

#if defined(BHASHATTS_STATIC)
#define BHASHATTS_API
#else
#define BHASHATTS_API __attribute__((visibility("default")))
#endif
