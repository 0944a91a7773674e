#!/bin/bash
# What the tests do a few times, many times: the server killed in the midst of writes, reads beside writes on two
# instances, the limit under eight clients, Redis and PostgreSQL away and back. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TODO_TEST_ALONE=1
export TODO_TEST_KILLS="${TODO_TEST_KILLS:-50}"
export TODO_TEST_FRESHNESS_READS="${TODO_TEST_FRESHNESS_READS:-100000}"
export TODO_TEST_LIMIT_REQUESTS="${TODO_TEST_LIMIT_REQUESTS:-1000}"
swift build --build-tests
swift test --skip-build --no-parallel --filter 'KillTests|FreshnessTests|SharedStateTests|RedisFaultTests|PostgreSQLFaultTests' |
  grep -E '^(killed|freshness|Redis|PostgreSQL)|✘|Test run'
