#!/usr/bin/env python3
"""Spoilt requests over raw sockets to a todo-server, which must live and answer.

    make build
    Tests/Wire/http_fuzz.py [--seconds 60] [--seed 1] [--program .build/release/todo-server]
    Tests/Wire/http_fuzz.py --input http-fuzz.input        # tries one connection's bytes again

Valid requests of every route are cut, doubled, joined and spoilt, and sent in pieces. Each connection must end within
its time, every answer must be framed as HTTP and never be a 500; after each batch the server must be the same process,
still answer /health, and still list the user's todos. What breaks a rule is kept in http-fuzz.input."""
import argparse, asyncio, pathlib, random, re, subprocess, sys, tempfile, time, urllib.parse

BATCH, AT_ONCE, PATIENCE, LONGEST = 400, 16, 15.0, 150_000
TITLE = '{"title":"Grüße","completed":true}'.encode()
TOKENS = [part.encode("latin-1") for part in (
    "\r\n", "\n", "\r", "\0", " ", "\t", ":", ";", ",", "/", "?", "%", "%00", "0\r\n\r\n", "\r\n\r\n", "ffffffffffffffff\r\n",
    "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Content-Length: 5\r\n", "Content-Length: -1\r\n",
    "Content-Length: 9223372036854775808\r\n", "Content-Length: 70000\r\n", "Expect: 100-continue\r\n",
    "Connection: close\r\n", "Connection: Upgrade\r\nUpgrade: h2c\r\n", "Host: b\r\n", "Content-Encoding: gzip\r\n",
    "Content-Type: text/plain\r\n", "X-Forwarded-For: ::1, 10.0.0.1\r\n", "X-Request-Id: a\"b\r\n", "Authorization: Bearer\r\n",
    "HEAD", "PATCH", "DELETE", "OPTIONS *", "CONNECT a:80", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.0", "HTTP/2.0",
    "/todos", "/todos/1", "/todos/0", "/todos/99999999999999999999", "/login", "/register", "/metrics", "http://a/todos",
    '"', "\\", "\\u0000", "\\ud800", "[[[[", "{", "}", "null", "1e999", "\xff\xfe", "\xc3\x28", "\x7f", "username=", "&")]


def request(method, path, body=b"", *fields):
    lines = [f"{method} {path} HTTP/1.1", "Host: a", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def corpus(token):
    """A valid request for every route, and a few of each form that a request can have."""
    bearer, json, form = f"Authorization: Bearer {token}", "Content-Type: application/json", \
        "Content-Type: application/x-www-form-urlencoded"
    chunks = b"7\r\n" + TITLE[:7] + b"\r\n%x;a=b\r\n" % len(TITLE[7:]) + TITLE[7:] + b"\r\n0\r\n\r\n"
    return [
        request("POST", "/login", b"username=admin&password=wrong", form),
        request("POST", "/register", b'{"username":"some.body","password":"12345678"}', json),
        request("GET", "/todos", b"", bearer), request("HEAD", "/todos?a=b", b"", bearer),
        request("POST", "/todos", TITLE, json, bearer), request("GET", "/todos/1", b"", bearer),
        request("PATCH", "/todos/1", b'{"completed":true}', json, bearer), request("DELETE", "/todos/2", b"", bearer),
        request("POST", "/todos", b"", json, bearer, "Transfer-Encoding: chunked") + chunks,
        request("POST", "/todos", TITLE, json, bearer, "Expect: 100-continue"),
        *(request("GET", path) for path in ("/health", "/ready", "/metrics", "/docs", "/openapi.json", "/nothing")),
    ]


class Mutator:
    def __init__(self, texts, seed):
        self.texts, self.random = texts, random.Random(seed)

    def next(self):
        """The bytes of one connection, as the pieces in which they are sent."""
        text = bytearray(b"".join(self.random.choices(self.texts, k=self.random.choice((1, 1, 1, 2, 3)))))
        for _ in range(self.random.randint(0, 5)):
            self.mutate(text)
        cuts = sorted(self.random.randint(0, len(text)) for _ in range(self.random.choice((0, 0, 1, 3, 10))))
        text = bytes(text[:LONGEST])
        return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)])]

    def mutate(self, text):
        start = self.random.randint(0, len(text))
        end = min(len(text), start + (self.random.randint(0, 3) if self.random.random() < 0.5
                                      else self.random.randint(0, len(text))))
        match self.random.randrange(9):
            case 0: del text[start:end]
            case 1: text[start:start] = text[start:end]
            case 2: text[start:end] = self.random.choice(TOKENS)
            case 3 | 4: text[start:start] = self.random.choice(TOKENS)
            case 5: text[start:start] = self.random.randbytes(1)
            case 6 if start < len(text): text[start] ^= 1 << self.random.randrange(8)
            case 7: text[start:start] = self.random.choice(self.texts)
            case _: text[start:start] = (text[start:end] * (1 << self.random.randint(1, 12)))[:LONGEST]


class Broken(Exception):
    """A rule that the server broke."""


def check(answer):
    """Every answer in the bytes that came is a whole one with a status that can be; gives the statuses."""
    statuses, start = [], 0
    while start < len(answer):
        end = answer.find(b"\r\n\r\n", start)
        head = answer[start:end if end >= 0 else start + 1000]
        status = re.match(rb"HTTP/1\.1 (\d{3}) [ -~]+\r\n", head + b"\r\n")
        if not status or end < 0:
            raise Broken(f"what came is no answer: {head[:200]!r}")
        start = end + 4
        statuses.append(int(status[1]))
        if statuses[-1] == 500:
            raise Broken(f"500: {answer[start:start + 200]!r}")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        # The answer to HEAD has a length and no body.
        if length and start < len(answer) and not answer.startswith(b"HTTP/1.1 ", start):
            if len(answer) - start < int(length[1]):
                raise Broken(f"an answer of {len(answer) - start} bytes instead of {int(length[1])}")
            start += int(length[1])
    return statuses


async def converse(port, pieces):
    """Sends the pieces, says that no more will come, and reads to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        writer.write_eof()
    except (ConnectionError, OSError):
        pass  # Refused before all was sent: what was said is still to be read.
    answer = bytearray()
    try:
        while data := await reader.read(65536):
            answer += data
    except ConnectionError:
        answer.clear()  # A reset may have taken a part of it.
    finally:
        writer.close()
    return bytes(answer)


async def attempt(port, pieces, record):
    try:
        return check(await asyncio.wait_for(converse(port, pieces), PATIENCE))
    except (Broken, TimeoutError) as error:
        record.write_bytes(b"".join(pieces))
        raise Broken(str(error) or f"a connection was neither answered nor closed within {PATIENCE} s") from None


async def alive(server, port, token):
    if server.poll() is not None:
        raise Broken(f"the server ended with {server.returncode}")
    for path in ("/health", "/todos"):
        close = request("GET", path, b"", "Connection: close", f"Authorization: Bearer {token}")
        if check(await asyncio.wait_for(converse(port, [close]), PATIENCE)) != [200]:
            raise Broken(f"GET {path} is not answered 200")


def resident(pid):
    return int(pathlib.Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])


async def fuzz(options, server, port):
    form = urllib.parse.urlencode({"username": "admin", "password": "admin123"}).encode()
    login = await converse(port, [request("POST", "/login", form, "Content-Type: application/x-www-form-urlencoded")])
    token = re.search(rb'"access_token":"([^"]+)"', login)[1].decode()
    record = pathlib.Path("http-fuzz.input")
    if options.input:
        print(await attempt(port, [pathlib.Path(options.input).read_bytes()], record))
        return await alive(server, port, token)
    mutator, counts, connections = Mutator(corpus(token), options.seed), {}, 0
    before, end = resident(server.pid), time.monotonic() + options.seconds
    while time.monotonic() < end:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(pieces):
            async with gate:
                return await attempt(port, pieces, record)

        batch = [mutator.next() for _ in range(BATCH)]
        try:
            for statuses in await asyncio.gather(*(one(pieces) for pieces in batch)):
                for status in statuses:
                    counts[status] = counts.get(status, 0) + 1
            await alive(server, port, token)
        except ConnectionRefusedError:
            server.wait(5)
            record.write_bytes(b"".join(b"".join(pieces) for pieces in batch))
            raise Broken(f"the server ended with {server.returncode}; the batch is in {record}") from None
        connections += BATCH
    answers = ", ".join(f"{status} × {count}" for status, count in sorted(counts.items()))
    print(f"{connections} connections, seed {options.seed}: all well\nanswers  {answers}\n"
          f"memory   {before} KiB before, {resident(server.pid)} KiB after")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default=".build/release/todo-server")
    parser.add_argument("--input", help="send only what this file holds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [options.program, "--port", "0", "--database", f"{folder}/todos.sqlite", "--bcrypt-cost", "4",
             "--rate-limit", "1000000000/10s", "--login-rate-limit", "off", "--log-level", "critical"],
            stdout=subprocess.PIPE, text=True)
        try:
            port = int(server.stdout.readline().rsplit(":", 1)[1])
            asyncio.run(fuzz(options, server, port))
        except Broken as error:
            ended = "" if server.poll() is None else f"; the server ended with {server.returncode}"
            sys.exit(f"broken: {error}{ended}")
        finally:
            server.terminate()
            server.wait(20)


main()
