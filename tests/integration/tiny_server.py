#!/usr/bin/env python3
"""A model's container of a few lines: what it answers depends on the words in its request and environment."""

import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """The three paths of the contract."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # the name that the library calls
        """`/ping`, and what the model's folder wishes."""
        print("asked", self.path, flush=True)
        wishes = Path("/opt/ml/model/wishes.json")
        if self.path == "/ping":
            self._send(503 if os.environ.get("PING") == "never" else 200)
        elif wishes.exists():
            self._send(200, wishes.read_bytes())
        else:
            self._send(404)

    def do_POST(self):  # the name that the library calls
        """A prediction, or what the words in the body want."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print("asked", self.path, flush=True)
        if b"fail" in body:
            self._send(500, b"this one cannot be done")
        elif b"die" in body:
            os._exit(9)
        elif b"environment" in body:
            self._send(200, json.dumps(dict(os.environ)).encode())
        else:
            if b"slow" in body:
                print("being slow", flush=True)
                time.sleep(60)
            self._send(200, body.upper())

    def log_message(self, *args):
        """What was asked is printed already."""

    def _send(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 8080), Handler).serve_forever()
