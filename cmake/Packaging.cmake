# What `make package` makes of cmake/Install.cmake's components: two Debian packages, and one tarball
# that may be unpacked anywhere.
#
#   bhashatts       the command and the shared libraries of C++ and C
#   bhashatts-dev   headers, archives, find_package and pkg-config files
#
# espeak-ng is recommended, not required: it is one voice of several, and the only one that speaks
# without a network.
set(CPACK_PACKAGE_NAME bhashatts)
set(CPACK_PACKAGE_VENDOR bhashatts)
set(CPACK_PACKAGE_CONTACT "bhashatts <maintainers@bhashatts.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR TGZ DEB)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME bhashatts)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "ca-certificates, espeak-ng")
# Who is built against these libraries depends on just this version: before 1.0 a minor version may
# break the C++ library's users.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME bhashatts-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
# pkg-config asks for the files of what a library was built from, also where it is linked as a
# shared one.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "bhashatts (= ${PROJECT_VERSION}), libcurl4-openssl-dev, liblmdb-dev, libopusenc-dev, \
libpugixml-dev, libsndfile1-dev, libssl-dev, libutf8proc-dev, libxxhash-dev")
include(CPack)
