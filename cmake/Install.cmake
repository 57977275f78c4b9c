# What `cmake --install` lays down: the library in both kinds, exactly the public headers, the
# command, and the two ways to find them (find_package, pkg-config). Components: runtime (the shared
# library and the command) and development (the rest).
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bhashatts")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# install_kind(<target> <export set>)
function(install_kind target export)
  install(TARGETS ${target} EXPORT ${export}
    RUNTIME COMPONENT runtime
    LIBRARY COMPONENT runtime NAMELINK_COMPONENT development
    ARCHIVE COMPONENT development)
  install(EXPORT ${export} NAMESPACE bhashatts:: DESTINATION "${package_dir}" COMPONENT development)
endfunction()

install_kind(bhashatts bhashatts-targets)
if(TARGET bhashatts_static)
  install_kind(bhashatts_static bhashatts-static-targets)
endif()
if(TARGET bhashatts_c)
  install_kind(bhashatts_c bhashatts-c-targets)
endif()
if(TARGET bhashatts_c_static)
  install_kind(bhashatts_c_static bhashatts-c-static-targets)
endif()
if(TARGET bhashatts_cli)
  file(RELATIVE_PATH library_from_command "${CMAKE_INSTALL_FULL_BINDIR}"
       "${CMAKE_INSTALL_FULL_LIBDIR}")
  set_target_properties(bhashatts_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${library_from_command}")
  install(TARGETS bhashatts_cli RUNTIME COMPONENT runtime)
endif()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
        RENAME copyright COMPONENT runtime)

list(TRANSFORM BHASHATTS_PUBLIC_HEADERS PREPEND "${PROJECT_SOURCE_DIR}/include/bhashatts/"
     OUTPUT_VARIABLE headers)
install(FILES ${headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/bhashatts"
        COMPONENT development)

# A static library alone asks for its libraries openly: `pkg-config --static` would go on to what
# libsndfile was built from, which Debian does not install beside it.
if(BUILD_SHARED_LIBS)
  set(BHASHATTS_MAIN_IS_STATIC FALSE)
  set(BHASHATTS_PC_PRIVATE ".private")
else()
  set(BHASHATTS_MAIN_IS_STATIC TRUE)
  set(BHASHATTS_PC_PRIVATE "")
endif()
configure_package_config_file(cmake/bhashatts-config.cmake.in bhashatts-config.cmake
                              INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(bhashatts-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/bhashatts-config.cmake"
              "${PROJECT_BINARY_DIR}/bhashatts-config-version.cmake"
        DESTINATION "${package_dir}" COMPONENT development)

# Relative, so that the prefix may be chosen at install time or moved later.
file(RELATIVE_PATH BHASHATTS_PC_TO_PREFIX "/prefix/${pkgconfig_dir}" "/prefix")
string(REGEX REPLACE "/$" "" BHASHATTS_PC_TO_PREFIX "${BHASHATTS_PC_TO_PREFIX}")
configure_file(cmake/bhashatts.pc.in bhashatts.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/bhashatts.pc" DESTINATION "${pkgconfig_dir}"
        COMPONENT development)
if(TARGET bhashatts_c)
  configure_file(cmake/bhashatts-c.pc.in bhashatts-c.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/bhashatts-c.pc" DESTINATION "${pkgconfig_dir}"
          COMPONENT development)
endif()
