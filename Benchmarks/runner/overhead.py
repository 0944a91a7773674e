#!/usr/bin/env python3
"""What the scenario runner adds to libcurl: sequential keep-alive GETs with three assertions each, compared with a bare
libcurl loop over the same URL. Runs alternate; prints medians. The server and the client have one core each: otherwise
the result depends on where the kernel places them.

    Benchmarks/runner/overhead.py [--rounds 11] [--requests 2000] [--earlier PATH]

--earlier names an older build of gauntlet, to measure it in the same run.

Needs nginx, cc and a release build (make build)."""
import argparse, json, os, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BODY = json.dumps({"source": "cache", "todos": [
    {"id": n, "title": f"todo number {n}", "completed": False} for n in range(1, 9)]})


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def on_core(number):
    """A function for the child process to call, which pins it to one core."""
    return lambda: os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[number]})


def nginx(directory, port):
    config = os.path.join(directory, "nginx.conf")
    with open(config, "w") as file:
        file.write(f"""daemon off; master_process off; pid {directory}/pid; error_log {directory}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; keepalive_requests 1000000000;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; return 200 '{BODY}'; }} }} }}""")
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", config, "-p", directory], preexec_fn=on_core(0))
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process
        except OSError:
            time.sleep(0.01)
    sys.exit("nginx does not respond")


def seconds(text):
    value, unit = re.search(r"requests · ([\d.]+)(µs|ms|s)", text).groups()
    return float(value) * {"µs": 1e-6, "ms": 1e-3, "s": 1}[unit]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=11)
    arguments.add_argument("--requests", type=int, default=2000)
    arguments.add_argument("--gauntlet", default=os.path.join(ROOT, ".build/release/gauntlet"))
    arguments.add_argument("--earlier")
    arguments = arguments.parse_args()
    programs = {"gauntlet run": arguments.gauntlet}
    if arguments.earlier:
        programs["earlier"] = arguments.earlier
    with tempfile.TemporaryDirectory() as directory:
        bare = os.path.join(directory, "bare")
        subprocess.check_call(["cc", "-O2", "-o", bare, os.path.join(ROOT, "Benchmarks/runner/bare.c"), "-lcurl"])
        scenario = os.path.join(directory, "overhead.json")
        with open(scenario, "w") as file:
            json.dump({"name": "overhead", "client": {"address": "shared"}, "steps": [{
                "id": "read", "repeat": arguments.requests, "request": {"url": "/"},
                "expect": {"status": 200, "headers": {"Content-Type": "application/json"},
                           "json": {"$.source": "cache"}}}]}, file)
        port = free_port()
        server = nginx(directory, port)
        url = f"http://127.0.0.1:{port}"
        times = {name: [] for name in ("bare libcurl", *programs)}
        try:
            for _ in range(arguments.rounds):
                output = subprocess.check_output([bare, url + "/", str(arguments.requests)], text=True, preexec_fn=on_core(1))
                times["bare libcurl"].append(float(output.split()[0]))
                for name, program in programs.items():
                    output = subprocess.check_output(
                        [program, "run", "--base-url", url, scenario], text=True, preexec_fn=on_core(1))
                    times[name].append(seconds(output))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:13} {median * 1e3:8.1f} ms  {median / arguments.requests * 1e6:6.1f} µs per request"
              f"  (of {len(values)}: {min(values) * 1e3:.1f} to {max(values) * 1e3:.1f})")
    print(f"ratio of medians {statistics.median(times['gauntlet run']) / statistics.median(times['bare libcurl']):.2f}")


main()
