"""One route with the rate limiter that many tutorials show: read the counter, compare, then increment it.

Between the read and the increment other requests read the same value, so a burst gets more than the limit. If the process
ends between INCR and EXPIRE, the key never expires.
"""

import os

from fastapi import Depends, FastAPI, HTTPException, Request
from redis.asyncio import Redis

LIMIT = int(os.environ["LIMIT"])
WINDOW = int(os.environ["WINDOW"])

app = FastAPI()
redis = Redis.from_url(os.environ["STORAGE"], decode_responses=True)


async def rate_limit(request: Request) -> None:
    key = f"rate_limit:{request.client.host}"
    count = await redis.get(key)
    if count is not None and int(count) >= LIMIT:
        raise HTTPException(status_code=429, detail="Too many requests")
    if await redis.incr(key) == 1:
        await redis.expire(key, WINDOW)


@app.get("/limited", dependencies=[Depends(rate_limit)])
async def limited():
    return {"ok": True}


@app.get("/health")
async def health():
    return {"ok": True}
