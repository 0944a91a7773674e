#!/usr/bin/env python3
"""Memory of todo-server under clients that try to make it grow.

    make build
    Benchmarks/server/memory.py [--program .build/release/todo-server] [--only NAME ...] [--redis]

Each case runs against its own server:

  tokens      one socket sends 20,000 requests with the same token, each padded differently
  one list    2,000 clients request the list of one user, 1.2 MB, and do not read
  many lists  2,000 clients request the lists of 400 users, 1.2 MB each, and do not read
  pipelines   500 clients send pipelined requests without pause and do not read
  bodies      2,000 clients send bodies of 63 KiB without the last byte

Prints the resident memory before, at its peak, and at the end, how many clients are still connected, and the longest
GET /health of another client in the meantime."""
import argparse, contextlib, pathlib, resource, select, socket, sqlite3, tempfile, threading, time, urllib.parse
import served

SECONDS = 10
HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"


class Client:
    """A socket with a small receive buffer that is written without blocking and never read."""

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)

    def send(self, data):
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while sent := self.socket.send(data):
                data = data[sent:]

    def is_open(self):
        """Whether the server has not closed or reset the connection. A reset shows without reading."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP)
        return not poll.poll(0)


def token_of(url, name, password):
    form = urllib.parse.urlencode({"username": name, "password": password}).encode()
    return served.call(url + "/login", form)["access_token"]


def get_list(token):
    return f"GET /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def users_with_long_lists(url, database, count):
    """Creates users with 1,000 todos of 200 characters, each of which JSON escapes as six bytes; returns their tokens."""
    names = [f"user-{number}" for number in range(count)]
    for name in names:
        body = f'{{"username":"{name}","password":"pass word"}}'.encode()
        served.call(url + "/register", body, {"Content-Type": "application/json"})
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM users WHERE name LIKE 'user-%'")]
        rows = ((user, "\x01" * 200) for user in ids for _ in range(1000))
        connection.executemany("INSERT INTO todos (user_id, title, completed) VALUES (?, ?, 0)", rows)
    return [token_of(url, name, "pass word") for name in names]


def tokens(port, url, database):
    token = token_of(url, "admin", "admin123")
    reader = served_socket(port)
    for number in range(20_000):
        padding = f"{number:016b}".replace("0", " ").replace("1", "\t") + " " * 10_000
        reader.sendall(f"GET /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer{padding}{token}\r\n\r\n".encode())
        assert reader.recv(65536).startswith(b"HTTP/1.1 ")
    return [reader]


def served_socket(port):
    return socket.create_connection(("127.0.0.1", port))


def lists(port, url, database, users):
    requests = [get_list(token) for token in users_with_long_lists(url, database, users)]
    clients = []
    for number in range(2000):
        client = Client(port)
        client.send(requests[number % users])
        clients.append(client)
        if users > 1:
            time.sleep(0.01)  # The database must read each list: the server would refuse many at the same time.
    time.sleep(SECONDS)
    return clients


def one_list(port, url, database):
    return lists(port, url, database, 1)


def many_lists(port, url, database):
    return lists(port, url, database, 400)


def pipelines(port, url, database):
    clients = [Client(port) for _ in range(500)]
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for client in clients:
            client.send(HEALTH * 10_000)
        time.sleep(0.1)
    return clients


def bodies(port, url, database):
    head = b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 64512\r\n\r\n"
    clients = []
    for _ in range(2000):
        client = Client(port)
        client.send(head + b"x" * 64_511)
        clients.append(client)
    time.sleep(SECONDS / 2)
    return clients


CASES = {"tokens": tokens, "one list": one_list, "many lists": many_lists, "pipelines": pipelines, "bodies": bodies}


def peak(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


class Bystander(threading.Thread):
    """Requests /health repeatedly, on a new connection each time, and records the longest wait."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.longest, self.failures, self.over = port, 0.0, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            start = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                    connection.sendall(HEALTH)
                    self.failures += not connection.recv(4096).startswith(b"HTTP/1.1 200 ")
            except OSError:
                self.failures += 1
            self.longest = max(self.longest, time.monotonic() - start)


def run(options, name, folder, more):
    port = served.free_port()
    with served.todo_server(port, folder, "--rate-limit", "off", "--log-level", "critical", *more, program=options.program) as process:
        url = f"http://127.0.0.1:{port}"
        served.login(url)
        before = served.resident(process)
        bystander = Bystander(port)
        bystander.start()
        clients = CASES[name](port, url, f"{folder}/todos-{port}.sqlite")
        alive = sum(client.is_open() for client in clients if isinstance(client, Client))
        after = served.resident(process)
        bystander.over.set()
        bystander.join(30)
        print(f"{name:12} {before / 1024:7,.0f} {peak(process) / 1024:7,.0f} {after / 1024:7,.0f}   {alive:9,}"
              f"   {bystander.longest * 1000:15,.0f} {bystander.failures:9}", flush=True)
        for client in clients:
            (client.socket if isinstance(client, Client) else client).close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=served.TODO_SERVER)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--redis", action="store_true", help="cache in Redis instead of the server's memory")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print("MiB           before    peak   after   connected   longest wait ms  failures")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        more = []
        if options.redis:
            port = served.free_port()
            stack.enter_context(served.redis(port))
            more = ["--redis", f"redis://127.0.0.1:{port}"]
        for name in options.only:
            run(options, name, folder, more)


main()
