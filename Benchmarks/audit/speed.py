#!/usr/bin/env python3
"""Times `gauntlet audit` on traces of 10 million records, and measures its memory.

    Benchmarks/audit/speed.py [RECORDS]

Needs a release build (`swift build -c release`), 700 MB in the temporary directory, and a few minutes to make the traces. Each audit runs
three times; the script prints the median time and the greatest resident memory.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
gauntlet = os.environ.get("GAUNTLET", os.path.join(root, ".build/release/gauntlet"))
count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
audits = {
    "limit": [
        ["--rate-limit", "sliding-window:5/10s"],
        ["--rate-limit", "fixed-window:5/10s"],
        ["--rate-limit", "aligned-window:5/10s"],
        ["--rate-limit", "sliding-counter:5/10s"],
        ["--rate-limit", "token-bucket:5@5/10s"],
    ],
    "cache": [["--freshness", "latest"], ["--freshness", "latest", "--ttl", "60s"], ["--stampede", "1"]],
}


def run(words):
    """Seconds, the greatest resident size in MiB, and the verdicts."""
    start = time.monotonic()
    process = subprocess.Popen([gauntlet, "audit", *words], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    verdicts = [line.split()[1] for line in output.splitlines() if line[:1] in "✓✗?" and line]
    return time.monotonic() - start, usage.ru_maxrss / 1024, ", ".join(verdicts)


with tempfile.TemporaryDirectory() as directory:
    for kind, commands in audits.items():
        trace = os.path.join(directory, f"{kind}.trace")
        subprocess.run([os.path.join(root, "Benchmarks/audit/make-trace.py"), kind, str(count), trace], check=True)
        print(f"{kind}: {count:,} records, {os.path.getsize(trace) / 2**20:.0f} MiB")
        for words in commands:
            runs = [run([*words, trace]) for _ in range(3)]
            seconds = statistics.median(run[0] for run in runs)
            print(f"{' '.join(words):40} {seconds:6.2f} s  {max(run[1] for run in runs):6.0f} MiB  {runs[0][2]}")
