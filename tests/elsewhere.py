"""A thread of its own for asyncio: Playwright, when the browser tests ran before, has left a loop in this one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(coroutine):
    """What `asyncio.run` gives."""
    with ThreadPoolExecutor() as elsewhere:
        return elsewhere.submit(asyncio.run, coroutine).result()
