# An ASGI app: `/events` is an event stream that ends only when its client leaves, all else is answered in 300 ms.
import asyncio


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/events":
        await stream(receive, send)
        return
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"done\n"})


async def stream(receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    left = asyncio.ensure_future(until_left(receive))
    while not left.done():
        await send({"type": "http.response.body", "body": b"data: tick\n\n", "more_body": True})
        await asyncio.wait([left], timeout=0.5)


async def until_left(receive):
    while (await receive())["type"] != "http.disconnect":
        pass
