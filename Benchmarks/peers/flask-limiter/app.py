"""One route, limited by Flask-Limiter. The settings are environment variables that `run` sets."""

import os

from flask import Flask, jsonify
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(
    get_remote_address,
    app=app,
    strategy=os.environ["STRATEGY"],
    storage_uri=os.environ["STORAGE"],
    headers_enabled=True,
)


@app.get("/limited")
@limiter.limit(os.environ["LIMIT"])
def limited():
    return jsonify(ok=True)


@app.get("/health")
@limiter.exempt
def health():
    return jsonify(ok=True)
