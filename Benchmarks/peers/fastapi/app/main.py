"""The core of the todo contract, as FastAPI applications are usually written."""

from contextlib import asynccontextmanager
from typing import Annotated

import aiosqlite
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import ValidationError
from redis.asyncio import Redis
from starlette.routing import Match

from .auth import authenticate, sign
from .limiter import ADMIT, limited_user, login_limit
from .settings import settings
from .todos import Todo, TodoInput, TodoList, Todos


@asynccontextmanager
async def lifespan(app: FastAPI):
    redis = Redis.from_url(settings.redis, decode_responses=True)
    async with aiosqlite.connect(settings.database) as database, redis:
        app.state.admit = redis.register_script(ADMIT)
        app.state.todos = Todos(database, redis)
        yield


async def todo_input(request: Request, user: Annotated[str, Depends(limited_user)]) -> TodoInput:
    """The body, read after the token and the limit have been checked. FastAPI itself would read it first."""
    try:
        return TodoInput.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        issues = error.errors(include_url=False, include_context=False)
        raise RequestValidationError([issue | {"loc": ("body", *issue["loc"])} for issue in issues]) from None


def todos(request: Request) -> Todos:
    return request.app.state.todos


app = FastAPI(title="Todos", lifespan=lifespan)
User = Annotated[str, Depends(limited_user)]
Store = Annotated[Todos, Depends(todos)]
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": TodoInput.model_json_schema()}}}}


@app.exception_handler(405)
async def method_not_allowed(request: Request, error: HTTPException):
    """Starlette lists only the methods of the path's first route; this lists those of all its routes."""
    found = [route for route in app.routes if route.matches(request.scope)[0] != Match.NONE]
    methods = sorted({method for route in found for method in route.methods})
    return JSONResponse({"detail": error.detail}, 405, {"Allow": ", ".join(methods)})


@app.post("/login", dependencies=[Depends(login_limit)])
async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    user = await authenticate(form.username, form.password)
    return {"access_token": sign(user), "token_type": "bearer", "expires_in": settings.token_lifetime}


@app.post("/todos", status_code=201, openapi_extra=BODY)
async def create(todo: Annotated[TodoInput, Depends(todo_input)], user: User, store: Store, response: Response) -> Todo:
    created = await store.create(user, todo)
    response.headers["Location"] = f"/todos/{created.id}"
    return created


@app.get("/todos")
async def list_todos(user: User, store: Store) -> TodoList:
    return await store.list(user)


@app.get("/todos/{id}")
async def show(id: int, user: User, store: Store) -> Todo:
    if todo := await store.get(user, id):
        return todo
    raise HTTPException(404, "Todo not found")
