"""Files that attack whoever looks into them cost their own preview, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from core.entry import Entry, Kind
from core.errors import DeviceGone, MediumError
from core.host import decoders
from core.host.decoders import Decoders, Sheet
from core.host.previewing import Bytes, Nothing, Picture, Preview, Previewer, Reason, Words
from core.host.worker import Worker
from core.worker import protocol
from tests.faults.test_hostile_workers import worker_that
from tests.support.pictures import hostile, pdf, photograph, turned, with_small_picture

SECONDS = {**dict.fromkeys(protocol.ANSWERS, 10.0), protocol.Decode: 20.0}


class File:
    """A volume with one file."""

    def __init__(self, content: bytes, size: int | None = None) -> None:
        self.content = content
        self.entry = Entry("file", 1, Kind.FILE, len(content) if size is None else size)
        self.bad = len(content)
        self.read_bytes = 0
        self.ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.error: Exception = MediumError(0, 512)

    async def read(self, node: int, offset: int, length: int) -> bytes:
        if offset >= self.bad and self.bad < len(self.content):
            raise self.error
        piece = self.content[offset : min(offset + length, self.bad)]
        self.read_bytes += len(piece)
        return piece


@pytest_asyncio.fixture
async def workshop() -> AsyncIterator[Decoders]:
    workshop = Decoders(seconds=SECONDS)
    yield workshop
    await workshop.close()


async def preview(workshop: Decoders, file: File, width: int = 400, height: int = 300) -> Preview:
    return await Previewer(workshop).preview(file, file.entry, width, height)  # type: ignore[arg-type]


async def thumbnail(workshop: Decoders, file: File, side: int = 100) -> Picture | None:
    return await Previewer(workshop).thumbnail(file, file.entry, side)  # type: ignore[arg-type]


def pixel(picture: Picture, x: float, y: float) -> tuple[int, ...]:
    """At that part of its width and height."""
    at = 4 * (int(picture.height * y) * picture.width + int(picture.width * x))
    return tuple(picture.pixels[at : at + 4])


def red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[2] < 50 and pixel[3] == 255


async def spare(workshop: Decoders) -> Worker:
    """The decoder that waits for the next file."""
    assert workshop._spare is not None
    return await asyncio.shield(workshop._spare)


async def only_the_spare_is_left(workshop: Decoders) -> None:
    left = await spare(workshop)
    assert workshop._zygote._process is not None
    parent = workshop._zygote._process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children")
    async with asyncio.timeout(10):
        while workshop._workers != {left} or children.read_text().split() != [str(left.process)]:  # noqa: ASYNC110 - the system tells nobody
            await asyncio.sleep(0.01)


HOSTILE = hostile()


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_picture_costs_its_own_preview(workshop: Decoders, name: str) -> None:
    found = await preview(workshop, File(HOSTILE[name]))
    assert isinstance(found, Nothing | Bytes) or max(found.width, found.height) <= 400  # type: ignore[union-attr]
    assert isinstance(await preview(workshop, File(photograph())), Picture), "and the next one is shown"


async def test_a_picture_with_too_many_pixels_says_so(workshop: Decoders) -> None:
    found = await preview(workshop, File(HOSTILE["a_png_of_100000_by_100000"]))
    assert isinstance(found, Nothing) and found.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "JPEG2000", "PPM", "ICO"]
)
async def test_every_common_format_is_shown_from_behind_the_walls(workshop: Decoders, format: str) -> None:
    found = await preview(workshop, File(photograph(200, 150, format=format)))
    assert isinstance(found, Picture)
    assert len(found.pixels) == 4 * found.width * found.height
    assert red(pixel(found, 0.25, 0.5)) and not red(pixel(found, 0.75, 0.5))


@pytest.mark.parametrize("font", ["Helvetica", "Comic-Sans-MS", "SimSun"])
async def test_the_first_page_of_a_pdf_is_shown_whatever_fonts_it_wants(
    workshop: Decoders, font: str
) -> None:
    found = await preview(workshop, File(pdf(b"BT 0 g /F1 48 Tf 210 80 Td (Kiel) Tj ET", font=font, count=3)))
    assert isinstance(found, Picture)
    assert (found.width, found.height) == (400, 200)
    assert red(pixel(found, 0.25, 0.5))
    assert ("Pages", "3 pages") in found.facts


async def test_a_pdf_with_a_password_says_so(workshop: Decoders) -> None:
    lock = b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>"
    found = await preview(workshop, File(pdf(more=lock % (b"11" * 32, b"22" * 32))))
    assert isinstance(found, Nothing) and found.reason is Reason.LOCKED


async def test_a_picture_is_made_no_larger_than_was_asked_for_and_keeps_its_shape(workshop: Decoders) -> None:
    found = await preview(workshop, File(photograph(2000, 1000)), 400, 300)
    assert isinstance(found, Picture)
    assert (found.width, found.height) == (400, 200)
    assert ("Dimensions", "2000 × 1000") in found.facts  # noqa: RUF001


@pytest.mark.parametrize("format", ["JPEG", "PNG", "TIFF", "WEBP"])
async def test_a_picture_is_shown_the_way_up_its_camera_was_held(workshop: Decoders, format: str) -> None:
    found = await preview(workshop, File(turned(6, 800, 400, format=format)), 100, 100)
    assert isinstance(found, Picture)
    assert (found.width, found.height) == (50, 100)
    assert red(pixel(found, 0.5, 0.25)) and not red(pixel(found, 0.5, 0.75))
    assert ("Dimensions", "400 × 800") in found.facts  # noqa: RUF001


async def test_a_thumbnail_is_taken_from_the_beginning_of_a_photograph(workshop: Decoders) -> None:
    file = File(with_small_picture(photograph(160, 120)))
    found = await thumbnail(workshop, file)
    assert found is not None and red(pixel(found, 0.25, 0.5))
    assert file.read_bytes < len(file.content)


async def test_a_small_picture_of_another_shape_is_not_believed(workshop: Decoders) -> None:
    file = File(with_small_picture(photograph(160, 20)))
    found = await thumbnail(workshop, file)
    assert found is not None and found.height > 50
    assert file.read_bytes == len(file.content)


async def test_what_is_left_of_a_damaged_picture_is_shown_and_said_to_be_damaged(workshop: Decoders) -> None:
    content = photograph(1600, 1200, format="PNG", compress_level=0)
    found = await preview(workshop, File(content[: len(content) // 2]))
    assert isinstance(found, Picture)
    assert found.facts[0][0] == "Damage"
    assert red(pixel(found, 0.25, 0.2))


TEXTS = {
    "UTF-8": "Grüße aus Kiel\n",
    "UTF-16": "Grüße aus Kiel\n",
    "CP1251": "Привет из Киля, здесь очень красиво и хорошо.\n",
    "SHIFT-JIS": "日本語のテキストです。今日はいい天気ですね。\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
async def test_a_text_is_read_in_the_encoding_it_was_written_in(workshop: Decoders, encoding: str) -> None:
    text = TEXTS[encoding] * 30
    found = await preview(workshop, File(text.encode(encoding)))
    assert isinstance(found, Words)
    assert (found.text, found.encoding, found.cut) == (text, encoding, False)


async def test_a_text_that_begins_like_a_picture_is_a_text(workshop: Decoders) -> None:
    found = await preview(workshop, File(b"BMW is the name of a make of cars.\n"))
    assert isinstance(found, Words)


async def test_of_a_long_text_only_the_beginning_is_read(workshop: Decoders) -> None:
    file = File("äöü".encode() * 1_000_000)
    found = await preview(workshop, file)
    assert isinstance(found, Words) and found.cut
    assert "\N{REPLACEMENT CHARACTER}" not in found.text
    assert file.read_bytes <= 64 * 1024


async def test_what_is_neither_is_shown_as_bytes(workshop: Decoders) -> None:
    found = await preview(workshop, File(bytes(range(256)) * 100))
    assert isinstance(found, Bytes) and found.head.startswith(bytes(range(256)))


async def test_a_file_that_says_it_is_endless_is_not_read_for_a_picture(workshop: Decoders) -> None:
    found = await preview(workshop, File(photograph(format="PNG", compress_level=0), size=2**50))
    assert isinstance(found, Nothing) and found.reason is Reason.TOO_LARGE


async def test_bad_sectors_are_told(workshop: Decoders) -> None:
    file = File(bytes(1000))
    file.bad = 0
    found = await preview(workshop, file)
    assert isinstance(found, Nothing) and found.reason is Reason.UNREADABLE


async def test_a_stick_that_goes_is_not_told_as_a_bad_picture(workshop: Decoders) -> None:
    file = File(bytes(1000))
    file.bad, file.error = 0, DeviceGone()
    file.ended.set_result(file.error)
    with pytest.raises(DeviceGone):
        await preview(workshop, file)


async def test_each_file_has_a_decoder_of_its_own_and_none_is_left(workshop: Decoders) -> None:
    seen = set()
    for _ in range(5):
        await preview(workshop, File(photograph()))
        seen.add((await spare(workshop)).process)
    assert len(seen) == 5
    await only_the_spare_is_left(workshop)


async def test_a_preview_that_is_left_ends_its_decoder(workshop: Decoders) -> None:
    content = photograph(2000, 1500)
    for turns in range(12):
        looking = asyncio.create_task(preview(workshop, File(content)))
        for _ in range(turns):
            await asyncio.sleep(0)
        looking.cancel()
        await asyncio.wait({looking})
    assert isinstance(await preview(workshop, File(content)), Picture)
    await only_the_spare_is_left(workshop)


async def test_when_the_process_that_forks_decoders_dies_another_takes_its_place(workshop: Decoders) -> None:
    await preview(workshop, File(photograph()))
    process = workshop._zygote._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    for _ in range(4):
        found = await preview(workshop, File(photograph()))
        if isinstance(found, Picture):
            return
        assert isinstance(found, Nothing)
    raise AssertionError("no preview is made any more")


ANSWERS = {
    "crashes": ("hear(); os.kill(os.getpid(), signal.SIGSEGV)", Reason.CRASHED),
    "hangs": ("hear()\nwhile True: pass", Reason.TOO_SLOW),
    "is_killed_by_its_walls": ("hear(); os.kill(os.getpid(), signal.SIGSYS)", Reason.ATTACK),
    "sends_garbage": ("hear(); host.send(os.urandom(500)); time.sleep(60)", Reason.ATTACK),
    "draws_larger_than_was_asked_for": (
        "say(protocol.Drawn(id=hear().id, width=4000, height=4000)); time.sleep(60)",
        Reason.ATTACK,
    ),
    "draws_beyond_all_bounds": (
        "host.send(msgspec.msgpack.encode({'type': 'Drawn', 'id': hear().id, 'width': 10**9, 'height': 9}))\n"
        "time.sleep(60)",
        Reason.ATTACK,
    ),
    "spells_more_than_there_is_room_for": (
        "host.send(msgspec.msgpack.encode({'type': 'Spelt', 'id': hear().id, 'length': 10**9,"
        " 'encoding': 'x'}))\ntime.sleep(60)",
        Reason.ATTACK,
    ),
    "answers_with_a_listing": (
        "say(protocol.Entries(id=hear().id, entries=[])); time.sleep(60)",
        Reason.ATTACK,
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_a_decoder_that_was_taken_over_costs_one_preview(
    workshop: Decoders, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    does, reason = ANSWERS[answer]
    async with worker_that(does) as taken_over:

        async def hijacked(self: Decoders) -> Worker:
            return taken_over

        with monkeypatch.context() as patch:
            patch.setattr(decoders.Decoders, "_new", hijacked)
            found = await preview(workshop, File(photograph()))
        assert isinstance(found, Nothing) and found.reason is reason


async def test_the_file_that_is_shared_with_a_decoder_can_neither_grow_nor_shrink() -> None:
    with Sheet(4096) as sheet:
        for size in (0, 8192):
            with pytest.raises(PermissionError):
                os.ftruncate(sheet.descriptor, size)
        with pytest.raises(PermissionError):
            os.pwrite(sheet.descriptor, b"x", 4096)
