"""One text behind a cache that is filled and deleted without regard to each other.

A read that misses reads the text, takes a few milliseconds, and fills the cache. If the text is written in between, the
write's deletion comes first, and the old text is cached."""

import os
import random
import threading
import time

from flask import Flask, jsonify, request

app = Flask(__name__)
lifetime = float(os.environ["TTL"])
lock = threading.Lock()
note = "first"
cached = None  # the text, and when it expires


@app.get("/note")
def read():
    global cached
    with lock:
        found = cached
    if found and found[1] > time.monotonic():
        return jsonify(text=found[0], source="cache")
    with lock:
        text = note
    time.sleep(random.uniform(0.005, 0.03))
    with lock:
        cached = (text, time.monotonic() + lifetime)
    return jsonify(text=text, source="db")


@app.put("/note")
def write():
    global note, cached
    with lock:
        note = request.get_json()["text"]
    with lock:
        cached = None
    return jsonify(text=note)


@app.get("/health")
def health():
    return jsonify(ok=True)
