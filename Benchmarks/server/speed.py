#!/usr/bin/env python3
"""Cached reads of ten todos, with a rate limit that counts but is never reached: todo-server compared with alternatives.

    make build
    Benchmarks/server/speed.py [--rounds 5] [--seconds 3] [--earlier PATH] [--only NAME ...]

wrk runs with one thread and 32 connections. Each server has its default number of workers: todo-server and nginx one per
core, uvicorn one (--fastapi-workers changes that). FastAPI is measured twice: on plain uvicorn, with asyncio and h11, and
on uvicorn[standard], with uvloop and httptools. --earlier names an older build of todo-server, which is measured in the
same run. Runs alternate, so that other load on the machine affects all alike.
Prints medians. CPU time is that of the server with all its processes; that of Redis is listed separately. nginx + Lua
checks no token. Needs wrk, redis-server, nginx, libnginx-mod-http-lua, lua-nginx-redis, and PyPI for the FastAPI peer."""
import argparse, contextlib, json, os, re, statistics, subprocess, sys, tempfile
import served

PEERS = served.ROOT / "Benchmarks/peers"
HIGH = "1000000000"
TODOS = [{"title": f"milk and bread {number:02}", "completed": False} for number in range(10)]


def on_redis(options, port, redis_port, folder):
    return served.todo_server(
        port, folder, "--redis", f"redis://127.0.0.1:{redis_port}", "--rate-limit", HIGH + "/10s",
        program=options.program)


def embedded(options, port, redis_port, folder):
    return served.todo_server(port, folder, "--rate-limit", HIGH + "/10s", program=options.program)


def earlier_on_redis(options, *more):
    return on_redis(argparse.Namespace(program=options.earlier), *more)


def earlier_embedded(options, *more):
    return embedded(argparse.Namespace(program=options.earlier), *more)


def nginx_lua(options, port, redis_port, folder):
    return served.running([PEERS / "nginx-lua/run", port, redis_port, "auto", HIGH], port)


def plain_fastapi(options, port, redis_port, folder):
    return fastapi(options, port, redis_port, folder, "--loop", "asyncio", "--http", "h11")


def fastapi(options, port, redis_port, folder, *more):
    settings = {"TODO_REDIS": f"redis://127.0.0.1:{redis_port}", "TODO_DATABASE": f"{folder}/fastapi-{port}.sqlite",
                "TODO_RATE_LIMIT": HIGH, "TODO_BCRYPT_COST": "4"}
    return served.running([PEERS / "fastapi/run", port, options.fastapi_workers, *more], port, settings)


SERVERS = {"todo-server, Redis": on_redis, "todo-server, embedded": embedded, "nginx + Lua, Redis": nginx_lua,
           "earlier, Redis": earlier_on_redis, "earlier, embedded": earlier_embedded,
           "FastAPI, uvicorn": plain_fastapi, "FastAPI, uvicorn[standard]": fastapi}


def prepare(name, url, redis_port):
    """Creates ten todos and warms the cache; returns the headers that a read needs."""
    if name == "nginx + Lua, Redis":
        todos = json.dumps([{"id": number} | todo for number, todo in enumerate(TODOS, 1)], separators=(",", ":"))
        subprocess.run(["redis-cli", "-p", str(redis_port), "SET", "todos:everybody", todos], check=True,
                       stdout=subprocess.DEVNULL)
        return {}
    headers = served.login(url)
    for todo in TODOS:
        served.call(url + "/todos", json.dumps(todo).encode(), headers | {"Content-Type": "application/json"})
    served.call(url + "/todos", headers=headers)
    return headers


def check(url, headers):
    """Checks that the list is cached. It may have expired while other servers were measured: the first read refills it."""
    served.call(url + "/todos", headers=headers)
    answer = served.call(url + "/todos", headers=headers)
    if (answer["source"], len(answer["todos"])) != ("cache", len(TODOS)):
        sys.exit(f"{url}/todos is not the cached list of {len(TODOS)} todos: {answer}")


def wrk(url, headers, seconds):
    """Runs wrk; returns the number of requests, and requests per second."""
    fields = [option for name, value in headers.items() for option in ("-H", f"{name}: {value}")]
    output = subprocess.check_output(["wrk", "-t1", "-c32", f"-d{seconds}s", *fields, url + "/todos"], text=True)
    if "Non-2xx" in output:
        sys.exit(f"{url} failed requests:\n{output}")
    return int(re.search(r"(\d+) requests in", output).group(1)), float(
        re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--fastapi-workers", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=SERVERS)
    parser.add_argument("--program", default=served.TODO_SERVER, help="another build of todo-server")
    parser.add_argument("--earlier", help="an older build of todo-server, measured in the same run")
    options = parser.parse_args()
    options.only = options.only or [name for name in SERVERS if options.earlier or not name.startswith("earlier")]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        redis_port = served.free_port()
        redis = stack.enter_context(served.redis(redis_port))
        contenders = []
        for name in options.only:
            port = served.free_port()
            process = stack.enter_context(SERVERS[name](options, port, redis_port, folder))
            url = f"http://127.0.0.1:{port}"
            contenders.append((name, process, url, prepare(name, url, redis_port)))
        report(options, measure(options, redis, contenders))


def measure(options, redis, contenders):
    """For each server, one row per run: requests per second, µs of its CPU per request, µs of Redis' CPU per request."""
    results = {name: [] for name in options.only}
    for _ in range(options.rounds):
        for name, process, url, headers in contenders:
            check(url, headers)
            before, redis_before = served.cpu(process), served.cpu(redis)
            requests, rate = wrk(url, headers, options.seconds)
            results[name].append((rate, (served.cpu(process) - before) / requests * 1e6,
                                  (served.cpu(redis) - redis_before) / requests * 1e6))
    return results


def report(options, results):
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
    print(f"wrk -t1 -c32, ten todos, {os.cpu_count()} cores, medians of {options.rounds} runs of "
          f"{options.seconds} s\n")
    print(f"{'':26} requests/s   CPU µs   Redis' µs   rates of the runs")
    for name, (rate, cost, redis_cost) in medians.items():
        rates = " ".join(f"{row[0]:,.0f}" for row in results[name])
        print(f"{name:26} {rate:10,.0f} {cost:8.1f} {redis_cost:11.1f}   {rates}")
    ours = medians.get("todo-server, Redis")
    for name in list(SERVERS)[2:]:
        if ours and name in medians and "embedded" not in name:
            print(f"todo-server on Redis: {ours[0] / medians[name][0]:.2f} times the rate of {name}, "
                  f"{medians[name][1] / ours[1]:.2f} times as many requests per second of CPU")


main()
