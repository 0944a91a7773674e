#!/bin/bash
# Starts each rate-limited peer, sends bursts to it, and audits what it admitted and denied against its configuration:
#   Benchmarks/peers/audit.sh [GAUNTLET] [SECONDS]
# Needs Debian's nginx and redis-server. Prints a verdict for each peer; the traces stay in a temporary folder.
set -euo pipefail
root=$(dirname "$0")/../..
gauntlet=$(realpath "${1:-$root/.build/release/gauntlet}") seconds=${2:-20}
cd "$(dirname "$0")"
folder=$(mktemp -d)
peer=
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
redis_port=$(port)
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no >/dev/null & redis=$!
stop() {
  if [ -n "$peer" ]; then kill "$peer" 2>/dev/null || true; wait "$peer" 2>/dev/null || true; fi
  peer=
}
trap 'stop; kill $redis 2>/dev/null || true; wait $redis 2>/dev/null || true' EXIT

# audit NAME POLICY COMMAND...: PORT in the command is replaced by a free port.
audit() {
  local name=$1 policy=$2 port line verdict
  port=$(port)
  shift 2
  "${@/PORT/$port}" 2>"$folder/$name.log" & peer=$!
  for _ in $(seq 300); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
    sleep 0.1
  done
  # Other workers may still be starting.
  sleep 2
  # nginx makes requests wait for seconds. 3: undecided, as on a machine that is busy. 4: the server failed.
  "$gauntlet" load limited.json --base-url "http://127.0.0.1:$port" --duration "${seconds}s" --grace 10s --threads 1 \
    --trace "$folder/$name.trace" --report text="$folder/$name.txt" >/dev/null 2>"$folder/$name.errors" ||
    [ $? -ge 3 ] || { cat "$folder/$name.errors" >&2; exit 1; }
  stop
  printf '\n%s: %s; %s\n' "$name" "$policy" "$(grep -E '^status' "$folder/$name.txt" | tr -s ' ')"
  "$gauntlet" audit --rate-limit "$policy" "$folder/$name.trace" | tail -n +3 || true
}

memory=memory:// shared=redis://127.0.0.1:$redis_port limit="5 per 2 seconds"
audit tutorial fixed-window:5/2s fastapi-tutorial/run PORT "$shared" 5 2
audit flask-fixed-memory fixed-window:5/2s flask-limiter/run PORT fixed-window $memory "$limit"
audit flask-fixed-redis fixed-window:5/2s flask-limiter/run PORT fixed-window "$shared" "$limit" 2
audit flask-moving-memory sliding-window:5/2s flask-limiter/run PORT moving-window $memory "$limit"
audit flask-moving-redis sliding-window:5/2s flask-limiter/run PORT moving-window "$shared" "$limit" 2
audit flask-counter-memory sliding-counter:5/2s flask-limiter/run PORT sliding-window-counter $memory "$limit"
audit flask-counter-redis sliding-counter:5/2s flask-limiter/run PORT sliding-window-counter "$shared" "$limit" 2
audit flask-two-workers-memory fixed-window:5/2s flask-limiter/run PORT fixed-window $memory "$limit" 2
audit slowapi-fixed-memory fixed-window:5/2s slowapi/run PORT fixed-window $memory "$limit"
audit slowapi-moving-memory sliding-window:5/2s slowapi/run PORT moving-window $memory "$limit"
audit slowapi-moving-redis sliding-window:5/2s slowapi/run PORT moving-window "$shared" "$limit" 2
audit nginx-plain token-bucket:1@5/s nginx-limit-req/run PORT 5r/s
audit nginx-burst token-bucket:6@5/s nginx-limit-req/run PORT 5r/s 5
audit nginx-nodelay token-bucket:6@5/s nginx-limit-req/run PORT 5r/s 5 nodelay
printf '\nTraces: %s\n' "$folder"
