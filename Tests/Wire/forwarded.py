#!/usr/bin/env python3
"""X-Forwarded-For as todo-server reads it, compared with a reference built on Python's ipaddress.

    make build
    Tests/Wire/forwarded.py [--seconds 60] [--seed 1] [--program .build/release/todo-server]
    Tests/Wire/forwarded.py --write      # writes the cases of forwarded.txt again, for the tests in Swift

The server trusts 127.0.0.0/8, 10.0.0.0/8 and 2001:db8::/32, and logs the client of every request. Addresses are valid,
nearly valid and mutated; separators, ports, brackets, several lines of the field and bytes that are not ASCII are mixed in."""
import argparse, ipaddress, pathlib, random, re, socket, subprocess, sys, tempfile, time

FIXTURE = pathlib.Path(__file__).with_name("forwarded.txt")
PEER = ipaddress.ip_address("10.0.0.1")
TRUSTED = [ipaddress.ip_network(block) for block in ("127.0.0.0/8", "10.0.0.0/8", "2001:db8::/32")]
MAXIMUM_HOPS = 64


def parse(element):
    """The address of one element of the list; None if it is not exactly an address, with or without a port."""
    try:
        text = element.strip(b" \t").decode("ascii")
        if match := re.fullmatch(r"\[([^\]]*)\](?::([0-9]{1,5}))?", text, re.DOTALL):
            address, port = ipaddress.IPv6Address(match[1]), match[2]
        elif match := re.fullmatch(r"([^:]*):([0-9]{1,5})", text, re.DOTALL):
            address, port = ipaddress.IPv4Address(match[1]), match[2]
        else:
            address, port = ipaddress.ip_address(text), None
    except ValueError:
        return None
    if (port and int(port) > 65535) or getattr(address, "scope_id", None):
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client(peer, lines):
    """The first address from the right that is not trusted, or the last hop before something that is not an address."""
    nearest = peer
    for element in reversed(b", ".join(lines).split(b",")[-MAXIMUM_HOPS:]) if lines else []:
        address = parse(element)
        if address is None:
            break
        nearest = address
        if not any(address in network for network in TRUSTED):
            break
    return key(nearest)


def key(address):
    """As the limiter names a client: its IPv4 address, or its /64."""
    if address.version == 4:
        return str(address)
    return ":".join(f"{int.from_bytes(address.packed[at:at + 2], 'big'):x}" for at in (0, 2, 4, 6)) + "::/64"


class Generator:
    ODD = [b"", b" ", b"\t", b",", b":", b"[", b"]", b"%eth0", b"%25eth0", b"0", b"00", b"1.2.3.4", b"unknown", b'"', b"/8",
           b":80", b":0", b":65535", b":65536", b":080", b"\xd8\x80", b"\xdb\x9d", b"\xe2\x80\xae", b"\xf0\x91\x82\xbd", b"\xcc\x81",
           b"\xe2\x84\xaa", b"\xd9\xa1", b"\xff", b"\xc0\xac", b"\xef\xbc\x8c", b"::", b".", b"ffff", b"g", b"0x7f", b";", b"-1"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def address(self):
        choose = self.random.choice
        four = ".".join(str(choose((0, 1, 10, 127, 172, 192, 203, 255, 256, self.random.randrange(300)))) for _ in range(4))
        match self.random.randrange(12):
            case 0: return four
            case 1: return f"10.{self.random.randrange(256)}.{self.random.randrange(256)}.{self.random.randrange(256)}"
            case 2: return f"203.0.113.{self.random.randrange(256)}"
            case 3: return choose(("010.0.0.1", "10.0.0.01", "00.0.0.1", "10.0.0", "10.0.0.1.1", "0.0.0.0", "167772161", "127.1"))
            case 4: return "::ffff:" + four
            case 5: return f"2001:db8::{self.random.randrange(65536):x}"
            case 6: return str(ipaddress.IPv6Address(self.random.getrandbits(128)))
            case 7: return ipaddress.IPv6Address(self.random.getrandbits(128)).exploded
            case 8: return f"64:ff9b::{four}"
            case 9: return choose(("::", "::1", "1:2:3:4:5:6:7::", "1::2:3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", ":::",
                                   "12345::", "fe80::1%eth0", "::ffff:0a00:0001", "::FFFF:10.0.0.1", "::10.0.0.1", "1:2:3:4:5:6:1.2.3.4",
                                   "1:2:3:4:5:6:7:1.2.3.4", "::ffff:010.0.0.1", "::1.2.3.4:5", ":1", "1:", "2001:db8:1::2::3"))
            case 10: return f"[{ipaddress.IPv6Address(self.random.getrandbits(128))}]"
            case _: return choose(("127.0.0.1", "10.0.0.2", "192.0.2.7", "2001:db8::1", "[2001:db8::1]", "[::ffff:10.0.0.9]", "[10.0.0.1]"))

    def element(self):
        element = self.address().encode()
        if self.random.random() < 0.3:
            element += b":" + str(self.random.choice((0, 1, 80, 4711, 65535, 65536, 99999, 123456))).encode()
        if self.random.random() < 0.2:
            at = self.random.randint(0, len(element))
            element = element[:at] + self.random.choice(self.ODD) + element[at + self.random.randint(0, 1):]
        blank = self.random.choice
        return blank((b"", b"", b" ", b"\t", b"  ")) + element + blank((b"", b"", b"", b" ", b"\t"))

    def lines(self):
        """The lines of the field, as they are sent."""
        lines = []
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            count = self.random.choice((1, 2, 2, 3, 3, 4, 6))
            lines.append(b",".join(self.element() for _ in range(count)))
            if self.random.random() < 0.01:
                lines[-1] += b"," + b",".join([b"10.0.0.3"] * self.random.randint(60, 70))
        # What surrounds a field's value is not a part of it, and some bytes are not allowed in one at all.
        return [re.sub(rb"[\0-\x08\x0a-\x1f\x7f]", b"", line).strip(b" \t") for line in lines]


FIXED = [
    [], [b""], [b"6.6.6.1:1\xd8\x80, 203.0.113.7"], [b"6.6.6.1:1\xd8\x80", b"203.0.113.7"], [b"6.6.6.1", b"203.0.113.7"],
    [b"203.0.113.7,"], [b"203.0.113.7", b""], [b"203.0.113.7, , 10.0.0.2"], [b"203.0.113.7, 10.0.0.2"], [b"010.0.0.1"],
    [b"203.0.113.7, 010.0.0.1"], [b"[2001:db9::1]:443"], [b"[203.0.113.7]"], [b"2001:db9::1%eth0"], [b"::ffff:203.0.113.7"],
    [b"203.0.113.7, ::ffff:10.0.0.2"], [b"203.0.113.7, " + b"10.0.0.2, " * 62 + b"10.0.0.3"], [b"203.0.113.7:"],
    [b"203.0.113.7, " + b"10.0.0.2, " * 63 + b"10.0.0.3"], [b"10.9.9.9, 10.0.0.2"], [b"203.0.113.7, 10.0.0.2:65536"],
    [b"1.1.1.1, 203.0.113.7:4711, 10.0.0.2"], [b'"203.0.113.7"'], [b"203.0.113.7 10.0.0.2"], [b"\xd9\xa1.2.3.4"],
]


def escape(lines):
    text = b", ".join(lines).decode("latin-1")
    return "".join(c if " " <= c <= "~" and c != "\\" else f"\\x{ord(c):02x}" for c in text)


def write():
    generator = Generator(14)
    cases = FIXED + [generator.lines() for _ in range(600)]
    FIXTURE.write_text("".join(f"{client(PEER, lines)}\t{escape(lines)}\n" for lines in cases))
    print(f"{len(cases)} cases in {FIXTURE}")


def request(number, lines):
    fields = b"".join(b"X-Forwarded-For: " + line + b"\r\n" for line in lines)
    return b"GET /health HTTP/1.1\r\nHost: a\r\nX-Request-Id: n%d\r\n" % number + fields + b"\r\n"


def logged(errors, count, patience=20):
    """The clients of the next requests in the server's log, by number."""
    clients, end = {}, time.monotonic() + patience
    while len(clients) < count and time.monotonic() < end:
        line = errors.readline()
        if match := re.search(r"client=(\S+) .*request-id=n(\d+)", line):
            clients[int(match[2])] = match[1]
    return clients


def fuzz(options, port, errors):
    generator, peer = Generator(options.seed), ipaddress.ip_address("127.0.0.1")
    end, count = time.monotonic() + options.seconds, 0
    while time.monotonic() < end:
        cases = FIXED if count == 0 else [generator.lines() for _ in range(200)]
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.settimeout(20)
            for number, lines in enumerate(cases):
                connection.sendall(request(number, lines))
            clients = logged(errors, len(cases))
        for number, lines in enumerate(cases):
            expected = client(peer, lines)
            if clients.get(number) != expected:
                sys.exit(f"{lines}: the client is {clients.get(number)}, not {expected}")
        count += len(cases)
    print(f"{count} requests, seed {options.seed}: every client as the reference has it")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default=".build/release/todo-server")
    parser.add_argument("--write", action="store_true", help="write the fixture and exit")
    options = parser.parse_args()
    if options.write:
        return write()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [options.program, "--port", "0", "--database", f"{folder}/todos.sqlite", "--bcrypt-cost", "4", "--log-level", "debug",
             "--admin-password", "another one", "--trusted-proxy", ",".join(map(str, TRUSTED))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        try:
            port = int(server.stdout.readline().rsplit(":", 1)[1])
            fuzz(options, port, server.stderr)
        finally:
            server.terminate()
            server.wait(20)


main()
