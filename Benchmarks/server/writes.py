#!/usr/bin/env python3
"""The cost of a write with Redis: one todo changed repeatedly, over one connection and over sixteen.

    make build
    Benchmarks/server/writes.py [--rounds 5] [--seconds 3] [--programs .build/release/todo-server OTHER]

Builds alternate, so that other load on the machine affects all alike. Prints medians: the time of a write over one
connection, writes per second over sixteen, the CPU of the server and of Redis per write, and the commands sent to Redis
per write, without those that scripts execute. SQLite is in a temporary folder: --folder /dev/shm excludes the disk. Needs
wrk and redis-server."""
import argparse, contextlib, re, statistics, subprocess, sys, tempfile
import served

SCRIPT = """
wrk.method = "PATCH"
wrk.body = '{"completed":true}'
wrk.headers["Content-Type"] = "application/json"
"""


def wrk(url, headers, connections, seconds, folder):
    """Runs wrk; returns the number of writes, writes per second, and the median time in milliseconds."""
    path = f"{folder}/patch.lua"
    with open(path, "w") as file:
        file.write(SCRIPT)
    fields = [option for name, value in headers.items() for option in ("-H", f"{name}: {value}")]
    output = subprocess.check_output(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", path, *fields, url], text=True)
    if "Non-2xx" in output:
        sys.exit(f"{url} failed writes:\n{output}")
    value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", output).groups()
    return (int(re.search(r"(\d+) requests in", output).group(1)),
            float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
            float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def commands(port):
    """The number of commands that clients have sent: scripts, and commands outside scripts."""
    output = subprocess.check_output(["redis-cli", "-p", str(port), "INFO", "commandstats"], text=True)
    calls = dict(re.findall(r"cmdstat_(\w+):calls=(\d+)", output))
    return sum(int(calls.get(name, 0)) for name in ("evalsha", "eval")) + (
        int(calls.get("del", 0)) if "zadd" not in calls else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--folder")
    parser.add_argument("--programs", nargs="+", default=[served.TODO_SERVER])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, contextlib.ExitStack() as stack:
        contenders = []
        for program in options.programs:
            redis_port, port = served.free_port(), served.free_port()
            redis = stack.enter_context(served.redis(redis_port))
            server = stack.enter_context(served.todo_server(
                port, folder, "--redis", f"redis://127.0.0.1:{redis_port}", "--rate-limit", "1000000000/10s",
                program=program))
            url = f"http://127.0.0.1:{port}"
            headers = served.login(url)
            todo = served.call(url + "/todos", b'{"title":"a"}', headers | {"Content-Type": "application/json"})
            contenders.append((program, server, redis, redis_port, f"{url}/todos/{todo['id']}", headers))
        rows = {(program, connections): [] for program in options.programs for connections in (1, 16)}
        for _ in range(options.rounds):
            for program, server, redis, redis_port, url, headers in contenders:
                for connections in (1, 16):
                    before = served.cpu(server), served.cpu(redis), commands(redis_port)
                    count, rate, median = wrk(url, headers, connections, options.seconds, folder)
                    after = served.cpu(server), served.cpu(redis), commands(redis_port)
                    rows[program, connections].append(
                        (rate, median, (after[0] - before[0]) / count * 1e6, (after[1] - before[1]) / count * 1e6,
                         (after[2] - before[2]) / count))
        print(f"medians of {options.rounds} runs of {options.seconds} s\n")
        print("connections  writes/s  median ms   CPU µs   Redis' µs   commands   program")
        for (program, connections), runs in rows.items():
            rate, median, cost, redis_cost, sent = (statistics.median(column) for column in zip(*runs))
            print(f"{connections:11} {rate:9,.0f} {median:10.3f} {cost:8.1f} {redis_cost:11.1f} {sent:10.2f}   {program}")


main()
