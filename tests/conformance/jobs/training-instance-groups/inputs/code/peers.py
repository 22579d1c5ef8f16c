import socket
import sys
import time
from urllib.parse import urlsplit

PORT = 9999


def tell(text):
    """Send a line to the first host; a name may resolve only after a while."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with socket.create_connection(("algo-1", PORT), timeout=5) as line:
                line.sendall(text.encode())
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("algo-1 never answered")


def hear():
    """What the other host says."""
    with socket.create_server(("algo-1", PORT)) as server:
        server.settimeout(20)
        line, _ = server.accept()
        with line:
            return line.makefile().read()


def reaches(url):
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname, address.port), timeout=2):
            return True
    except OSError:
        return False
