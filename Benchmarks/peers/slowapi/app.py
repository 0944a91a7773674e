"""One route, limited by slowapi. The settings are environment variables that `run` sets."""

import os

from fastapi import FastAPI, Request, Response
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address

limiter = Limiter(
    key_func=get_remote_address,
    strategy=os.environ["STRATEGY"],
    storage_uri=os.environ["STORAGE"],
    headers_enabled=True,
)
app = FastAPI()
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)


# A function that is not async: FastAPI runs it on a thread of a pool, and with it slowapi's check.
@app.get("/limited")
@limiter.limit(os.environ["LIMIT"])
def limited(request: Request, response: Response):
    return {"ok": True}


@app.get("/health")
async def health():
    return {"ok": True}
