# Every target does its own setup: `make demo` and `make test` work in a fresh clone.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-test build demo test test-browser test-openapi mutation lint format

# Debian packages for the build and the tests. Only missing ones are installed.
BUILD_PACKAGES := libhiredis-dev libssl-dev libcurl4-openssl-dev libcrypt-dev libpq-dev libsqlite3-dev pkg-config
TEST_PACKAGES := redis-server postgresql openssl
BROWSER_PACKAGES := chromium python3-venv
BIN := .build/release

help:
	@echo "make demo          build, start the server, run all scenarios, two loads and two audits"
	@echo "make demo REDIS=1  the same with a real Redis"
	@echo "make test          run all tests"
	@echo "make test-browser  test the page /docs in headless Chromium"
	@echo "make test-openapi  test the server against its OpenAPI description with schemathesis"
	@echo "make mutation      change the code in small ways and list what the tests do not notice"
	@echo "make lint          check the formatting of the code"
	@echo "make format        format the code"

define install
	@missing=(); for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing+=($$package); \
	done; \
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi; \
	command -v apt-get >/dev/null || { \
	  echo "error: missing packages, and no apt-get to install them: $${missing[*]}" >&2; exit 1; }; \
	sudo=; if [ $$(id -u) -ne 0 ]; then \
	  command -v sudo >/dev/null || { echo "error: run as root: apt-get install $${missing[*]}" >&2; exit 1; }; \
	  sudo=sudo; fi; \
	echo "installing missing packages: $${missing[*]}"; \
	$$sudo apt-get update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $${missing[@]} >/dev/null
endef

setup:
	@command -v swift >/dev/null || { echo "error: Swift is not installed: see https://www.swift.org/install" >&2; exit 1; }
	@command -v dpkg-query >/dev/null || { \
	  echo "error: not a Debian system; install the equivalents of: $(BUILD_PACKAGES) $(TEST_PACKAGES)" >&2; exit 1; }
	$(call install,$(BUILD_PACKAGES))

setup-test: setup
	$(call install,$(TEST_PACKAGES))

# The programs run without a Swift toolchain. lld is used because the default linker warns about a function in Foundation.
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld

build: setup
	swift build $(RELEASE) --product todo-server
	swift build $(RELEASE) --product gauntlet

demo: build $(if $(REDIS),setup-test)
	@options=; observe=; \
	if [ -n "$(REDIS)" ]; then \
	  port=6380; while (exec 3<>/dev/tcp/127.0.0.1/$$port) 2>/dev/null; do port=$$((port + 1)); done; \
	  redis-server --bind 127.0.0.1 --port $$port --save '' --appendonly no >/dev/null & \
	  redis=$$!; trap 'kill $$redis 2>/dev/null; wait $$redis || true' EXIT; \
	  options="--redis redis://127.0.0.1:$$port"; observe="--observe redis://127.0.0.1:$$port"; \
	fi; \
	directory=$$(mktemp -d); \
	export TODO_TOKEN_SECRET=$$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n'); \
	serve="exec $(BIN)/todo-server --port 0 --log-level error --database $$directory/todos.sqlite $$options"; \
	echo; echo "── All scenarios, once ──"; \
	$(BIN)/gauntlet run --serve "$$serve" --variable jwtSecret=$$TODO_TOKEN_SECRET Scenarios/conformance; \
	echo; echo "── Cached reads for 5 s, rate limit off ──"; \
	$(BIN)/gauntlet load --serve "$$serve --rate-limit off" --duration 5s Scenarios/load/cached-reads.json; \
	echo; echo "── Rate limit of 5 requests in 10 s: 8 users for 5 s, each from its own address ──"; \
	$(BIN)/gauntlet load --serve "$$serve" --duration 5s Scenarios/load/limited-burst.json; \
	echo; echo "── Are reads fresh? 32 users change and read one list for 5 s ──"; \
	$(BIN)/gauntlet load --serve "$$serve --rate-limit off" --duration 5s Scenarios/load/freshness-audit.json; \
	echo; echo "── Does the limit hold? 1,000 addresses at three times the limit for 15 s, and what a response costs ──"; \
	$(BIN)/gauntlet load --serve "$$serve" $$observe --duration 15s Scenarios/load/limiter-audit.json; \
	rm -rf $$directory

# The groups run one after the other. The tests of the load engine and of the faulty servers use the whole machine, and would
# delay tests that wait for PostgreSQL or depend on time. Within a group, parallelism is limited for the same reason.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH = 8
test: setup-test
	swift build --build-tests
	swift test --skip-build --skip 'TodoServerTests|ConformanceTests'
	swift test --skip-build --filter TodoServerTests
	swift test --skip-build --filter ConformanceTests

# Leaves a screenshot in .build/docs.png.
test-browser: setup
	$(call install,$(BROWSER_PACKAGES))
	swift build --product todo-server
	Tests/Browser/run --screenshot .build/docs.png

test-openapi: setup
	swift build --product todo-server
	Tests/OpenAPI/run .build/debug/todo-server --max-examples 50

# FOLDER: folders below Sources, separated by spaces. SAMPLE: mutants per target. RETRY=1: run the survivors again.
SAMPLE := 200
SEED := 1
MUTATION := swift run --package-path Tests/Mutation --scratch-path .build/mutation/tool mutation
mutation: setup-test
	$(MUTATION) $(FOLDER) --sample $(SAMPLE) --seed $(SEED) $(if $(RETRY),--retry-survivors) $(OPTIONS)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests
