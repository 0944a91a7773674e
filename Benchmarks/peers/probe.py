#!/usr/bin/env python3
"""What `gauntlet probe` says of real rate limiters and caches, next to their configuration:

    make build
    Benchmarks/peers/probe.py [--gauntlet PATH] [--program TODO-SERVER] [--kind limiters|caches] [--only WORD]
        [--pinned]

Starts each server on a free loopback port, probes it, and stops it. Prints a table in Markdown with the requests and
seconds that each probe took. With --pinned, every scenario that a probe wrote is run against the same server, where it
must pass. Needs Debian's nginx and redis-server; other packages are installed from PyPI."""
import argparse, contextlib, json, os, pathlib, signal, subprocess, sys, tempfile, time, urllib.request

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
sys.path.insert(0, str(here.parent / "server"))
import served


SECRET = ["--token-secret", "0123456789abcdef0123456789abcdef"]


def limiters(redis, todo_server):
    """Name, configuration, command with PORT, what to probe, further options, and a second instance's command."""
    window = "5 per 2 seconds"
    memory = "memory://"

    def peer(name, configuration, *command, status=()):
        return name, configuration, [str(here / command[0] / "run"), "PORT", *command[1:]], "/limited", list(status), None

    def todos(name, configuration, *options, also=None):
        # Both instances know the same users and accept the same tokens.
        command = [todo_server, "--port", "PORT", "--login-rate-limit", "off", "--database", "DATABASE", *SECRET]
        return name, configuration, command + list(options), None, [], None if also is None else command + also

    fixed = ["--rate-limit", "5/2s", "--rate-limit-policy", "fixed-window"]
    sliding = ["--rate-limit", "5/2s", "--rate-limit-policy", "sliding-window"]
    shared = ["--redis", redis]
    return [
        todos("todo-server", "fixed window opened by the first request, 5 per 2 s, by address; embedded", *fixed),
        todos("todo-server", "sliding window, 5 per 2 s, by user; embedded", *sliding, "--rate-limit-key", "user"),
        todos("todo-server", "fixed window, 5 per 2 s, by user; Redis", *fixed, *shared, "--rate-limit-key", "user"),
        todos("todo-server", "sliding window, 5 per 2 s, by address; Redis", *sliding, *shared),
        todos("todo-server × 2", "fixed window, 5 per 2 s, by address; both on Redis", *fixed, *shared, also=[*fixed, *shared]),
        todos("todo-server × 2", "fixed window, 5 per 2 s, by address; each embedded", *fixed, also=fixed),
        peer("nginx limit_req", "5 r/s", "nginx-limit-req", "5r/s"),
        peer("nginx limit_req", "5 r/s, burst 5 (a queue)", "nginx-limit-req", "5r/s", "5"),
        peer("nginx limit_req", "5 r/s, burst 5, nodelay", "nginx-limit-req", "5r/s", "5", "nodelay"),
        peer("Flask-Limiter", "fixed window, 5 per 2 s, by address; memory", "flask-limiter", "fixed-window", memory, window),
        peer("Flask-Limiter", "moving window, 5 per 2 s, by address; Redis, 2 workers", "flask-limiter", "moving-window", redis, window, "2"),
        peer("Flask-Limiter", "sliding counter, 5 per 2 s, by address; memory", "flask-limiter", "sliding-window-counter", memory, window),
        peer("slowapi", "fixed window, 5 per 2 s, by address; memory", "slowapi", "fixed-window", memory, window),
        peer("FastAPI tutorial", "GET, then INCR and EXPIRE: 5 per 2 s, by address; Redis", "fastapi-tutorial", redis, "5", "2"),
    ]


def caches(redis, todo_server):
    def peer(name, configuration, *command):
        return name, configuration, [str(here / command[0] / "run"), "PORT", *command[1:]]

    return [
        ("todo-server", "5 s, by user, removed by writes; embedded",
         [todo_server, "--port", "PORT", "--login-rate-limit", "off", "--rate-limit", "off", "--database", "DATABASE",
          "--cache-ttl", "5"]),
        ("todo-server", "5 s, by user, removed by writes; Redis",
         [todo_server, "--port", "PORT", "--login-rate-limit", "off", "--rate-limit", "off", "--database", "DATABASE",
          "--cache-ttl", "5", "--redis", redis]),
        peer("Flask-Caching", "5 s, kept on writes", "flask-caching", "5", "keep"),
        peer("Flask-Caching", "5 s, removed by writes", "flask-caching", "5", "delete"),
        peer("nginx proxy_cache", "5 s, without lock", "nginx-proxy-cache", "5"),
        peer("nginx proxy_cache", "5 s, with lock", "nginx-proxy-cache", "5", "lock"),
        peer("fastapi-cache2", "5 s, kept on writes", "fastapi-cache", "5"),
        peer("a cache with a refill race", "5 s, removed by writes, filled without a check", "racy-cache", "5"),
    ]


@contextlib.contextmanager
def running(command, folder, database):
    """Starts a server; yields its port once it responds."""
    port = served.free_port()
    values = {"PORT": str(port), "DATABASE": f"{folder}/{database}.sqlite"}
    words = [values.get(str(word), str(word)) for word in command]
    with open(f"{folder}/{port}.log", "w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(1200):
            if process.poll() is not None:
                sys.exit(f"{words[0]} ended: {pathlib.Path(folder, f'{port}.log').read_text()[-500:]}")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
                break
            time.sleep(0.1)
        # Other workers may still be starting.
        time.sleep(1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def probe(options, words, folder):
    report = pathlib.Path(folder, "probe.json")
    outcome = subprocess.run(
        [options.gauntlet, "probe", *words, "--report", f"json={report}"], capture_output=True, text=True)
    if outcome.returncode not in (0, 3, 4):
        sys.exit(f"gauntlet probe exited with {outcome.returncode}: {outcome.stderr}")
    return json.loads(report.read_text())


def row(options, name, configuration, report, pinned, base):
    cells = [name, configuration, report["summary"], str(report["requests"]), f"{report['durationMs'] / 1000:.0f} s"]
    if options.pinned:
        cells.append("not written")
        if pinned.exists():
            outcome = subprocess.run([options.gauntlet, "run", pinned, "--base-url", base], capture_output=True, text=True)
            cells[-1] = "passes" if outcome.returncode == 0 else f"exit code {outcome.returncode}"
            pinned.unlink()
    print("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gauntlet", default=root / ".build/release/gauntlet")
    parser.add_argument("--program", default=served.TODO_SERVER)
    parser.add_argument("--kind", choices=["limiters", "caches"])
    parser.add_argument("--only", help="probe only the servers whose name contains this")
    parser.add_argument("--pinned", action="store_true")
    options = parser.parse_args()
    wanted = lambda name: not options.only or options.only.lower() in name.lower()
    # A pinned scenario must be next to the scenario that was probed.
    pinned = here / f"pinned-{os.getpid()}.json"
    header = ["server", "configuration", "what the probe says", "requests", "time"] + (["pinned"] if options.pinned else [])
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        redis_port = served.free_port()
        stack.enter_context(served.redis(redis_port))
        stack.callback(lambda: pinned.unlink(missing_ok=True))
        redis = f"redis://127.0.0.1:{redis_port}"
        for title, servers in (("limiters", limiters), ("caches", caches)):
            if options.kind not in (None, title):
                continue
            print(f"\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
            for number, (name, configuration, command, *rest) in enumerate(servers(redis, options.program)):
                if not wanted(name):
                    continue
                with contextlib.ExitStack() as servers_of_row:
                    port = servers_of_row.enter_context(running(command, folder, f"{title}-{number}"))
                    base = f"http://127.0.0.1:{port}"
                    if title == "caches":
                        file = "todos.json" if "todo" in name else "cache.json"
                        words = ["cache", here / file, "--write", "write", "--read", "read", "--base-url", base, "--pin", pinned]
                    else:
                        path, more, second = rest
                        words = ["limit", *more, "--write", pinned]
                        words += [base + path] if path else [here / "todos.json", "--step", "read", "--base-url", base]
                        if second:
                            other = servers_of_row.enter_context(running(second, folder, f"{title}-{number}"))
                            words += ["--also", f"http://127.0.0.1:{other}"]
                    row(options, name, configuration, probe(options, words, folder), pinned, base)


if __name__ == "__main__":
    main()
