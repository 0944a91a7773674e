#!/usr/bin/env python3
"""One text, served without a cache: origin.py PORT. A read takes 20 ms, as from a database."""
import http.server, json, sys, threading, time

lock = threading.Lock()
note = {"text": "first"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The whole response in one segment; otherwise the second waits for an acknowledgement of the first.
    wbufsize = -1

    def do_GET(self):
        with lock:
            body = json.dumps(note).encode()
        time.sleep(0.02)
        self.respond(body)

    def do_PUT(self):
        new = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with lock:
            note["text"] = new["text"]
            body = json.dumps(note).encode()
        self.respond(body)

    def respond(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
