#!/usr/bin/env python3
"""Does wake-up batching worsen any class's percentiles? Fast hits mixed with slow misses, with and without it.

    swift build -c release --product gauntlet
    Benchmarks/load/batching.py [--gauntlet PATH ...] [--rounds 5] [--seconds 3] [--users 32 128] [--hits 95]

The server (delays.c) responds to hits immediately and to misses after 2 to 21 ms. For each class, it records the time from
the kernel's receipt of a request to the response: no client can observe less. Runs with and without batching alternate.
Prints medians of the service time in microseconds."""
import argparse, array, json, pathlib, signal, socket, statistics, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
sys.path.insert(0, str(here))
from truth import free_port, percentile  # noqa: E402

percentiles = [50, 90, 99, 99.9]


def times(path):
    values = array.array("Q")
    values.frombytes(path.read_bytes())
    return sorted(values)


def run(options, gauntlet, folder, users, more):
    port, file = free_port(), folder / "times"
    server = subprocess.Popen([folder / "delays", str(port), file, "0", str(options.hits)])
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        if server.poll() is not None:
            sys.exit("the server does not start")
        time.sleep(0.01)
    command = [
        gauntlet, "load", here / "mixed.json", "--base-url", f"http://127.0.0.1:{port}", "--threads", "1",
        "--virtual-users", str(users), "--duration", f"{options.seconds}s", "--report", "json=-", *more]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    server.send_signal(signal.SIGTERM)
    server.wait(10)
    classes = result["steps"][0]["classes"]
    row = {"rate": result["responses"] / options.seconds}
    row["batched"] = sum(thread["wakeUpBatchingMs"] for thread in result["generator"]["threads"]) / result["measuredMs"]
    for name, path in (("hit", file.with_suffix(".hits")), ("miss", file)):
        found = classes[name]["serviceTime"]["percentilesMs"]
        truth = times(path)
        for percent in percentiles:
            row[name, percent] = found.get(f"p{percent:g}", float("nan")) * 1e3
            row[name, percent, "truth"] = percentile(truth, percent) * 1e3
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", nargs="+", default=[root / ".build/release/gauntlet"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--users", type=int, nargs="+", default=[32, 128])
    parser.add_argument("--hits", type=float, default=95)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["cc", "-O2", "-o", folder / "delays", here / "delays.c"], check=True)
        for users in options.users:
            modes = [(gauntlet, title, more) for gauntlet in options.gauntlet
                     for title, more in (("batching", ["--batch-wake-ups"]), ("prompt", []))]
            rows = {mode[:2]: [] for mode in modes}
            for _ in range(options.rounds):
                for gauntlet, title, more in modes:
                    rows[gauntlet, title].append(run(options, gauntlet, folder, users, more))
            print(f"{users} users, {options.hits:g}% hits, {options.rounds} runs of {options.seconds} s each, us")
            for (gauntlet, title), runs in rows.items():
                median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
                print(f"  {title:9} {median['rate']:9,.0f}/s, batched {median['batched'] * 100:3.0f}%  ({gauntlet})")
                for name in ("hit", "miss"):
                    for kind in ((), ("truth",)):
                        print(f"    {name:5} {'server' if kind else 'reported':9}"
                              + "".join(f"  p{percent:g} {median[(name, percent, *kind)]:9.1f}" for percent in percentiles),
                              flush=True)


if __name__ == "__main__":
    main()
