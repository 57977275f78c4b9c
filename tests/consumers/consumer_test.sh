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
  cp -r "$here" "$work/consumers"
  cmake -S "$work/consumers/$1" -B "$work/build" -G Ninja "${@:2}"
  cmake --build "$work/build"
  "$work/build/consumer" "$work/data"
}

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
  ! ldd "$work/build/consumer" | grep bhashatts || fail "linked with the shared library"
}

pkg_config() {
  local library flags
  library=$(dirname "$(installed_library so)")
  export PKG_CONFIG_PATH="$library/pkgconfig"
  read -ra flags < <(pkg-config --cflags --libs bhashatts)
  "${CXX:-c++}" -std=c++20 "$here/consumer.cpp" -o "$work/consumer" "${flags[@]}"
  LD_LIBRARY_PATH="$library" "$work/consumer" "$work/data"
}

# Builds the whole library anew: without optimisation, for this one is about the build files.
add_subdirectory() {
  configure_and_run add_subdirectory -DBHASHATTS_SOURCE="$source" -DCMAKE_BUILD_TYPE=None
}

"$way"
