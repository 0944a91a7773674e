#!/usr/bin/env python3
"""CPU time per request: gauntlet load compared with wrk and a bare C loop, against a static response from nginx.

    swift build -c release --product gauntlet
    Benchmarks/load/compare.py [--gauntlet PATH] [--earlier PATH] [--rounds 7] [--seconds 3] [--connections 32 256]
        [--changing] [--all]

Runs alternate, so that other load on the machine affects all alike. Prints medians. CPU time is that of the whole process,
from wait4(). With --changing every body is different, so that every response is checked in full. nginx (one worker, from
Debian's package) runs on a free loopback port with its own configuration in a temporary directory, and is stopped at the
end.

All clients keep nginx's worker busy all the time. So the rate is what nginx can do, and the CPU time is what a client
spends next to it. When a client sleeps between responses, nginx has to wake it, on nginx's time: the floor and `gauntlet
load` get fewer responses for that reason. "batching" is `gauntlet load --batch-wake-ups`, which rests between reads
instead; "spinning" is `gauntlet load --spin`, which never sleeps. "earlier" is the program that --earlier names: an older
build, to see what a change costs.
"""
import argparse, json, os, pathlib, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
todos = [{"id": number, "title": f"milk and bread {number:02}", "completed": False} for number in range(4, 12)]
answer = json.dumps({"source": "cache", "todos": todos}, separators=(",", ":"))
# $request_id is 32 hexadecimal digits that differ for each request.
changing = answer.replace('"title":"milk and bread 04"', '"title":"$request_id"').replace(" and bread 05", "")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Nginx:
    def __init__(self, folder, body, locations=""):
        self.port = free_port()
        (folder / "index.json").write_text(body)
        configuration = folder / "nginx.conf"
        configuration.write_text(f"""
            worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 20000; multi_accept on; }}
            http {{
                access_log off; keepalive_requests 1000000000; keepalive_timeout 3600;
                client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
                uwsgi_temp_path {folder}; scgi_temp_path {folder}; open_file_cache max=10;
                server {{
                    listen 127.0.0.1:{self.port} backlog=4096; root {folder}; index index.json;
                    types {{ application/json json; }}
                    location /changing {{ default_type application/json; return 200 '{changing}'; }}
                    {locations}
                }}
            }}""")
        self.process = subprocess.Popen(["nginx", "-c", configuration, "-p", folder], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        sys.exit("nginx does not respond")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def measured(command, accepted=(0,)):
    """Runs a command; returns its output, CPU seconds and elapsed seconds. Any other exit code ends the benchmark."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if os.waitstatus_to_exitcode(status) not in accepted:
        sys.exit(f"{command[0]} failed: {output[:300]}")
    return output, usage.ru_utime + usage.ru_stime, time.monotonic() - start


def floor(options, port, connections):
    return measured([options.floor, str(port), str(connections), str(options.seconds), options.path]), r"(\d+) exchanges", None


def wrk(options, port, connections):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{options.seconds}s", f"http://127.0.0.1:{port}{options.path}"]
    return measured(command), r"(\d+) requests in", r"Requests/sec:\s+([\d.]+)"


def hey(options, port, connections):
    command = ["hey", "-cpus", "1", "-c", str(connections), "-z", f"{options.seconds}s", f"http://127.0.0.1:{port}{options.path}"]
    return measured(command), r"\[200\]\s+(\d+) responses", r"Requests/sec:\s+([\d.]+)"


def ab(options, port, connections):
    command = ["ab", "-q", "-k", "-c", str(connections), "-t", str(options.seconds), "-n", "10000000", f"http://127.0.0.1:{port}{options.path}"]
    return measured(command), r"Complete requests:\s+(\d+)", r"Requests per second:\s+([\d.]+)"


def h2load(options, port, connections):
    command = ["h2load", "--h1", "-t1", f"-c{connections}", f"-D{options.seconds}", f"http://127.0.0.1:{port}{options.path}"]
    return measured(command), r"requests: \d+ total, \d+ started, (\d+) done", r"finished in [^,]+, ([\d.]+) req/s"


def gauntlet(options, port, connections, *more):
    command = [
        options.gauntlet, "load", here / options.scenario, "--base-url", f"http://127.0.0.1:{port}", "--threads", "1",
        "--virtual-users", str(connections), "--duration", f"{options.seconds}s", *more]
    return measured(command), r"(?m)^responses +([\d,]+)", None


def earlier(options, port, connections):
    """An older build of gauntlet."""
    return gauntlet(argparse.Namespace(**vars(options) | {"gauntlet": options.earlier}), port, connections)


def batching(options, port, connections):
    """Gauntlet that rests between reads, so that the server wakes it less often."""
    return gauntlet(options, port, connections, "--batch-wake-ups")


def spinning(options, port, connections):
    """gauntlet load that never sleeps, much like wrk: the server need not wake it."""
    return gauntlet(options, port, connections, "--spin", "1ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=root / ".build/release/gauntlet")
    parser.add_argument("--earlier", help="an older build, measured in the same run")
    parser.add_argument("--changing", action="store_true")
    parser.add_argument("--all", action="store_true", help="also run hey, ab and h2load, if they are installed")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=[32, 256])
    options = parser.parse_args()
    options.path = "/changing" if options.changing else "/"
    options.scenario = "changing.json" if options.changing else "static.json"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        options.floor = str(folder / "floor")
        subprocess.run(["cc", "-O2", "-o", options.floor, root / "Benchmarks/floor/floor.c"], check=True)
        nginx = Nginx(folder, answer)
        try:
            for connections in options.connections:
                compare(options, nginx.port, connections)
        finally:
            nginx.stop()


def compare(options, port, connections):
    others = [tool for tool in (hey, ab, h2load) if shutil.which(tool.__name__)] if options.all else []
    older = [earlier] if options.earlier else []
    results = {tool: [] for tool in (floor, gauntlet, *older, batching, spinning, wrk, *others)}
    for _ in range(options.rounds):
        for tool, runs in results.items():
            (output, cpu, _), counted, rated = tool(options, port, connections)
            count = int(re.search(counted, output).group(1).replace(",", ""))
            # wrk, hey, ab and h2load run slightly longer than requested.
            rate = float(re.search(rated, output).group(1)) if rated else count / options.seconds
            runs.append((cpu * 1e6 / count, rate))
    medians = {tool: [statistics.median(column) for column in zip(*runs)] for tool, runs in results.items()}
    kind = "changing" if options.changing else "the same"
    print(f"{connections} connections, {len(answer)} bytes, {kind}, {options.rounds} runs of {options.seconds} s each")
    for tool, (cpu, rate) in medians.items():
        spread = " ".join(f"{run[0]:.2f}" for run in results[tool])
        print(f"  {tool.__name__:9} {cpu:6.2f} us per request  {rate:9,.0f}/s   ({spread})")
    ours = medians[gauntlet]
    print(f"  CPU: {ours[0] / medians[wrk][0]:.2f} times wrk's, {ours[0] / medians[floor][0]:.2f} times the floor's; "
          f"rate: {ours[1] / medians[wrk][1]:.2f} times wrk's, batching {medians[batching][1] / medians[wrk][1]:.2f}, "
          f"spinning {medians[spinning][1] / medians[wrk][1]:.2f}", flush=True)


if __name__ == "__main__":
    main()
