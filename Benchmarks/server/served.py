"""Runs programs for benchmarks: on free loopback ports, stopped at the end, with CPU time and memory from /proc."""
import contextlib, json, os, pathlib, socket, subprocess, sys, time, urllib.error, urllib.parse, urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
TODO_SERVER = ROOT / ".build/release/todo-server"
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def await_answer(process, port, seconds=120):
    """Waits until the port accepts connections. Exits if the process ends first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} exited with {process.returncode} before it listened on port {port}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.005)
    sys.exit(f"{process.args[0]} does not listen on port {port}")


@contextlib.contextmanager
def running(command, port, environment={}):
    """Runs a server that listens on a port; yields its process."""
    command = [str(argument) for argument in command]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        await_answer(process, port)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def redis(port):
    return running(
        ["redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no"], port)


def todo_server(port, folder, *options, program=TODO_SERVER):
    return running(
        [program, "--port", port, "--database", f"{folder}/todos-{port}.sqlite", "--log-level", "error",
         "--login-rate-limit", "off", "--bcrypt-cost", "4", *options], port)


def tree(pid):
    """The ids of a process and its running descendants."""
    children = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [pid] + [each for path in children for child in path.read_text().split() for each in tree(int(child))]


def cpu(process):
    """Seconds of user and system time of a process and its running descendants."""
    total = 0
    for pid in tree(process.pid):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def resident(process):
    """Resident memory in KiB, including shared pages."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def call(url, data=None, headers={}):
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as response:
        return json.load(response)


def login(url):
    """Logs in as the demonstration user; returns the Authorization header."""
    form = urllib.parse.urlencode({"username": "admin", "password": "admin123"}).encode()
    return {"Authorization": "Bearer " + call(url + "/login", form)["access_token"]}
