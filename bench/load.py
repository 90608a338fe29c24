"""A generator of signed webhooks: requests are built beforehand and sent over kept-alive connections.

Each person's messages stay in order on one connection; a connection sends its next request when the last is answered.
"""

import asyncio
import hmac
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATH = "/webhooks/twilio/messages"


@dataclass
class Result:
    """Seconds for everything, and each request's own time."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(base: str, token: str, fields: dict[str, str]) -> bytes:
    """A whole HTTP request, signed."""
    signed = base + PATH + "".join(name + fields[name] for name in sorted(fields))
    signature = b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()
    body = urlencode(fields).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(port: int, threads: Sequence[Sequence[bytes]], connections: int) -> Result:
    """Sends every thread of requests in order, spread over the connections."""
    result = Result()
    queues = [threads[start::connections] for start in range(connections)]
    started = time.perf_counter()
    await asyncio.gather(*(_connection(port, queue, result) for queue in queues))
    result.seconds = time.perf_counter() - started
    return result


async def _connection(port: int, threads: Sequence[Sequence[bytes]], result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    # turn by turn through the people, as they would write: not one person's whole conversation in a burst
    for turn in range(max((len(thread) for thread in threads), default=0)):
        for thread in threads:
            begun = time.perf_counter()
            writer.write(thread[turn])
            head = await reader.readuntil(b"\r\n\r\n")
            result.latencies.append(time.perf_counter() - begun)
            if b" 204 " not in head[:16]:
                result.refused += 1
    writer.close()
    await writer.wait_closed()
