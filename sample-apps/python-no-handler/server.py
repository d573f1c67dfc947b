# No handler for SIGTERM: as PID 1 it never notices a stop, behind an init it dies of it.
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"done\n")


ThreadingHTTPServer(("", 8000), Handler).serve_forever()
