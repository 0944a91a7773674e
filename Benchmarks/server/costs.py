#!/usr/bin/env python3
"""The costs that `gauntlet load --observe` estimates from one mixed load, compared with loads of a single class.

    make build
    Benchmarks/server/costs.py [--rounds 5] [--seconds 40] [--single 5] [--program .build/release/todo-server] [--gauntlet …]

The mixed load on Redis has hits, misses, denied reads and creates. Their shares change from second to second: the number
of accounts that are read depends on the time, and creates and reads alternate for seconds. Each single-class load has its
CPU time from /proc, divided by its responses. The two alternate; medians are compared. Needs redis-server. The database is in memory (/dev/shm)."""
import argparse, base64, contextlib, hashlib, hmac, json, pathlib, sqlite3, statistics, subprocess, sys, tempfile, time
import served

ACCOUNTS = 12_000
USERS = 16
SECRET = "0123456789abcdef0123456789abcdef"


def token(user):
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    now = int(time.time())
    claims = {"sub": user, "iat": now, "exp": now + 1800}
    message = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    return (message + b"." + part(hmac.new(SECRET.encode(), message, hashlib.sha256).digest())).decode()


def multiply_accounts(path):
    """Copies the registered account until there are enough; registering each would take minutes."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executemany(
            "INSERT INTO users (name, password_hash) SELECT ?, password_hash FROM users WHERE name = 'writer'",
            ((f"reader{number}",) for number in range(1, ACCOUNTS + 1)))
        database.commit()


def scenario(steps, tokens, sizes, repeats):
    every = {
        "create": {
            "id": "create", "repeat": repeats[0],
            "request": {"method": "POST", "url": "/todos", "bearer": tokens[0], "json": {"title": "a todo"}},
            "expect": {"status": {"in": [201, 429]}}},
        # As many accounts as the list of sizes says for this second.
        "read": {
            "id": "read", "repeat": repeats[1],
            "request": {"url": "/todos", "bearer": "{{pick(tokens, randomInt(1, pick(sizes, now())))}}"},
            "expect": {"status": {"in": [200, 429]}}},
        # Each user has accounts of its own, and comes back to one when its list has expired.
        "fresh": {
            "id": "read", "request": {"url": "/todos", "bearer": "{{pick(mine, counter())}}"},
            "expect": {"status": {"in": [200, 429]}}},
    }
    return {
        "name": "costs", "variables": {"tokens": tokens[1:], "sizes": sizes}, "client": {"address": "own"},
        "data": {"order": "sequential", "rows": [{"mine": tokens[1 + user::USERS]} for user in range(USERS)]},
        "steps": [every[step] for step in steps],
        "load": {
            "virtualUsers": USERS,
            "classes": {
                "hit": {"json": {"$.source": "cache"}}, "miss": {"json": {"$.source": "db"}},
                "limited": {"status": 429}}}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=40, help="seconds of each mixed load")
    parser.add_argument("--single", type=int, default=5, help="seconds of each single-class load")
    parser.add_argument("--program", default=served.TODO_SERVER)
    parser.add_argument("--gauntlet", default=served.ROOT / ".build/release/gauntlet")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder, contextlib.ExitStack() as stack:
        redis_port, port = served.free_port(), served.free_port()
        stack.enter_context(served.redis(redis_port))
        redis = f"redis://127.0.0.1:{redis_port}"

        def server(limit="1000000000/4s", lifetime=1):
            return served.todo_server(
                port, folder, "--redis", redis, "--redis-timeout", "5000", "--rate-limit", limit, "--cache-ttl", lifetime,
                "--max-todos-per-user", "off", "--token-secret", SECRET, program=options.program)

        with server():
            served.call(
                f"http://127.0.0.1:{port}/register",
                json.dumps({"username": "writer", "password": "a password"}).encode(),
                {"Content-Type": "application/json"})
        multiply_accounts(f"{folder}/todos-{port}.sqlite")
        tokens = [token("writer")] + [token(f"reader{number}") for number in range(1, ACCOUNTS + 1)]

        def load(process, seconds, steps, sizes, repeats=(100, 100), quiet=True, limit=()):
            """Runs a load; returns its report and the server's CPU time for it, in µs."""
            path = pathlib.Path(folder, "load.json")
            path.write_text(json.dumps(scenario(steps, tokens, sizes, repeats)))
            before = served.cpu(process)
            status = subprocess.run(
                [options.gauntlet, "load", "--base-url", f"http://127.0.0.1:{port}", "--duration", f"{seconds}s",
                 "--observe", f"pid:{process.pid}", "--observe", redis, *limit, path,
                 "--report", f"json={folder}/report.json"],
                stdout=subprocess.DEVNULL if quiet else None, stderr=subprocess.DEVNULL).returncode
            spent = (served.cpu(process) - before) * 1e6
            if status not in (0, 3):
                sys.exit(f"gauntlet load exited with {status}")
            return json.loads(pathlib.Path(folder, "report.json").read_text()), spent

        def warm(process):
            """Reads each list once, so that every token has been verified."""
            load(process, 60, ["fresh"], [1], limit=("--max-requests", str(ACCOUNTS)))

        # A user creates for about 2 s and reads for about 5 s, and after 3 of each 6 s its reads are denied.
        sizes = [1, 4000, 200, 12000, 1, 1000, 12000, 50]
        with server() as process:
            creates, reads = (load(process, 4, [step], sizes)[0]["responses"] / 4 / USERS for step in ("create", "read"))
        repeats = (max(1, int(2 * creates)), max(1, int(5 * reads)))
        singles = [
            ("read hit", {"lifetime": 60}, ["read"], [1]), ("read miss", {}, ["fresh"], [1]),
            ("read limited", {"limit": "1/3600s"}, ["read"], [1]), ("create", {}, ["create"], [1])]

        def mixed(quiet):
            """The costs that one mixed load estimates: by name, CPU µs with bounds, and Redis commands."""
            with server(limit=f"{max(1, int(3 * reads))}/6s") as process:
                warm(process)
                report, _ = load(process, options.seconds, ["create", "read"], sizes, repeats, quiet)
            observation = report["observation"]
            if not quiet:
                for thread in observation["sources"]:
                    share = thread["observerCPUMs"] / 1e3 / options.seconds
                    print(f"observing {thread['name']}: {share:.3%} of a core")
            costs = {cost["metric"]: cost["kinds"] for cost in observation["costs"]}
            names = [" ".join([kind["step"], *kind["classes"]]) for kind in observation["kinds"]]
            return {
                name: ([cpu[key] * 1000 for key in ("value", "lower", "upper")], commands["value"])
                for name, cpu, commands in zip(names, costs["cpuMs"], costs["redisCommands"])
                if "value" in cpu and "value" in commands}

        def single(configuration, steps, sizes):
            """The server's CPU µs and Redis commands per response of a load with one kind of response."""
            with server(**configuration) as process:
                if steps == ["fresh"]:
                    warm(process)
                report, spent = load(process, options.single, steps, sizes)
            commands = next(c for c in report["observation"]["costs"] if c["metric"] == "redisCommands")["average"]
            return spent / report["responses"], commands

        # The machine's speed changes within minutes, so the loads alternate, and medians are compared.
        estimates, measured = [], {name: [] for name, *_ in singles}
        for turn in range(options.rounds):
            estimates.append(mixed(quiet=turn > 0))
            for name, *rest in singles:
                measured[name].append(single(*rest))
        median = statistics.median
        print(f"\nmedians of {options.rounds} rounds\n{'':14}{'mixed load':>34}{'single-class load':>30}{'difference':>12}")
        for name, values in measured.items():
            found = [estimate[name] for estimate in estimates if name in estimate]
            if len(found) < options.rounds:
                print(f"{name:14}{f'estimated in {len(found)} of {options.rounds} rounds':>34}")
                continue
            value, lower, upper = (median(cpu[place] for cpu, _ in found) for place in range(3))
            alone = [cpu for cpu, _ in values]
            print(
                f"{name:14}{f'{value:.1f} µs ({lower:.1f} to {upper:.1f})':>34}"
                f"{f'{median(alone):.1f} µs ({min(alone):.1f} to {max(alone):.1f})':>30}{value / median(alone) - 1:+12.1%}"
                f"   Redis commands {median(c for _, c in found):.2f}, alone {median(c for _, c in values):.2f}")


if __name__ == "__main__":
    main()
