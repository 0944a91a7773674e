#!/usr/bin/env python3
"""Milliseconds from the start of todo-server to its first response, to GET /health: with a new database, and with an
existing one.

    make build
    Benchmarks/server/start.py [--rounds 20] [--program .build/release/todo-server]"""
import argparse, socket, statistics, subprocess, tempfile, time
import served

QUESTION = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def start(program, folder):
    port = served.free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [program, "--port", str(port), "--database", f"{folder}/todos.sqlite", "--log-level", "error"],
        stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(QUESTION)
                    assert client.recv(1024).startswith(b"HTTP/1.1 200 ")
                    return (time.monotonic() - began) * 1000
            except ConnectionRefusedError:
                assert process.poll() is None, f"{program} exited with {process.returncode}"
                time.sleep(0.0005)
    finally:
        process.terminate()
        process.wait(20)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--program", default=served.TODO_SERVER)
    options = parser.parse_args()
    times = {"new database": [], "existing database": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for row in times.values():
                row.append(start(options.program, folder))
    for name, row in times.items():
        print(f"start to first response, {name}: median {statistics.median(row):.0f} ms, "
              f"{min(row):.0f} to {max(row):.0f} ms in {len(row)} starts")


main()
