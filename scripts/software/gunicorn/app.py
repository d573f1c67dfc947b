import time


def app(environ, start_response):
    time.sleep(0.3)
    start_response("200 OK", [("Content-Length", "3")])
    return [b"ok\n"]
