#!/usr/bin/env python3
"""CPU time of gauntlet load per response whose body never repeats: items that are created, read and deleted, with
templates, a capture and JSON checks. Compared with a response that is remembered, and with an older build.

    swift build -c release --product gauntlet
    Benchmarks/load/items.py [--gauntlet PATH] [--earlier PATH] [--rounds 7] [--seconds 3] [--connections 32]

Runs alternate; prints medians. nginx (one worker) plays the server on a free loopback port and is stopped at the end. CPU
time is that of the whole process, from wait4()."""
import argparse, pathlib, re, statistics, tempfile

import compare

here = pathlib.Path(__file__).resolve().parent
item = '{"id":"%s","title":"milk and bread","completed":false,"createdAt":"2026-03-01T12:00:00Z"}'
# $request_id is 32 hexadecimal digits that differ for each request.
locations = f"""
    default_type application/json;
    location = /items {{ return 201 '{item % "$request_id"}'; }}
    location ~ ^/items/(?<id>[0-9a-f]+)$ {{
        if ($request_method = DELETE) {{ return 204; }}
        return 200 '{item % "$id"}';
    }}
"""


def load(gauntlet, scenario, port, options):
    command = [
        gauntlet, "load", here / scenario, "--base-url", f"http://127.0.0.1:{port}", "--threads", "1", "--virtual-users",
        str(options.connections), "--duration", f"{options.seconds}s"]
    output, cpu, _ = compare.measured(command, accepted=(0, 3))
    count = int(re.search(r"(?m)^responses +([\d,]+)", output).group(1).replace(",", ""))
    return cpu * 1e6 / count, count / options.seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gauntlet", default=compare.root / ".build/release/gauntlet")
    parser.add_argument("--earlier", help="an older build, measured in the same run")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    builds = {"gauntlet": options.gauntlet} | ({"earlier": options.earlier} if options.earlier else {})
    kinds = {"remembered": "static.json", "never repeated": "items.json"}
    runs = {(build, kind): [] for kind in kinds for build in builds}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        nginx = compare.Nginx(folder, compare.answer, locations)
        try:
            for _ in range(options.rounds):
                for build, kind in runs:
                    runs[build, kind].append(load(builds[build], kinds[kind], nginx.port, options))
        finally:
            nginx.stop()
    print(f"{options.connections} connections, {options.rounds} runs of {options.seconds} s each")
    for (build, kind), results in runs.items():
        cpu, rate = (statistics.median(column) for column in zip(*results))
        spread = " ".join(f"{result[0]:.2f}" for result in results)
        print(f"  {build:8} {kind:14} {cpu:6.2f} us per response  {rate:9,.0f}/s   ({spread})")


if __name__ == "__main__":
    main()
