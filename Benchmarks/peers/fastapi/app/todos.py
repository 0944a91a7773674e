"""Todos in SQLite, their list cached in Redis."""

from typing import Annotated, Literal

import aiosqlite
from pydantic import BaseModel, Field, StrictBool, StrictStr, TypeAdapter
from redis.asyncio import Redis

from .settings import settings


class TodoInput(BaseModel):
    title: Annotated[StrictStr, Field(min_length=1, max_length=200)]
    completed: StrictBool = False


class Todo(TodoInput):
    id: int


class TodoList(BaseModel):
    source: Literal["cache", "db"]
    todos: list[Todo]


TODOS = TypeAdapter(list[Todo])


class Todos:
    def __init__(self, database: aiosqlite.Connection, redis: Redis):
        self.database = database
        self.redis = redis

    async def create(self, user: str, todo: TodoInput) -> Todo:
        row = await self.database.execute_insert(
            "INSERT INTO todos (user, title, completed) VALUES (?, ?, ?)", (user, todo.title, todo.completed))
        await self.database.commit()
        await self.redis.delete(f"todos:{user}")
        return Todo(id=row[0], **todo.model_dump())

    async def get(self, user: str, id: int) -> Todo | None:
        query = "SELECT id, title, completed FROM todos WHERE user = ? AND id = ?"
        rows = list(await self.database.execute_fetchall(query, (user, id)))
        return Todo(id=rows[0][0], title=rows[0][1], completed=bool(rows[0][2])) if rows else None

    async def list(self, user: str) -> TodoList:
        key = f"todos:{user}"
        if cached := await self.redis.get(key):
            return TodoList(source="cache", todos=TODOS.validate_json(cached))
        query = "SELECT id, title, completed FROM todos WHERE user = ? ORDER BY id"
        rows = await self.database.execute_fetchall(query, (user,))
        todos = [Todo(id=row[0], title=row[1], completed=bool(row[2])) for row in rows]
        await self.redis.set(key, TODOS.dump_json(todos), ex=settings.cache_ttl)
        return TodoList(source="db", todos=todos)
