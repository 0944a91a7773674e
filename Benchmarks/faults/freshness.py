#!/usr/bin/env python3
"""Freshness under Redis faults: two todo-servers, one PostgreSQL, one Redis with a replica, readers and writers.

    make build
    Benchmarks/faults/freshness.py [--reads 100000] [--mode serve refuse]

Every user has two todos. Two writers, one on each server, each increment one of them by PATCH. Four readers, two on each
server, note which writes have been acknowledged, read the list, and compare. Meanwhile Redis is killed and restarted from
its snapshot and from its append-only file, paused by CLIENT PAUSE and by SIGSTOP, flushed, demoted, and failed over to a
lagging replica, in turn, until there are enough reads. A read is stale if it does not show a write that was acknowledged
before the read began. Writes that the server marks as unconfirmed count separately: reads must show them only once Redis
has responded to both servers again for a second. A write refused with 503 must never be visible. A trigger delays each
UPDATE by up to 20 ms, so that faults fall between tombstone and commit. Needs redis-server and PostgreSQL. Exit code 1 if
a promise was broken."""
import argparse, collections, contextlib, json, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile
import threading, time, urllib.request
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "server"))
import served


class Redis:
    """A redis-server with its own data folder."""

    def __init__(self, folder, name):
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        self.port, self.socket, self.process = served.free_port(), self.folder / "socket", None

    def start(self, *options):
        command = ["redis-server", "--bind", "127.0.0.1", "--port", self.port, "--unixsocket", self.socket, "--dir",
                   self.folder, "--save", "3600 1000000", "--repl-diskless-sync-delay", "0", "--logfile",
                   self.folder / "log", *options]
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
        served.await_answer(self.process, self.port)
        while self.cli("PING") != "PONG":
            time.sleep(0.005)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *map(str, words)], capture_output=True, text=True,
                              timeout=30).stdout.strip()

    def info(self, section, field):
        for line in self.cli("INFO", section).splitlines():
            if line.startswith(field + ":"):
                return line.partition(":")[2].strip()


class Pair:
    """A master and its replica, and the symbolic link to the master's socket that the servers use as Redis' address."""

    def __init__(self, folder):
        self.master, self.replica = Redis(folder, "redis-a"), Redis(folder, "redis-b")
        self.link = pathlib.Path(folder) / "redis.sock"
        self.master.start()
        self.replica.start("--replicaof", f"127.0.0.1 {self.master.port}")
        self.point()

    def point(self):
        new = self.link.with_suffix(".new")
        new.symlink_to(self.master.socket)
        new.rename(self.link)

    def await_replica(self):
        while self.replica.info("replication", "master_link_status") != "up":
            time.sleep(0.02)

    def swap(self):
        self.master, self.replica = self.replica, self.master
        self.point()

    def stop(self):
        for redis in (self.master, self.replica):
            with contextlib.suppress(Exception):
                redis.process.send_signal(signal.SIGCONT)
                redis.kill()


def restart_from_snapshot(pair):
    pair.master.cli("SAVE")
    time.sleep(random.uniform(0.1, 0.5))
    pair.master.kill()
    time.sleep(random.uniform(0, 0.5))
    pair.master.start()


def restart_from_log(pair):
    pair.master.cli("CONFIG", "SET", "appendonly", "yes")
    while pair.master.info("persistence", "aof_rewrite_in_progress") != "0":
        time.sleep(0.02)
    time.sleep(random.uniform(0.1, 0.5))
    pair.master.kill()
    pair.master.start("--appendonly", "yes")
    time.sleep(0.2)
    pair.master.cli("CONFIG", "SET", "appendonly", "no")


def pause(pair):
    duration = random.uniform(0.3, 3)
    pair.master.cli("CLIENT", "PAUSE", round(duration * 1000))
    time.sleep(duration)


def stop(pair):
    pair.master.process.send_signal(signal.SIGSTOP)
    time.sleep(random.uniform(0.3, 3))
    pair.master.process.send_signal(signal.SIGCONT)


def flush(pair):
    for _ in range(10):
        pair.master.cli("FLUSHALL")
        time.sleep(random.uniform(0, 0.05))


def fail_over(pair):
    """Kills the master and promotes the replica, which is half a second behind."""
    pair.await_replica()
    pair.replica.process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    pair.master.kill()
    pair.replica.process.send_signal(signal.SIGCONT)
    pair.replica.cli("REPLICAOF", "NO", "ONE")
    pair.swap()
    pair.replica.start("--replicaof", f"127.0.0.1 {pair.master.port}")


def demote(pair):
    """Promotes the replica, which is half a second behind, and makes the master its replica with connections still open.
    The old master is restarted later: it must not be promoted again before that."""
    pair.await_replica()
    pair.replica.process.send_signal(signal.SIGSTOP)
    time.sleep(0.5)
    pair.master.cli("REPLICAOF", "127.0.0.1", pair.replica.port)
    pair.replica.process.send_signal(signal.SIGCONT)
    pair.replica.cli("REPLICAOF", "NO", "ONE")
    pair.swap()
    time.sleep(1)
    pair.replica.kill()
    pair.replica.start("--replicaof", f"127.0.0.1 {pair.master.port}")


FAULTS = {"killed, snapshot": restart_from_snapshot, "killed, append-only file": restart_from_log,
          "CLIENT PAUSE": pause, "SIGSTOP": stop, "FLUSHALL": flush, "failed over": fail_over, "demoted": demote}


class Client:
    """One connection that carries one request at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.received = b""

    def request(self, request):
        """Sends a request; returns the response's status, head and body."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.received:
            self.receive()
        head, _, rest = self.received.partition(b"\r\n\r\n")
        head = head.lower()
        length = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        length = int(length) if length else 0
        self.received = rest
        while len(self.received) < length:
            self.receive()
        body, self.received = self.received[:length], self.received[length:]
        return int(head[9:12]), head, body

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the server closed a connection")
        self.received += data


class User:
    """The known state of one user's two todos, indexed by the server that writes them."""

    def __init__(self, ports, name):
        url = f"http://127.0.0.1:{ports[0]}"
        login = {"username": name, "password": "a password"}
        served.call(url + "/register", json.dumps(login).encode(), {"Content-Type": "application/json"})
        form = urllib.parse.urlencode(login).encode()
        self.field = "Authorization: Bearer " + served.call(url + "/login", form)["access_token"] + "\r\n"
        headers = dict([self.field.strip().split(": ")], **{"Content-Type": "application/json"})
        self.ids = [served.call(url + "/todos", b'{"title":"0"}', headers)["id"] for _ in range(2)]
        self.list = f"GET /todos HTTP/1.1\r\nHost: a\r\n{self.field}\r\n".encode()
        self.due = [0, 0]
        """Writes that reads must show: acknowledged, and confirmed or settled."""
        self.acknowledged = [0, 0]
        self.refused = set()

    def change(self, which, number):
        body = f'{{"title":"{number}"}}'
        return (f"PATCH /todos/{self.ids[which]} HTTP/1.1\r\nHost: a\r\n{self.field}Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


class Run:
    def __init__(self, ports, users, reads):
        self.ports, self.reads, self.over = ports, reads, threading.Event()
        self.users = [User(ports, f"user{number}") for number in range(users)]
        self.lock, self.counts, self.broken = threading.Lock(), collections.Counter(), []
        self.late, self.mended, self.slowest = 0.0, 0.0, 0.0

    def write(self, user, which):
        client, number = Client(self.ports[which]), 0
        while not self.over.is_set():
            number += 1
            status, head, _ = client.request(user.change(which, number))
            self.counts[f"writes {status}"] += 1
            if status == 200:
                if b"detail=unconfirmed" in head:
                    self.counts["writes unconfirmed"] += 1
                else:
                    user.due[which] = number
                user.acknowledged[which] = number
            elif status == 503:
                user.refused.add((which, number))
            time.sleep(random.uniform(0, 0.2))

    def read(self, user, port):
        client, counts = Client(port), collections.Counter()
        while not self.over.is_set():
            due, acknowledged = list(user.due), list(user.acknowledged)
            begun = time.monotonic()
            status, _, body = client.request(user.list)
            self.slowest = max(self.slowest, time.monotonic() - begun)
            counts["reads"] += 1
            if status != 200:
                counts[f"reads {status}"] += 1
                continue
            answer = json.loads(body)
            counts["reads from " + answer["source"]] += 1
            seen = {todo["id"]: int(todo["title"]) for todo in answer["todos"]}
            for which, identifier in enumerate(user.ids):
                number = seen[identifier]
                if (which, number) in user.refused:
                    self.broken.append(f"{number} is visible, but was refused")
                if number < due[which]:
                    self.broken.append(f"{number} instead of {due[which]} from {answer['source']}")
                elif number < acknowledged[which]:
                    counts["stale reads after an unconfirmed write"] += 1
                    if self.mended:
                        self.late = max(self.late, begun - self.mended)
            if counts["reads"] % 50 == 0:
                self.reads -= 50
        with self.lock:
            self.counts += counts

    def is_ready(self):
        for port in self.ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready") as response:
                if json.load(response)["redis"] != "ok":
                    return False
        return True

    def settle(self):
        """Waits until Redis has responded to both servers again for a second; from then on every write must be visible."""
        end = time.monotonic() + 30
        while not self.is_ready():
            if time.monotonic() > end:
                self.broken.append("Redis is not used again")
                break
            time.sleep(0.01)
        self.mended = time.monotonic()
        written = [list(user.acknowledged) for user in self.users]
        time.sleep(1)
        for user, numbers in zip(self.users, written):
            user.due = [max(pair) for pair in zip(user.due, numbers)]
        self.mended = 0.0

    def strike(self, pair, names):
        durations = collections.Counter()
        while self.reads > 0:
            for name in random.sample(names, len(names)):
                FAULTS[name](pair)
                self.settle()
                durations[name] += 1
        return durations

    def go(self, pair, names):
        threads = [threading.Thread(target=self.write, args=(user, which)) for user in self.users for which in (0, 1)]
        threads += [threading.Thread(target=self.read, args=(user, port)) for user in self.users
                    for port in self.ports * 2]
        for thread in threads:
            thread.start()
        try:
            return self.strike(pair, names)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()


@contextlib.contextmanager
def postgresql(folder):
    """Runs a separate PostgreSQL; yields its address and a function that executes SQL."""
    programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.getuid() == 0 else []
    data = pathlib.Path(folder) / "postgresql"
    data.mkdir()
    if prefix:
        shutil.chown(data, "postgres", "postgres")
    run = lambda *words: subprocess.run(prefix + [str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    run(programs / "initdb", "-D", data / "data", "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync")
    port = served.free_port()
    process = subprocess.Popen(prefix + [str(programs / "postgres"), "-D", str(data / "data"), "-p", str(port), "-k",
                                         str(data), "-c", "listen_addresses=127.0.0.1", "-c", "log_min_messages=panic"],
                               stderr=subprocess.DEVNULL)
    try:
        served.await_answer(process, port)
        while subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "tester"]).returncode:
            time.sleep(0.05)
        sql = lambda text: run(programs / "psql", "-h", "127.0.0.1", "-p", port, "-U", "tester", "-d", "postgres", "-q",
                               "-c", text)
        yield f"postgres://tester@127.0.0.1:{port}/postgres", sql
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


DELAY = """
    CREATE OR REPLACE FUNCTION delay() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(random() * 0.02); RETURN NEW; END $$
    LANGUAGE plpgsql;
    CREATE OR REPLACE TRIGGER delay BEFORE UPDATE ON todos FOR EACH ROW EXECUTE FUNCTION delay()"""


def measure(options, mode):
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o755)
        database, sql = stack.enter_context(postgresql(folder))
        pair = Pair(folder)
        stack.callback(pair.stop)
        ports = [served.free_port(), served.free_port()]
        mode_options = ["--writes-without-redis", mode] if mode != "before" else []
        for port in ports:
            stack.enter_context(served.running(
                [options.program, "--port", port, "--database", database, "--redis", f"unix://{pair.link}",
                 "--log-level", "critical", "--rate-limit", "off", "--login-rate-limit", "off", "--bcrypt-cost", "4",
                 "--token-secret", "0123456789abcdef0123456789abcdef", *mode_options], port))
        sql(DELAY)
        run = Run(ports, options.users, options.reads)
        begun = time.monotonic()
        faults = run.go(pair, options.faults)
        report(mode, run, faults, time.monotonic() - begun)
        return not run.broken


def report(mode, run, faults, seconds):
    counts = run.counts
    print(f"\n{mode}: {counts['reads']:,} reads ({counts['reads from cache']:,} from the cache) in {seconds:.0f} s, "
          f"the slowest {run.slowest * 1000:.0f} ms")
    print("  faults: " + ", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    print("  writes: " + ", ".join(f"{name[7:]} {count:,}" for name, count in sorted(counts.items())
                                   if name.startswith("writes ")))
    print(f"  stale after a confirmed write, or shown after 503: {len(run.broken)}"
          + "".join(f"\n    {each}" for each in run.broken[:5]))
    print(f"  stale after an unconfirmed write: {counts['stale reads after an unconfirmed write']}, the last "
          f"{run.late * 1000:.0f} ms after Redis responded to both servers again")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reads", type=int, default=100_000, help="the minimum for each mode")
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--mode", nargs="+", choices=["serve", "refuse", "before"], default=["refuse", "serve"],
                        help="before: for a build without the option")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--program", default=served.TODO_SERVER, help="another build of todo-server")
    options = parser.parse_args()
    sys.exit(not all([measure(options, mode) for mode in options.mode]))


main()
