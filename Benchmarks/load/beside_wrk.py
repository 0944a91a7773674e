#!/usr/bin/env python3
"""gauntlet load compared with wrk: the same URL of a todo-server on Redis, without a rate limit, 32 connections, one
thread. Runs alternate; prints medians of requests per second and of the server's CPU time per request.

    Benchmarks/load/beside_wrk.py [--rounds 5] [--seconds 3]

Needs wrk, redis-server and a release build (make build)."""
import argparse, json, os, re, signal, socket, statistics, subprocess, sys, tempfile, time, urllib.parse, urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def await_port(port):
    for _ in range(1000):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.01)
    sys.exit(f"nothing listens on port {port}")


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def call(url, data, headers={}):
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
        return json.load(response)


def wrk(url, token, seconds):
    output = subprocess.check_output(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "-H", f"Authorization: Bearer {token}", url + "/todos"], text=True)
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    return requests, float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def gauntlet(url, seconds):
    output = subprocess.check_output(
        [f"{ROOT}/.build/release/gauntlet", "load", "--base-url", url, "--threads", "1", "--virtual-users", "32",
         "--duration", f"{seconds}s", f"{ROOT}/Scenarios/load/cached-reads.json"], text=True, stderr=subprocess.DEVNULL)
    row = re.search(r"responses\s+([\d,]+) \(([\d,]+)/s\)", output)
    return [int(number.replace(",", "")) for number in row.groups()]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=3)
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        redis_port, port = free_port(), free_port()
        redis = subprocess.Popen(
            ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL)
        await_port(redis_port)
        server = subprocess.Popen(
            [f"{ROOT}/.build/release/todo-server", "--port", str(port), "--redis", f"redis://127.0.0.1:{redis_port}",
             "--rate-limit", "off", "--login-rate-limit", "off", "--database", f"{directory}/todos.sqlite",
             "--log-level", "error", "--bcrypt-cost", "4"], stdout=subprocess.DEVNULL)
        results = {"wrk": [], "gauntlet load": []}
        try:
            await_port(port)
            url = f"http://127.0.0.1:{port}"
            login = urllib.parse.urlencode({"username": "admin", "password": "admin123"}).encode()
            token = call(url + "/login", login)["access_token"]
            for _ in range(arguments.rounds):
                for name in results:
                    before = cpu(server.pid)
                    requests, rate = wrk(url, token, arguments.seconds) if name == "wrk" else gauntlet(
                        url, arguments.seconds)
                    results[name].append((rate, (cpu(server.pid) - before) / requests * 1e6))
        finally:
            for process in (server, redis):
                process.send_signal(signal.SIGTERM)
                process.wait()
    for name, rows in results.items():
        rate, cost = (statistics.median(column) for column in zip(*rows))
        print(f"{name:14} {rate:9,.0f} requests/s   server's CPU {cost:5.1f} µs per request   (medians of {len(rows)})")


main()
