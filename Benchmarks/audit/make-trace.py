#!/usr/bin/env python3
"""Writes a large binary trace.

    Benchmarks/audit/make-trace.py limit|cache RECORDS FILE

limit: 1,000 clients of a limit of 5 in any 10 s; one request in six is denied. cache: 1,000 objects; one request in ten writes a new value,
and the first read after it misses. Requests take 0.2 to 3 ms.
"""

import random
import struct
import sys

kind, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
KEYS = 1000
MEAN_GAP = 2_200_000  # ns, between requests of all keys
NONE = 0xFFFFFFFF
record = struct.Struct("<QQIIIHBB")
random.seed(1)


def block(kind, table, number, payload):
    return struct.pack("<BBHIQ", kind, table, 0, number, len(payload)) + payload


def names(table, words):
    return block(1, table, len(words), b"".join(struct.pack("<I", len(word)) + word for word in words))


class Limit:
    """Client by client, the last five admissions."""

    def __init__(self):
        self.admitted = [[-(10**11)] * 5 for _ in range(KEYS)]

    def request(self, key, now, _):
        recent = self.admitted[key]
        is_admitted = now - recent[0] >= 10**10
        if is_admitted:
            recent.append(now)
            del recent[0]
        return NONE, 255, (0 if is_admitted else 1) | 1 << 2


class Cache:
    """Object by object, its value and whether it is cached."""

    def __init__(self):
        self.values = [NONE] * KEYS
        self.is_cached = [False] * KEYS
        self.written = 0

    def request(self, key, now, new_names):
        if random.random() < 0.1:
            new_names.append(b"value %d" % self.written)
            self.values[key], self.is_cached[key] = self.written, False
            self.written += 1
            return self.values[key], 255, 2 << 2
        is_hit, self.is_cached[key] = self.is_cached[key], True
        return self.values[key], 0 if is_hit else 1, 1 << 2


server = {"limit": Limit, "cache": Cache}[kind]()
with open(path, "wb") as file:
    file.write(b"\x89GTRACE\n" + struct.pack("<IIQQ", 1, 32, 0, 0))
    file.write(names(0, [b"request"]) + names(1, [b"10.0.%d.%d" % (n >> 8, n & 255) for n in range(KEYS)]))
    file.write(names(3, [b""]) + names(4, [b"hit", b"miss"]))
    now = 10**10
    for start in range(0, count, 1 << 15):
        rows, new_names = [], []
        for _ in range(min(1 << 15, count - start)):
            now += int(random.random() * 2 * MEAN_GAP)
            key = int(random.random() * KEYS)
            value, response_class, bits = server.request(key, now, new_names)
            sent = now - 100_000 - int(random.random() * 1_400_000)
            received = now + 100_000 + int(random.random() * 1_400_000)
            rows.append(record.pack(sent, received, key, value, 0, 0, response_class, bits))
        if new_names:
            file.write(names(2, new_names))
        file.write(block(2, 0, len(rows), b"".join(rows)))
    file.write(block(4, 0, 0, struct.pack("<QQ", count, 0)))
