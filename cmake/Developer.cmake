# What only developers of the library see. Everything here is PRIVATE to our own targets: a warning
# flag never reaches a consumer.
function(bhashatts_own target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  # gcc 12 warns of overlapping copies inside std::string's own operator+ (its bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE -Wthread-safety)
  endif()
  if(BHASHATTS_DEVELOPER)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(BHASHATTS_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${BHASHATTS_SANITIZE}
                                             -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${BHASHATTS_SANITIZE})
  endif()
endfunction()
