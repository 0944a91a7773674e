"""One text that is read through Flask-Caching. The settings are environment variables that `run` sets."""

import os
import threading

from flask import Flask, jsonify, request
from flask_caching import Cache

app = Flask(__name__)
cache = Cache(app, config={"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": float(os.environ["TTL"])})
lock = threading.Lock()
note = {"text": "first"}


@app.get("/note")
@cache.cached(key_prefix="note")
def read():
    with lock:
        return jsonify(note)


@app.put("/note")
def write():
    with lock:
        note["text"] = request.get_json()["text"]
    if os.environ["ON_WRITE"] == "delete":
        cache.delete("note")
    return jsonify(note)


@app.get("/health")
def health():
    return jsonify(ok=True)
