#!/bin/bash
# Repeats the fault tests many more times than the test suite does: the server killed during writes, reads during writes
# on two instances, the limit under eight clients and Redis faults, outages of Redis and PostgreSQL. Takes half an hour.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TODO_TEST_ALONE=1
export TODO_TEST_KILLS="${TODO_TEST_KILLS:-50}"
export TODO_TEST_FRESHNESS_READS="${TODO_TEST_FRESHNESS_READS:-100000}"
export TODO_TEST_LIMIT_REQUESTS="${TODO_TEST_LIMIT_REQUESTS:-1000}"
export TODO_TEST_LIMIT_FAULTS="${TODO_TEST_LIMIT_FAULTS:-10}"
swift build --build-tests
tests='KillTests|FreshnessTests|SharedStateTests|RedisFaultTests|LimitFaultTests|PostgreSQLFaultTests'
swift test --skip-build --no-parallel --filter "$tests" |
  grep -E '^(killed|freshness|limit|Redis|PostgreSQL)|✘|Test run'
