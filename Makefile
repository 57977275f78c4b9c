# The front door. Each target is one line of work; what they do stands in cmake/ and CMakePresets.json.
.DEFAULT_GOAL := help
.PHONY: help demo build test fuzz bench bench-python bench-rivals package wheel lint format reader clean
FUZZ_SECONDS ?= 60

help:           ## this list
	@sed -n 's/^\([a-z-]*\): .*## /make \1\t/p' Makefile | expand -t 20

demo: build     ## install what is missing, build, read a story aloud in six languages
	examples/demo.sh

build:          ## the library and the command, optimised, in build/release
	cmake/install-dependencies.sh --build
	cmake --preset release -DBHASHATTS_BUILD_TESTS=OFF >/dev/null
	cmake --build --preset release

test:           ## all tests, plain and under sanitizers
	cmake/install-dependencies.sh --build --test
	cmake/run-tests.sh

fuzz:           ## each fuzz target for FUZZ_SECONDS (60)
	cmake/install-dependencies.sh --build --test
	cmake/run-fuzzers.sh $(FUZZ_SECONDS)

package:        ## Debian packages and a tarball, in build/release/packages
	cmake/install-dependencies.sh --build --package
	cmake --preset release -DBHASHATTS_BUILD_TESTS=OFF >/dev/null
	cmake --build --preset release
	cpack --config build/release/CPackConfig.cmake -B build/release/packages

wheel:          ## the Python module as sdist and wheels, in build/python/dist
	cmake/install-dependencies.sh --build --python
	bindings/python/make_dist.sh build/python

bench:          ## benchmarks, as ratios to what they are measured against
	cmake/install-dependencies.sh --build --bench
	cmake --preset release -DBHASHATTS_BUILD_TESTS=OFF -DBHASHATTS_BUILD_BENCHMARKS=ON >/dev/null
	cmake --build --preset release --target bench

bench-python:   ## the Python module beside what Django hosts use, from its wheel
	cmake/install-dependencies.sh --build --python --bench
	cmake --preset release -DBHASHATTS_BUILD_TESTS=OFF -DBHASHATTS_BUILD_BENCHMARKS=ON >/dev/null
	cmake --build --preset release --target capi_bench
	benchmarks/python/run.sh build/release

bench-rivals:   ## the S3 and Redis clients beside those of Python, on servers of this machine
	cmake/install-dependencies.sh --build --test --bench
	cmake --preset release -DBHASHATTS_BUILD_TESTS=OFF -DBHASHATTS_BUILD_BENCHMARKS=ON >/dev/null
	cmake --build --preset release --target s3_bench redis_rounds
	benchmarks/rivals.sh build/release

lint:           ## clang-format, clang-tidy, shellcheck, ruff, mypy
	cmake/install-dependencies.sh --build --lint
	cmake/lint.sh

format:         ## clang-format in place
	cmake/install-dependencies.sh --lint
	cmake/lint.sh --fix

reader:         ## the story reader in a browser: twelve stories in six languages, read aloud
	cmake/install-dependencies.sh --build --python
	bindings/python/examples/storyreader/run.sh

clean:          ## remove build/
	rm -rf build
