"""One text that is read through fastapi-cache2, in memory. The lifetime is an environment variable that `run` sets."""

import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_cache import FastAPICache
from fastapi_cache.backends.inmemory import InMemoryBackend
from fastapi_cache.decorator import cache
from pydantic import BaseModel


class Note(BaseModel):
    text: str


@asynccontextmanager
async def lifespan(_: FastAPI):
    FastAPICache.init(InMemoryBackend(), prefix="notes")
    yield


app = FastAPI(lifespan=lifespan)
note = Note(text="first")


@app.get("/note")
@cache(expire=int(os.environ["TTL"]))
async def read() -> Note:
    return note


@app.put("/note")
async def write(new: Note) -> Note:
    global note
    note = new
    return note


@app.get("/health")
async def health() -> dict:
    return {"ok": True}
