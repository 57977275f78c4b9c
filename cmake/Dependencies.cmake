# Libraries that bhashatts is built on; all of them are Debian packages (cmake/install-dependencies.sh).
# GLOBAL, because a project that embeds the static library links them from its own directory. What
# an installed static library asks of its users is said again in bhashatts-config.cmake.in.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
find_package(CURL 7.87 REQUIRED)  # 7.87: CURLOPT_QUICK_EXIT, so that a hung resolver is not waited for
find_package(nlohmann_json 3.10 REQUIRED)
unset(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET GLOBAL sndfile)
pkg_check_modules(OPUSENC REQUIRED IMPORTED_TARGET GLOBAL libopusenc)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET GLOBAL libutf8proc)
pkg_check_modules(LMDB REQUIRED IMPORTED_TARGET GLOBAL lmdb)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET GLOBAL libxxhash)
pkg_check_modules(PUGIXML REQUIRED IMPORTED_TARGET GLOBAL pugixml)
