#!/usr/bin/env python3
"""Does gauntlet load report correct percentiles? Compares them with those that the server itself measured.

    swift build -c release --product gauntlet
    Benchmarks/load/truth.py [--rounds 3] [--seconds 10] [--rate 2000]

The server (delays.c) responds after delays of a known distribution and stalls once for a second. In the open model there
are enough virtual users to send every request when it is due. So the server's own times are what a client on schedule
waits. wrk2 and h2load --rps also run if they are installed. A percentile counts as correct within 3% or 100 us."""
import argparse, array, json, pathlib, re, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
percentiles = [50, 90, 99, 99.9]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def percentile(times, percent):
    return times[min(len(times) - 1, max(0, -(-len(times) * percent // 100).__int__() - 1))] / 1e6


class Server:
    def __init__(self, folder, stall):
        self.port, self.file = free_port(), folder / "times"
        self.process = subprocess.Popen([folder / "delays", str(self.port), self.file, str(stall)])
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                sys.exit("the server does not start")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        times = array.array("Q")
        times.frombytes(self.file.read_bytes())
        return sorted(times)


def gauntlet(options, port, model):
    command = [
        options.gauntlet, "load", here / "truth.json", "--base-url", f"http://127.0.0.1:{port}", "--threads", "1",
        "--duration", f"{options.seconds}s", "--report", "json=-"] + model
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    result = json.loads(output)
    if not result["valid"]:
        print("   invalid:", *result["invalid"])
    times = result["steps"][0]["all"]["responseTime"]
    if "markedMs" in times:
        print("   possibly due to the generator's lag (ms):", times["markedMs"])
    found = times["percentilesMs"]
    return [found.get(f"p{percent:g}", float("nan")) for percent in percentiles]


def wrk2(options, port, folder):
    output = subprocess.check_output(
        ["wrk2", "-t1", "-c64", f"-d{options.seconds}s", f"-R{options.rate}", "--latency", f"http://127.0.0.1:{port}/"], text=True)
    units = {"us": 1e-3, "ms": 1, "s": 1e3}
    found = {float(p): float(v) * units[u] for p, v, u in re.findall(r"(\d+\.\d+)%\s+([\d.]+)(us|ms|s)\n", output)}
    return [found.get(float(percent), float("nan")) for percent in percentiles]


def h2load(options, port, folder):
    """Computes percentiles from h2load's request log, since it prints none."""
    log = folder / "h2load.log"
    log.unlink(missing_ok=True)
    subprocess.run(
        ["h2load", "--h1", "-t1", "-c64", f"-D{options.seconds}", f"--rps={options.rate / 64}", f"--log-file={log}",
         f"http://127.0.0.1:{port}/"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    times = sorted(int(line.split("\t")[2]) * 1000 for line in log.read_text().splitlines())
    return [percentile(times, percent) for percent in percentiles]


def show(name, values):
    print(f"  {name:10}" + "".join(f"{value:11.3f}" for value in values))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=root / ".build/release/gauntlet")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=2000)
    options = parser.parse_args()
    models = {
        "closed, 16 users": ["--virtual-users", "16"],
        f"open, {options.rate}/s": ["--rate", f"{options.rate}/s", "--virtual-users", str(options.rate * 2)],
    }
    others = [peer for peer in (wrk2, h2load) if shutil.which(peer.__name__)]
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["cc", "-O2", "-o", folder / "delays", here / "delays.c"], check=True)
        for title, model in models.items():
            truths, tolds, peers = [], [], {peer: [] for peer in others if "open" in title}
            for _ in range(options.rounds):
                server = Server(folder, options.rate * options.seconds // 2)
                tolds.append(gauntlet(options, server.port, model))
                times = server.stop()
                truths.append([percentile(times, percent) for percent in percentiles])
                for peer, runs in peers.items():
                    server = Server(folder, options.rate * options.seconds // 2)
                    runs.append(peer(options, server.port, folder))
                    server.stop()
            print(f"{title}, a stall of 1 s, medians of {options.rounds} runs of {options.seconds} s, ms")
            print(f"  {'':10}" + "".join(f"{'p' + str(percent):>11}" for percent in percentiles))
            truth, told = ([statistics.median(column) for column in zip(*runs)] for runs in (truths, tolds))
            show("truth", truth)
            show("gauntlet", told)
            for peer, runs in peers.items():
                show(peer.__name__, [statistics.median(column) for column in zip(*runs)])
            for percent, one, other in zip(percentiles, truth, told):
                if not abs(one - other) <= max(0.03 * one, 0.1):
                    wrong += 1
                    print(f"  p{percent} is {other:.3f}, but should be {one:.3f}")
    sys.exit(f"{wrong} percentiles are wrong" if wrong else 0)


if __name__ == "__main__":
    main()
