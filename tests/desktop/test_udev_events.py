"""Which disks are sticks, and when they come and go, as libudev tells it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from core.host import watcher as watcher_module
from core.host.devices import Bus, Event, Happening
from core.host.watcher import UdevWatcher
from tests.support.descriptors import descriptors
from tests.support.umockdev import Testbed

pytestmark = pytest.mark.machine("umockdev")


class Heard:
    """What the watcher told, and a way to wait until it has taken all that was sent."""

    def __init__(self, bed: Testbed) -> None:
        self.bed = bed
        self.events: list[Event] = []
        self._arrived = asyncio.Event()
        self._marks = 0

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._arrived.set()

    @property
    def words(self) -> list[str]:
        """ "+sdb", "-sdb", without the marks."""
        signs = {Happening.PLUGGED: "+", Happening.PULLED: "-"}
        return [
            signs[event.happening] + event.device.node.name
            for event in self.events
            if not event.device.node.name.startswith("mark")
        ]

    async def all(self) -> list[str]:
        """The words so far: events come in order, so whatever was sent before a new stick has been taken."""
        self._marks += 1
        mark = f"mark{self._marks}"
        self.bed.stick(mark)
        async with asyncio.timeout(30):
            while not self.events or self.events[-1].device.node.name != mark:
                self._arrived.clear()
                await self._arrived.wait()
        return self.words


async def test_a_stick_is_described_in_its_own_words() -> None:
    bed = Testbed()
    heard, watcher = Heard(bed), UdevWatcher()
    place = bed.stick(
        "sdb",
        attributes={"size": "62533296", "diskseq": "42", "ro": "1"},
        properties={
            "ID_BUS": "usb",
            "ID_VENDOR": "SanDisk",
            "ID_MODEL": "Ultra_USB_3.0",
            "ID_MODEL_ENC": "Ultra\\x20USB\\x203.0\\x20\\x20",
            "ID_SERIAL_SHORT": "4C530001",
            "UDISKS_IGNORE": "1",
        },
    )
    watcher.start(heard)
    assert watcher.degraded == ""
    (device,) = [event.device for event in heard.events]
    assert (device.node, device.sys, device.sequence) == (Path("/dev/sdb"), Path(place), 42)
    assert (device.size, device.bus, device.removable) == (62533296 * 512, Bus.USB, True)
    assert (device.vendor, device.model, device.serial) == ("SanDisk", "Ultra USB 3.0", "4C530001")
    assert device.read_only and device.ignored and not device.optical
    watcher.close()


async def test_only_what_can_be_plugged_in_and_holds_a_medium_is_a_stick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bed = Testbed()
    virtual = bed.add("virtual", "virtual", "", {}, {})
    pci = bed.add("pci", "0000:00:1f.2", "", {}, {})
    size = {"size": "2048"}
    bed.disk("sda", pci, attributes=size, properties={"ID_BUS": "ata"})
    bed.disk("nvme0n1", pci, attributes=size, properties={})
    bed.disk("zip0", pci, attributes={**size, "removable": "1"}, properties={})
    bed.disk("fd0", pci, attributes={"size": "8", "removable": "1"}, properties={})
    for name in ("loop0", "zram0", "dm-0", "md0"):
        bed.disk(name, virtual, attributes={**size, "removable": "1"}, properties={})
    host = bed.add("mmc_host", "mmc0", pci, {}, {})
    for name, kind in (("mmcblk0", "MMC"), ("mmcblk1", "SD")):
        card = bed.add("mmc", f"mmc0:{kind}", host, {"type": kind}, {})
        bed.disk(name, card, attributes=size, properties={})
    bed.stick("sdb")
    bed.stick("sdc", attributes={"size": "0"})
    drive = {"ID_CDROM": "1"}
    bed.stick("sr0", properties=drive)
    bed.stick("sr1", properties={**drive, "ID_CDROM_MEDIA": "1"})
    own = bed.stick("sdd")
    monkeypatch.setattr(watcher_module, "system_disks", lambda: frozenset({Path(own)}))
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    assert sorted(heard.words) == ["+mmcblk1", "+sdb", "+sr1", "+zip0"]
    assert {event.device.bus for event in heard.events} == {Bus.USB, Bus.CARD, Bus.OTHER}
    assert await heard.all() == heard.words
    watcher.close()


async def test_plugging_and_pulling_are_told_once_each_in_their_order() -> None:
    bed = Testbed()
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    for _ in range(3):
        place = bed.stick("sdb")
        bed.event(place, "add")
        bed.event(place, "change")
        bed.event(place, "add")
        assert (await heard.all())[-1] == "+sdb"
        bed.pull(place)
        assert (await heard.all())[-1] == "-sdb"
    assert heard.words == ["+sdb", "-sdb"] * 3
    watcher.close()


async def test_what_comes_while_the_watching_starts_is_neither_missed_nor_told_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bed = Testbed()
    before = bed.stick("sda")
    heard, watcher = Heard(bed), UdevWatcher()
    enumerate_all = UdevWatcher._enumerate

    def busy(self: UdevWatcher, context: object) -> None:
        bed.stick("sdb")
        bed.pull(before)
        enumerate_all(self, context)  # type: ignore[arg-type]
        late = bed.stick("sdc")
        bed.pull(late)
        bed.stick("sdd")

    monkeypatch.setattr(UdevWatcher, "_enumerate", busy)
    watcher.start(heard)
    assert sorted(await heard.all()) == ["+sdb", "+sdd"]
    watcher.close()


async def test_a_disk_that_udev_has_not_dealt_with_waits_for_its_event() -> None:
    bed = Testbed()
    place = bed.stick("sdb", ready=False)
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    assert heard.words == []
    bed.event(place, "add")
    assert await heard.all() == ["+sdb"]
    watcher.close()


@pytest.mark.parametrize("counted", [True, False], ids=["diskseq", "an older kernel"])
async def test_another_card_in_the_reader_is_another_medium(counted: bool) -> None:
    bed = Testbed()

    def medium(size: int, sequence: int) -> tuple[dict[str, str], dict[str, str]]:
        number = str(sequence) if counted else ""
        counts = {"DISKSEQ": number} if counted else {}
        return {"size": str(size), "diskseq": number}, {**counts, "DISK_MEDIA_CHANGE": "1"}

    place = bed.stick("sdb", attributes={"size": "0", "diskseq": ""})
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    assert heard.words == []
    bed.change(place, *medium(2048, 1))
    assert await heard.all() == ["+sdb"]
    bed.change(place, *medium(2048, 2))  # swapped in one go
    assert await heard.all() == ["+sdb", "-sdb", "+sdb"]
    bed.change(place, *medium(0, 3))
    assert (await heard.all())[-1:] == ["-sdb"]
    bed.change(place, *medium(4096, 4))
    bed.pull(place)
    # The reader went before the event about its card was read: that card may be told of, or not.
    assert (await heard.all())[3:] in (["-sdb"], ["-sdb", "+sdb", "-sdb"])
    watcher.close()


async def test_words_about_an_earlier_disk_in_the_same_place_are_not_believed() -> None:
    bed = Testbed()
    place = bed.stick("sdb", ready=False, attributes={"diskseq": "8"})
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    bed.change(place, {}, {"DISKSEQ": "7", "ID_MODEL": "Another"})
    assert await heard.all() == []
    bed.change(place, {}, {"DISKSEQ": "8", "ID_MODEL": "This"})
    assert await heard.all() == ["+sdb"]
    assert [event.device.model for event in heard.events if event.device.sequence == 8] == ["This"]
    bed.change(place, {}, {"DISKSEQ": "7"})
    bed.event(place, "remove")  # of number 7
    assert await heard.all() == ["+sdb"]
    bed.change(place, {}, {"DISKSEQ": "8"})
    bed.event(place, "remove")
    assert await heard.all() == ["+sdb", "-sdb"]
    watcher.close()


async def test_a_stick_that_is_gone_before_its_event_is_read_is_not_told_of() -> None:
    bed = Testbed()
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    bed.vanish(bed.stick("sdb"))
    assert await heard.all() == []
    watcher.close()


async def test_a_stick_half_of_whose_properties_vanished_is_not_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bed = Testbed()
    heard = Heard(bed)
    for vanished in (KeyError("size"), OSError(19, "No such device"), ValueError("")):

        def vanishes(disk: object, why: Exception = vanished) -> None:
            raise why

        watcher = UdevWatcher(describe=vanishes)
        bed.stick(f"sd{type(vanished).__name__[0]}")
        watcher.start(heard)
        assert heard.words == []
        watcher.close()


async def test_forty_sticks_at_once_are_all_told_of() -> None:
    bed = Testbed()
    heard, watcher = Heard(bed), UdevWatcher()
    watcher.start(heard)
    places = []
    for number in range(40):
        places.append(bed.stick(f"sd{number}"))
        if number % 10 == 9:  # the testbed's socket holds no more
            await heard.all()
    assert sorted(heard.words) == sorted(f"+sd{number}" for number in range(40))
    for place in places:
        bed.pull(place)
        await asyncio.sleep(0)
    assert len(await heard.all()) == 80
    watcher.close()


async def test_after_closing_nothing_is_heard_and_nothing_is_open() -> None:
    bed = Testbed()
    bed.stick("sda")
    heard, watcher = Heard(bed), UdevWatcher()
    before = set(descriptors())
    for _ in range(10):
        watcher.start(heard)
        watcher.close()
        watcher.close()
    bed.stick("sdb")
    await asyncio.sleep(0)
    assert heard.words == ["+sda"] * 10
    # One may be left that libudev opens once; what the testbed had open may be closed by now.
    assert len(set(descriptors()) - before) <= 1
