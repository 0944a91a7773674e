"""A fixed window for each client address, counted in Redis."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request, status

from .auth import current_user
from .settings import settings

# The window opens with the first admitted request. A denied request changes nothing, and every key expires.
ADMIT = """
local count = tonumber(redis.call('GET', KEYS[1]) or 0)
if count >= tonumber(ARGV[1]) then return redis.call('PTTL', KEYS[1]) end
if redis.call('INCR', KEYS[1]) == 1 then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 0
"""


async def admit(request: Request, bucket: str, limit: int, window: int) -> None:
    address = request.client.host if request.client else "local"
    wait = await request.app.state.admit(keys=[f"limit:{bucket}:{address}"], args=[limit, window])
    if wait > 0:
        headers = {"Retry-After": str(max(1, -(-wait // 1000)))}
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "Too many requests", headers)


async def login_limit(request: Request) -> None:
    await admit(request, "login", settings.login_limit, settings.login_window)


async def limited_user(request: Request, user: Annotated[str, Depends(current_user)]) -> str:
    """The token's user, once the request is admitted. A request without a valid token is not counted."""
    await admit(request, "todos", settings.rate_limit, settings.rate_window)
    return user
