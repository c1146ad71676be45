"""A server that is far away: a TCP proxy on loopback, which passes every byte on later than it
came.
"""

import asyncio
import threading
from contextlib import contextmanager, suppress


@contextmanager
def far(port, delay):
    """Give the address of a proxy for 127.0.0.1:`port` that holds every byte for `delay` seconds,
    each way.
    """
    opened, found = threading.Event(), {}

    async def serve():
        server = await asyncio.start_server(
            lambda *client: _meet(*client, port, delay), "127.0.0.1", 0
        )
        found.update(
            port=server.sockets[0].getsockname()[1],
            loop=asyncio.get_running_loop(),
            end=asyncio.Event(),
        )
        opened.set()
        await found["end"].wait()
        server.close()  # asyncio.run then cancels whatever is still connected

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    if not opened.wait(10):
        raise RuntimeError("the proxy did not start")
    try:
        yield f"http://127.0.0.1:{found['port']}"
    finally:
        found["loop"].call_soon_threadsafe(found["end"].set)
        thread.join(5)


async def _meet(reader, writer, port, delay):
    """Connect a client to the server, until one of them hangs up or the proxy ends."""
    # No socket waits to fill a packet (Nagle's algorithm), which would add to the delay: asyncio
    # has switched it off.
    with suppress(ConnectionError, asyncio.CancelledError):
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            _carry(reader, server_writer, delay), _carry(server_reader, writer, delay)
        )
    writer.close()


async def _carry(reader, writer, delay):
    """Write all that is read, in order, each piece `delay` seconds after it came."""
    loop, held = asyncio.get_running_loop(), asyncio.Queue()

    async def read():
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                held.put_nowait((loop.time() + delay, piece))
        held.put_nowait((loop.time() + delay, b""))  # the end, which is as late as everything else

    # A task of its own, so that a piece is held from when it came, not from when the one before it
    # was passed on.
    reading = asyncio.create_task(read())
    with suppress(ConnectionError):
        while True:
            due, piece = await held.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    reading.cancel()
    writer.close()
