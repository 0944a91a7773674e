# make demo, make test: each does all of its set-up itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-test build demo test test-browser test-openapi lint format

# What the build and the tests need from Debian; only what is missing is installed.
BUILD_PACKAGES := libhiredis-dev libssl-dev libcurl4-openssl-dev libcrypt-dev libpq-dev libsqlite3-dev pkg-config
TEST_PACKAGES := redis-server postgresql openssl
BROWSER_PACKAGES := chromium python3-venv
BIN := .build/release

help:
	@echo "make demo          build, start the server, run every scenario, then two short loads"
	@echo "make demo REDIS=1  the same over a real Redis"
	@echo "make test          all tests"
	@echo "make test-browser  the page /docs in a headless Chromium"
	@echo "make test-openapi  the server against its own description, by schemathesis"
	@echo "make lint format   check, or mend, the layout of the code"

define install
	@missing=(); for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing+=($$package); \
	done; \
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
	command -v apt-get >/dev/null || { \
	  echo "error: these packages are missing, and there is no apt-get to install them: $${missing[*]}" >&2; exit 1; }; \
	sudo=; if [ $$(id -u) -ne 0 ]; then \
	  command -v sudo >/dev/null || { echo "error: run as root: apt-get install $${missing[*]}" >&2; exit 1; }; \
	  sudo=sudo; fi; \
	echo "installing what is missing: $${missing[*]}"; \
	$$sudo apt-get update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $${missing[@]} >/dev/null
endef

setup:
	@command -v swift >/dev/null || { echo "error: no Swift toolchain: see https://www.swift.org/install" >&2; exit 1; }
	@command -v dpkg-query >/dev/null || { \
	  echo "error: this is no Debian system; install the equivalents of: $(BUILD_PACKAGES) $(TEST_PACKAGES)" >&2; exit 1; }
	$(call install,$(BUILD_PACKAGES))

setup-test: setup
	$(call install,$(TEST_PACKAGES))

# Programs that need no Swift where they run. (The default linker warns of a function that is in Foundation's.)
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld

build: setup
	swift build $(RELEASE) --product todo-server
	swift build $(RELEASE) --product gauntlet

demo: build $(if $(REDIS),setup-test)
	@options=; \
	if [ -n "$(REDIS)" ]; then \
	  port=6380; while (exec 3<>/dev/tcp/127.0.0.1/$$port) 2>/dev/null; do port=$$((port + 1)); done; \
	  redis-server --bind 127.0.0.1 --port $$port --save '' --appendonly no >/dev/null & \
	  redis=$$!; trap 'kill $$redis 2>/dev/null; wait $$redis || true' EXIT; \
	  options="--redis redis://127.0.0.1:$$port"; \
	fi; \
	directory=$$(mktemp -d); \
	export TODO_TOKEN_SECRET=$$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n'); \
	serve="exec $(BIN)/todo-server --port 0 --log-level error --database $$directory/todos.sqlite $$options"; \
	echo; echo "── Every scenario, once ──"; \
	$(BIN)/gauntlet run --serve "$$serve" --variable jwtSecret=$$TODO_TOKEN_SECRET Scenarios/conformance; \
	echo; echo "── Cached reads, 5 s, the rate limit off ──"; \
	$(BIN)/gauntlet load --serve "$$serve --rate-limit off" --duration 5s Scenarios/load/cached-reads.json; \
	echo; echo "── The rate limit on, 5 requests in 10 s: 8 users for 5 s, each from an address of its own ──"; \
	$(BIN)/gauntlet load --serve "$$serve" --duration 5s Scenarios/load/limited-burst.json; \
	rm -rf $$directory

# One after another: the tests of the load engine and the faulty servers take all of the machine, and would hold up
# those that wait for PostgreSQL to start, or look at the time. Nor are all of one part run at once: clients that are to
# be in time would wait for hundreds of others.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = 8
test: setup-test
	swift build --build-tests
	swift test --skip-build --skip 'TodoServerTests|ConformanceTests'
	swift test --skip-build --filter TodoServerTests
	swift test --skip-build --filter ConformanceTests

# The page at its end is in .build/docs.png.
test-browser: setup
	$(call install,$(BROWSER_PACKAGES))
	swift build --product todo-server
	Tests/Browser/run --screenshot .build/docs.png

test-openapi: setup
	swift build --product todo-server
	Tests/OpenAPI/run .build/debug/todo-server --max-examples 50

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests
