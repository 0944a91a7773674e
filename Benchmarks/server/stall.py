#!/usr/bin/env python3
"""How long other requests wait while one user's long list is read from the database repeatedly.

    make build
    Benchmarks/server/stall.py [--seconds 5] [--program .build/release/todo-server]

The user has 1,000 todos of 200 characters, each of which JSON escapes as six bytes: 1.2 MB in all. Two clients alternately
change a todo and read the list, so that every read misses the cache. Meanwhile, eight connections spread over the event
loops request /health one after another. Prints percentiles of the time for /health, with and without the list reads."""
import argparse, json, socket, statistics, tempfile, threading, time, urllib.request
import served

HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"


def fill(url, headers):
    body = json.dumps({"title": "\x01" * 200}).encode()
    for _ in range(1000):
        served.call(url + "/todos", body, headers | {"Content-Type": "application/json"})


def read_lists(url, headers, over, counts):
    while not over.is_set():
        request = urllib.request.Request(
            url + "/todos/1", b'{"completed":true}', headers | {"Content-Type": "application/json"}, method="PATCH")
        urllib.request.urlopen(request).read()
        request = urllib.request.Request(url + "/todos", headers=headers)
        assert len(urllib.request.urlopen(request).read()) > 1_200_000
        counts.append(1)


def measure(port, seconds):
    """The time of each GET /health in milliseconds."""
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        for connection in connections:
            start = time.monotonic()
            connection.sendall(HEALTH)
            connection.recv(4096)
            times.append((time.monotonic() - start) * 1000)
        time.sleep(0.001)
    return times


def report(name, times):
    times.sort()
    print(f"{name:12} median {statistics.median(times):6.2f} ms   p99 {times[len(times) * 99 // 100]:6.2f} ms"
          f"   longest {times[-1]:6.2f} ms   of {len(times):,} requests")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--program", default=served.TODO_SERVER)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        port = served.free_port()
        with served.todo_server(port, folder, "--rate-limit", "off", program=options.program):
            url = f"http://127.0.0.1:{port}"
            headers = served.login(url)
            fill(url, headers)
            report("no lists", measure(port, options.seconds))
            over, counts = threading.Event(), []
            readers = [threading.Thread(target=read_lists, args=(url, headers, over, counts)) for _ in range(2)]
            for reader in readers:
                reader.start()
            times = measure(port, options.seconds)
            over.set()
            for reader in readers:
                reader.join()
            report("long lists", times)
            print(f"lists read from the database: {len(counts) / options.seconds:.0f}/s")


main()
