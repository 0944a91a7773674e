#!/bin/bash
# What the tests do a few times, many times: the server killed in the midst of writes, reads beside writes on two
# instances, the limit under eight clients and under faults of Redis, Redis and PostgreSQL away and back. Takes half an hour.
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
