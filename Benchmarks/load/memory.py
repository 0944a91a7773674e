#!/usr/bin/env python3
"""Memory of gauntlet load: at 10,000 connections, over the length of a run, and allocations per request.

    swift build -c release --product gauntlet
    Benchmarks/load/memory.py [--seconds 10 60]

Runs against nginx on loopback. A preloaded library (mallocs.c) counts allocations. The difference between a run of
100,000 requests and one of 1,100,000 is the cost of the requests alone."""
import argparse, os, pathlib, re, subprocess, sys, tempfile

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
sys.path.insert(0, str(here))
from compare import Nginx, answer  # noqa: E402


def resident(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed")
    return usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=root / ".build/release/gauntlet")
    parser.add_argument("--seconds", type=int, nargs="+", default=[10, 60])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        counter = folder / "mallocs.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", counter, here / "mallocs.c"], check=True)
        nginx = Nginx(folder, answer)
        load = [options.gauntlet, "load", here / "static.json", "--base-url", f"http://127.0.0.1:{nginx.port}", "--threads", "1"]
        try:
            for seconds in options.seconds:
                used = resident(load + ["--virtual-users", "10000", "--duration", f"{seconds}s"])
                print(f"10,000 connections for {seconds} s: {used:.1f} MiB resident", flush=True)
            counts = []
            for requests in (100_000, 1_100_000):
                run = subprocess.run(
                    load + ["--virtual-users", "32", "--duration", "600s", "--max-requests", str(requests)],
                    env=os.environ | {"LD_PRELOAD": str(counter)}, capture_output=True, text=True, check=True)
                counts.append(int(re.search(r"(\d+) allocations", run.stderr).group(1)))
            print(f"allocations: {counts[0]:,} in a run of 100,000 requests, {counts[1]:,} in one of 1,100,000: "
                  f"{(counts[1] - counts[0]) / 1_000_000:.6f} per request")
        finally:
            nginx.stop()


main()
