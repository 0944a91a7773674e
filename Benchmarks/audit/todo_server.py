#!/usr/bin/env python3
"""Does todo-server keep its promises under load? Audits its rate limit and the freshness of its lists.

    swift build -c release --product todo-server
    swift build -c release --product gauntlet
    Benchmarks/audit/todo_server.py [--gauntlet PATH] [--server PATH] [--seconds 25] [--only BACKING]

Audits one instance with its own memory, one on Redis, and two on one Redis behind nginx, which gives them requests in
turn. Each is audited by Scenarios/load/limiter-audit.json, by the same scenario without its pause (64 users at 16
addresses, as fast as they can), and by Scenarios/load/freshness-audit.json. Prints the verdicts. Exits with 1 if one is
neither proved nor consistent. Needs Debian's nginx and redis-server."""
import argparse, contextlib, json, os, pathlib, subprocess, sys, tempfile

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / "server"))
import served

scenarios = here.parents[1] / "Scenarios/load"
backings = ["own memory", "one Redis", "two instances on one Redis"]


@contextlib.contextmanager
def nginx(folder, ports):
    port = served.free_port()
    servers = " ".join(f"server 127.0.0.1:{each};" for each in ports)
    (folder / "nginx.conf").write_text(f"""
        worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 20000; multi_accept on; }}
        http {{
            access_log off; keepalive_requests 1000000000; keepalive_timeout 3600;
            client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
            uwsgi_temp_path {folder}; scgi_temp_path {folder};
            upstream todos {{ {servers} keepalive 512; keepalive_requests 1000000000; }}
            server {{
                listen 127.0.0.1:{port} backlog=4096;
                location / {{
                    proxy_pass http://todos; proxy_http_version 1.1; proxy_set_header Connection "";
                    proxy_set_header X-Forwarded-For $remote_addr;
                }}
            }}
        }}""")
    with served.running(["nginx", "-c", folder / "nginx.conf", "-p", folder], port):
        yield port


@contextlib.contextmanager
def backing(name, program, folder, limit):
    """Yields the port of a server: one instance with its own memory, one on Redis, or two behind nginx."""
    options = ["--rate-limit", limit, "--trusted-proxy", "127.0.0.1"]
    with contextlib.ExitStack() as stack:
        if name != "own memory":
            redis = served.free_port()
            stack.enter_context(served.redis(redis))
            options += ["--redis", f"redis://127.0.0.1:{redis}"]
        ports = [served.free_port() for _ in range(2 if name.startswith("two") else 1)]
        for port in ports:
            # All instances share one database.
            options_of = [*options, "--database", f"{folder}/todos.sqlite"]
            stack.enter_context(served.todo_server(port, folder, *options_of, program=program))
        yield stack.enter_context(nginx(folder, ports)) if len(ports) > 1 else ports[0]


def audit(gauntlet, port, scenario, folder, *options):
    """Returns the report of a load."""
    report = folder / "report.json"
    command = [gauntlet, "load", scenario, "--base-url", f"http://127.0.0.1:{port}", "--report", f"json={report}", *options]
    status = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if not report.exists():
        sys.exit(f"gauntlet load exited with {status.returncode}: {status.stderr}")
    return json.loads(report.read_text())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=served.ROOT / ".build/release/gauntlet")
    parser.add_argument("--server", default=served.TODO_SERVER)
    parser.add_argument("--seconds", type=int, default=25)
    parser.add_argument("--only", action="append", choices=backings)
    options = parser.parse_args()
    # The server refuses the documented password behind a proxy.
    os.environ["TODO_ADMIN_PASSWORD"] = os.environ["TODO_PASSWORD"] = "correct horse battery"
    # Both instances accept the same tokens.
    os.environ["TODO_TOKEN_SECRET"] = os.urandom(32).hex()
    kept = True
    with tempfile.TemporaryDirectory() as path:
        path = pathlib.Path(path)
        path.chmod(0o755)
        text = (scenarios / "limiter-audit.json").read_text()
        full = path / "limiter-audit-full.json"
        full.write_text(text[:text.index("    // With two users per address")].rstrip().rstrip(",") + "\n" + text[text.index("  ],\n  \"load\""):])
        for name in options.only or backings:
            for what, scenario, limit, more in [
                ("limit", scenarios / "limiter-audit.json", "5/10s", []),
                ("limit, full load", full, "5/10s", ["--virtual-users", "64", "--addresses", "16"]),
                ("freshness", scenarios / "freshness-audit.json", "off", []),
            ]:
                folder = path / f"{name} {what}".replace(" ", "-").replace(",", "")
                folder.mkdir()
                with backing(name, options.server, folder, limit) as port:
                    report = audit(options.gauntlet, port, scenario, folder, "--duration", f"{options.seconds}s", *more)
                print(f"\n{name}, {what}: {report['responses']:,} responses, {report['rate']:,.0f}/s", flush=True)
                if report["failedResponses"] or report["errors"]:
                    sys.exit(f"{report['failedResponses']} responses failed, {report['errors']} errors")
                for each in report["audits"]:
                    kept = kept and each["verdict"] in ("proved", "consistent")
                    print(f"  {each['verdict']:11}{each['audit']}: {each['sentence']} {each.get('resolution', '')}")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
