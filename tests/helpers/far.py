"""A server that is far away: a proxy that passes every byte on later than it came."""

import asyncio
import threading
from contextlib import contextmanager, suppress


@contextmanager
def far(port, delay):
    """Give the address of a proxy of 127.0.0.1:`port` that holds every byte `delay` s, each way."""

    async def meet(reader, writer):
        """Connect a client to the server, until one of them hangs up."""
        # asyncio has switched off Nagle's algorithm, which would add to the delay.
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(carry(reader, to_server), carry(from_server, writer))
        except ConnectionError:
            writer.close()

    async def carry(reader, writer):
        """Write each piece `delay` seconds after it came, and the end likewise."""
        later = asyncio.get_running_loop().call_later
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                later(delay, writer.write, piece)
        later(delay, writer.close)

    with asyncio.Runner() as runner:  # at the end it cancels whatever is still connected
        server = runner.run(asyncio.start_server(meet, "127.0.0.1", 0))
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
