#!/usr/bin/env python3
"""Memory of todo-server with 10,000 idle connections, each of which has received one response.

    make build
    Benchmarks/server/idle.py [--connections 10000] [--program .build/release/todo-server]"""
import argparse, resource, socket, sys, tempfile
import served

QUESTION = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--program", default=served.TODO_SERVER)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < options.connections + 100:
        sys.exit(f"the limit of {most} open files is too low: raise it with ulimit -n")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        port = served.free_port()
        with served.todo_server(
                port, folder, "--max-connections-per-address", "16384", program=options.program) as process:
            served.call(f"http://127.0.0.1:{port}/health")
            before = served.resident(process)
            clients = []
            for _ in range(options.connections):
                client = socket.create_connection(("127.0.0.1", port))
                client.sendall(QUESTION)
                assert client.recv(1024).startswith(b"HTTP/1.1 200 ")
                clients.append(client)
            after = served.resident(process)
            for client in clients:
                client.close()
    print(f"{options.connections:,} idle connections: {after / 1024:.0f} MiB resident, {before / 1024:.0f} before; "
          f"{(after - before) * 1024 / options.connections:,.0f} bytes per connection")


main()
