"""Workers that nobody waits for any more."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.descriptors import nothing_left
from tests.support.stick import blank_image


@pytest.mark.parametrize("turns", range(8))
async def test_a_worker_cancelled_while_it_is_started_leaves_nothing(tmp_path: Path, turns: int) -> None:
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with Supervisor() as supervisor:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            await supervisor.survey(medium)
            async with nothing_left():
                for _ in range(20):
                    survey = asyncio.create_task(supervisor.survey(medium))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    survey.cancel()
                    await asyncio.wait({survey})
                await supervisor.survey(medium)  # by now every earlier worker has been heard of
    assert complaints == []
