# A synchronous WSGI app; WORK_MS is how long an answer takes.
import os
import time

WORK_S = int(os.environ.get("WORK_MS", "300")) / 1000


def app(environ, start_response):
    time.sleep(WORK_S)
    start_response("200 OK", [("Content-Length", "5")])
    return [b"done\n"]
