"""Passwords and bearer tokens."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import bcrypt
import jwt
from fastapi import Depends, HTTPException, status
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordBearer

from .settings import settings

bearer = OAuth2PasswordBearer(tokenUrl="/login")
secret = settings.token_secret.get_secret_value()


def hashed(password: str) -> bytes:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(settings.bcrypt_cost))


USERS = {"admin": hashed(settings.admin_password.get_secret_value())}
# Checked for unknown users, so that they take as long as known ones.
NOBODY = hashed("nobody")


def unauthorized(detail: str) -> HTTPException:
    return HTTPException(status.HTTP_401_UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})


async def authenticate(username: str, password: str) -> str:
    # bcrypt accepts at most 72 bytes.
    matches = await run_in_threadpool(bcrypt.checkpw, password.encode()[:72], USERS.get(username, NOBODY))
    if not matches or username not in USERS:
        raise unauthorized("Incorrect username or password")
    return username


def sign(username: str) -> str:
    now = datetime.now(UTC)
    claims = {"sub": username, "iat": now, "exp": now + timedelta(seconds=settings.token_lifetime)}
    return jwt.encode(claims, secret, algorithm="HS256")


async def current_user(token: Annotated[str, Depends(bearer)]) -> str:
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise unauthorized("Invalid token") from None
    if claims["sub"] not in USERS:
        raise unauthorized("Invalid token")
    return claims["sub"]
