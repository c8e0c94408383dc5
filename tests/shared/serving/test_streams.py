"""When both servers take the client of a stream for gone."""

import asyncio
from typing import Any

import pytest

from shared.errors import MalformedBody
from shared.serving.streams import client_gone

BODY = {"type": "http.request", "body": b"x", "more_body": True}
GONE = {"type": "http.disconnect"}


@pytest.mark.parametrize("last", [GONE, MalformedBody("the last chunk is missing")])
def test_what_is_sent_is_passed_over_until_the_client_is_gone_or_its_body_fails(last: Any) -> None:
    async def ends() -> None:
        sent, waits = iter([BODY, BODY]), asyncio.Event()
        coming = asyncio.get_running_loop().create_future()

        async def receive() -> Any:
            for message in sent:
                return message
            waits.set()
            return await coming

        ending = asyncio.ensure_future(client_gone(receive))
        await waits.wait()
        assert not ending.done()
        if isinstance(last, Exception):
            coming.set_exception(last)
        else:
            coming.set_result(last)
        await ending

    asyncio.run(ends())
