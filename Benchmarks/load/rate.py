#!/usr/bin/env python3
"""Does gauntlet load keep to the requested rate? The rate achieved, and the generator's own lag, in the open model.

    swift build -c release --product gauntlet
    Benchmarks/load/rate.py [--rate 5000] [--seconds 20] [--rounds 7] [--spin 100us]

Runs against nginx on loopback, which responds in far less than the time between two arrivals. A bare loop (wakeups.c) that
only sleeps until the next arrival runs in alternation: its lateness is the best that the machine allows."""
import argparse, json, pathlib, statistics, subprocess, sys, tempfile

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
sys.path.insert(0, str(here))
from compare import Nginx, answer  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=root / ".build/release/gauntlet")
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--spin")
    options = parser.parse_args()
    rows, floors = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        subprocess.run(["cc", "-O2", "-o", folder / "wakeups", here / "wakeups.c"], check=True)
        nginx = Nginx(folder, answer)
        try:
            for _ in range(options.rounds):
                command = [
                    options.gauntlet, "load", here / "static.json", "--base-url", f"http://127.0.0.1:{nginx.port}", "--threads", "1",
                    "--rate", f"{options.rate}/s", "--duration", f"{options.seconds}s", "--report", "json=-"]
                command += ["--spin", options.spin] if options.spin else []
                result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
                lag = result["lag"]["generator"]["percentilesMs"]
                rows.append((result["responses"] / options.seconds, lag["p50"] * 1e3, lag["p99"] * 1e3, lag["p99.9"] * 1e3))
                print("  achieved {:.1f}/s, lag p50 {:.1f} us, p99 {:.1f} us, p99.9 {:.1f} us".format(*rows[-1]), flush=True)
                floor = subprocess.check_output([folder / "wakeups", str(options.rate), str(options.seconds)], text=True)
                floors.append([float(lateness) for lateness in floor.split()])
                print("  a bare loop:        late p50 {:.1f} us, p99 {:.1f} us, p99.9 {:.1f} us".format(*floors[-1]), flush=True)
        finally:
            nginx.stop()
    rate, *lags = [statistics.median(column) for column in zip(*rows)]
    print(f"{options.rate}/s for {options.seconds} s, medians of {options.rounds}: achieved {rate:.1f}/s "
          f"({(rate / options.rate - 1) * 100:+.3f}%), lag p50 {lags[0]:.1f}, p99 {lags[1]:.1f}, p99.9 {lags[2]:.1f} us; "
          "a bare loop: p50 {:.1f}, p99 {:.1f}, p99.9 {:.1f} us".format(*map(statistics.median, zip(*floors))))


main()
