# Real processes, crashes, disks. What they share: the worker program, how tests drive it, and what
# a library may hold.
add_library(bhashatts_engine_tests OBJECT counted_synthesizer.cpp library.cpp promises.cpp
                                          worker_process.cpp)
bhashatts_own(bhashatts_engine_tests)
target_include_directories(bhashatts_engine_tests PUBLIC "${PROJECT_SOURCE_DIR}")
target_link_libraries(bhashatts_engine_tests PUBLIC bhashatts_engine)

add_executable(bhashatts_test_worker worker.cpp break_points.cpp)
bhashatts_own(bhashatts_test_worker)
target_link_libraries(bhashatts_test_worker PRIVATE bhashatts_engine_tests)
foreach(room IN LISTS engine_rooms)
  target_link_libraries(bhashatts_test_worker PRIVATE bhashatts_${room})
endforeach()
target_compile_definitions(bhashatts_engine_tests PRIVATE
  BHASHATTS_TEST_WORKER="$<TARGET_FILE:bhashatts_test_worker>")

# bhashatts_process_test(<what> LABELS <label>... TIMEOUT <s>): <what>_test.cpp with all of that.
function(bhashatts_process_test what)
  bhashatts_test(NAME engine_${what}_test ROOMS ${engine_rooms} engine_tests
                 SOURCES ${what}_test.cpp ${ARGN})
  add_dependencies(engine_${what}_test bhashatts_test_worker)
endfunction()

bhashatts_process_test(process LABELS medium TIMEOUT 300)
bhashatts_process_test(crash LABELS long TIMEOUT 900)
bhashatts_process_test(crash_points LABELS long TIMEOUT 600)
bhashatts_process_test(sweep LABELS medium TIMEOUT 300)
bhashatts_process_test(damage LABELS medium TIMEOUT 300)
bhashatts_process_test(damage_database LABELS long TIMEOUT 600)
bhashatts_process_test(fork LABELS medium no-tsan TIMEOUT 300)
bhashatts_process_test(async_process LABELS medium no-tsan TIMEOUT 120)
bhashatts_process_test(disk LABELS medium TIMEOUT 300)
