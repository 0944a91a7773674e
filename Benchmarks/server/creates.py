#!/usr/bin/env python3
"""Todos created per second, each durable on disk before its response: 64 connections, SQLite with synchronous=FULL.

    make build
    Benchmarks/server/creates.py [--rounds 5] [--seconds 3] [--program .build/release/todo-server]

Prints the median of several runs, each on its own database in the folder given by --folder (default: a temporary one; on
a memory file system nothing is durable). Afterwards, checks that the list holds every acknowledged todo. Needs wrk."""
import argparse, os, pathlib, re, statistics, subprocess, sys, tempfile
import served


# All todos belong to one user. Older builds do not know the variable.
os.environ["TODO_MAX_TODOS_PER_USER"] = "off"


def run(options, folder):
    port = served.free_port()
    with served.todo_server(port, folder, "--rate-limit", "off", program=options.program) as process:
        url = f"http://127.0.0.1:{port}"
        headers = served.login(url)
        before = served.cpu(process)
        output = subprocess.check_output(
            ["wrk", "-t1", "-c64", f"-d{options.seconds}s", "-s", pathlib.Path(__file__).with_name("create.lua"),
             "-H", f"Authorization: {headers['Authorization']}", url + "/todos"], text=True)
        if "Non-2xx" in output:
            sys.exit(f"creates failed:\n{output}")
        count = int(re.search(r"(\d+) requests in", output).group(1))
        cost = (served.cpu(process) - before) / count * 1e6
        stored = len(served.call(url + "/todos", headers=headers)["todos"])
        if stored < count:
            sys.exit(f"{count} creates were acknowledged, but the list holds {stored} todos")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), cost


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--folder")
    parser.add_argument("--program", default=served.TODO_SERVER)
    options = parser.parse_args()
    rows = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            rows.append(run(options, folder))
    rate, cost = (statistics.median(column) for column in zip(*rows))
    print(f"durable creates, 64 connections: {rate:,.0f}/s, {cost:.0f} µs of CPU each "
          f"(median of {', '.join(f'{row[0]:,.0f}' for row in rows)})")


main()
