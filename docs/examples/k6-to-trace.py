#!/usr/bin/env python3
"""Converts k6's JSON output to a trace for `gauntlet audit`.

    k6 run --out json=results.json script.js
    docs/examples/k6-to-trace.py < results.json > trace.csv

k6 stamps each point when the response has ended, so the request was sent one duration earlier. The key is the tag
"client", which a script sets in the request's `tags`; without it all requests belong to one client.
"""

import csv
import json
import re
import sys
from datetime import datetime


def nanoseconds(time):
    """RFC 3339 with up to nine decimals, as Go writes it, in nanoseconds since 1970."""
    whole, fraction, zone = re.fullmatch(r"(.*:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", time).groups()
    seconds = int(datetime.fromisoformat(whole + zone.replace("Z", "+00:00")).timestamp())
    return seconds * 10**9 + int((fraction or "").ljust(9, "0"))


rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow(["step", "key", "sent_ns", "received_ns", "outcome"])
for line in sys.stdin:
    point = json.loads(line)
    if point["type"] != "Point" or point["metric"] != "http_req_duration":
        continue
    data, tags = point["data"], point["data"]["tags"]
    end, status = nanoseconds(data["time"]), int(tags.get("status", 0))
    outcome = {429: "denied", 0: "unknown"}.get(status, "admitted" if status < 300 else "other")
    sent = end - round(data["value"] * 1e6)
    rows.writerow([tags.get("name", ""), tags.get("client", ""), sent, end if status else "", outcome])
