#!/usr/bin/env bash
# One way of using the installed library a call: consumer_test.sh WAY BUILD_DIR.
set -euo pipefail
way=$1
build=$2
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
prefix="$build/tests/consumers/prefix" # made by the way "install", which ctest runs first
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}

# configure_and_run SOURCE_DIR CMAKE_ARGUMENT...: away from the tree, so that nothing is found there
configure_and_run() {
  local program
  cp -r "$here" "$work/consumers"
  cmake -S "$work/consumers/$1" -B "$work/build" -G Ninja "${@:2}"
  cmake --build "$work/build"
  for program in "$work"/build/consumer*; do
    "$program" "$(mktemp -d "$work/data.XXXXXX")"
  done
}

# Whether a program that was built above asks for one of our shared libraries. No `grep -q` behind a
# pipe: it leaves at the first match, and under pipefail the writer that it left counts as failed.
links_shared() { grep -q libbhashatts <<<"$(ldd "$work"/build/consumer*)"; }

installed_library() { find "$prefix" -name "libbhashatts.$1"; }

install() {
  rm -rf "$prefix"
  cmake --install "$build" --prefix "$prefix"
}

installed_headers() { diff -r "$source/include/bhashatts" "$prefix/include/bhashatts"; }

# A consumer's compiler never sees our warning flags, nor this machine's paths.
exported_flags() {
  local exported
  mapfile -t exported < <(find "$prefix" -name '*.cmake' -o -name '*.pc')
  [ ${#exported[@]} -ge 6 ] || fail "only ${#exported[@]} package files"
  ! grep -nE -e '[" ;]-W|-Werror|-fsanitize|-fvisibility' "${exported[@]}" || fail "flags leak"
  ! grep -nF -e "$source/" -e "$build" "${exported[@]}" || fail "paths leak"
}

# What the shared library shows is bhashatts:: names that a public header marks BHASHATTS_API, and
# what the compiler makes for such a class.
exported_symbols() {
  local headers="$source/include/bhashatts" types functions shown bad
  types=$(grep -hoP '(class|struct) BHASHATTS_API \K\w+' -r "$headers" | sort -u | paste -sd '|')
  functions=$(grep -hoP 'BHASHATTS_API\b[^(]* \K\w+(?=\()' -r "$headers" | sort -u | paste -sd '|')
  shown=$(nm -DC --defined-only "$(installed_library so)" | cut -d' ' -f3-)
  bad=$(grep -vP -e "^(typeinfo (name )?for |vtable for )?bhashatts::($types)\b" \
    -e "^bhashatts::(\w+::)?($functions)(\[abi:cxx11\])?\(" <<<"$shown" || true)
  [ -z "$bad" ] || fail "exported, and not public: $bad"
  grep -q '^bhashatts::TtsEngine::open' <<<"$shown" || fail "TtsEngine::open is not exported"
}

installed_command() { "$prefix/bin/bhashatts" --help >/dev/null; }

find_package() { configure_and_run find_package -DCMAKE_PREFIX_PATH="$prefix"; }

find_package_static() {
  configure_and_run find_package -DCMAKE_PREFIX_PATH="$prefix" -DKIND=static
  ! links_shared || fail "linked with the shared library"
}

find_package_c() {
  configure_and_run find_package_c -DCMAKE_PREFIX_PATH="$prefix"
  links_shared || fail "not linked with the shared library"
}

find_package_c_static() {
  configure_and_run find_package_c -DCMAKE_PREFIX_PATH="$prefix" -DKIND=static
  ! links_shared || fail "linked with the shared library"
}

pkg_config() {
  local library flags
  library=$(dirname "$(installed_library so)")
  export PKG_CONFIG_PATH="$library/pkgconfig"
  read -ra flags < <(pkg-config --cflags --libs bhashatts)
  "${CXX:-c++}" -std=c++20 "$here/consumer.cpp" -o "$work/consumer" "${flags[@]}"
  LD_LIBRARY_PATH="$library" "$work/consumer" "$work/data"
}

# compile_c FLAGS...: as C11, by a C compiler that knows nothing of C++
compile_c() {
  "${CC:-cc}" -std=c11 -Wall -Wextra -Wpedantic -Werror "$here/consumer.c" -o "$work/consumer" "$@"
}

pkg_config_c() {
  local library flags
  library=$(dirname "$(installed_library so)")
  export PKG_CONFIG_PATH="$library/pkgconfig"
  read -ra flags < <(pkg-config --cflags --libs bhashatts-c)
  compile_c "${flags[@]}"
  LD_LIBRARY_PATH="$library" "$work/consumer" "$work/data"
}

# As docs/c.md says it: the archive by its name, and openly what it was built from.
pkg_config_c_static() {
  local library flags rest
  library=$(dirname "$(installed_library so)")
  export PKG_CONFIG_PATH="$library/pkgconfig"
  read -ra flags < <(pkg-config --cflags --libs-only-L bhashatts-c)
  read -ra rest < <(pkg-config --libs "$(pkg-config --print-requires-private bhashatts-c | xargs)")
  compile_c "${flags[@]}" -l:libbhashatts_c.a "${rest[@]}" -lstdc++ -lm -pthread
  ! ldd "$work/consumer" | grep libbhashatts || fail "linked with the shared library"
  "$work/consumer" "$work/data"
}

# Builds the whole library anew, with the flags of the release build: a compiler cache has its files.
add_subdirectory() {
  configure_and_run add_subdirectory -DBHASHATTS_SOURCE="$source" -DCMAKE_BUILD_TYPE=Release
}

"$way"
