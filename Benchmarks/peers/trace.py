#!/usr/bin/env python3
"""Sends bursts to a rate-limited route and writes a trace that `gauntlet audit` reads, to standard output.

    Benchmarks/peers/trace.py http://127.0.0.1:8000/limited --addresses 4 --connections 10 --pause 0.5 --seconds 20

Each address of 127.0.0.0/8 has its own connections. Every PAUSE seconds it sends a request on each connection whose last
response has arrived, one right after the other, so that the server handles them at the same time.
"""

import argparse
import random
import selectors
import socket
import sys
import time
from urllib.parse import urlsplit


class Connection:
    def __init__(self, server, address, request):
        self.address, self.request = address, request
        self.socket = socket.create_connection(server, timeout=5, source_address=(address, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sent = None

    def send(self):
        self.sent = time.monotonic_ns()
        self.socket.send(self.request)

    def receive(self):
        """The status, once the response is complete."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed a connection")
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        if not separator or len(body) < length[0]:
            return None
        self.received = b""
        return int(lines[0].split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--addresses", type=int, default=4)
    parser.add_argument("--connections", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.5)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    url = urlsplit(options.url)
    request = f"GET {url.path or '/'} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode()
    # Fresh addresses, so that an earlier run does not count.
    first = f"127.{random.randrange(1, 255)}.{random.randrange(256)}"
    selector = selectors.DefaultSelector()
    bursts = []
    for number in range(options.addresses):
        connections = [
            Connection((url.hostname, url.port), f"{first}.{number + 1}", request) for _ in range(options.connections)
        ]
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        bursts.append([time.monotonic() + 0.1 + options.pause * number / options.addresses, connections])
    end = time.monotonic() + options.seconds
    rows = []
    while time.monotonic() < end or any(c.sent for _, connections in bursts for c in connections):
        now = time.monotonic()
        for burst in bursts:
            if burst[0] <= now < end:
                burst[0] += options.pause
                for connection in burst[1]:
                    if connection.sent is None:
                        connection.send()
        if now > end + 10:
            break
        due = min(burst[0] for burst in bursts)
        for key, _ in selector.select(max(0, min(due, end + 10) - now) if now < end else 0.1):
            connection = key.data
            status = connection.receive()
            if status is not None:
                outcome = "admitted" if status < 300 else "denied" if status == 429 else "other"
                rows.append((connection.address, connection.sent, time.monotonic_ns(), outcome))
                connection.sent = None
    for _, connections in bursts:
        rows += [(c.address, c.sent, "", "unknown") for c in connections if c.sent is not None]
    print("step,key,sent_ns,received_ns,outcome,operation,value")
    for address, sent, received, outcome in rows:
        print(f"limited,{address},{sent},{received},{outcome},,")
    admitted = sum(row[3] == "admitted" for row in rows)
    print(f"{len(rows)} requests, {admitted} admitted", file=sys.stderr)


if __name__ == "__main__":
    main()
