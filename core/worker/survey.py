"""What is on a device: its partitions, what probing finds in each, and the driver that opens one."""

from __future__ import annotations

from collections.abc import Callable

from core.blockdev import signs
from core.blockdev.device import BlockDevice
from core.blockdev.draft import DraftDevice
from core.blockdev.partition import Partition, Table
from core.blockdev.tables import beside, read_table
from core.blockdev.window import Window
from core.entry import PartitionFacts, Survey
from core.errors import Fault, NotAFileSystem, NotFound, ReadOnly, RumpusError, UnsupportedFeature
from core.fs.driver import CODE_PAGES, DEFAULTS, Driver, Options, Probe
from core.fs.registry import DRIVERS, MENDERS, WRITERS, identify, recognise
from core.fs.repairing import Mender
from core.fs.writable import WritableDriver
from core.worker.protocol import Open


def look(device: BlockDevice) -> Survey:
    """Raises MediumError, DeviceGone when not even the table can be read."""
    table = read_table(device)
    return Survey(
        table=table.kind,
        size=device.size,
        sector_size=table.sector_size,
        partitions=[_partition_facts(device, partition) for partition in table.partitions],
        warnings=table.warnings,
    )


def _partition_facts(device: BlockDevice, partition: Partition) -> PartitionFacts:
    system, label, problem = "", "", partition.problem
    found: list[tuple[type[Driver], Probe]] = []
    try:
        window = _window(device, partition)
        found = recognise(window)
        if found:
            system, label = found[0][1].system, found[0][1].label
        else:
            system = identify(window)
    except RumpusError as error:
        problem = Fault.of(error)
    return PartitionFacts(
        number=partition.number,
        offset=partition.offset,
        size=partition.size,
        type=partition.type,
        name=partition.name,
        system=system,
        label=label,
        problem=problem,
        drivers=[driver.name for driver, _ in found],
    )


def open_volume(device: BlockDevice, wanted: Open) -> tuple[BlockDevice, Driver]:
    """The partition as a device and its driver: the one that was named, or else the best for it.

    Raises NotFound without such a partition, driver or code page, NotAFileSystem, UnsupportedFeature when the
    system is known by name only, and what the driver raises.
    """
    window, driver = _chosen(device, wanted)
    return window, driver.open(window, _options(wanted))


def open_writable(device: BlockDevice, wanted: Open) -> tuple[BlockDevice, WritableDriver]:
    """As `open_volume`, for changing what is there. Raises ReadOnly besides."""
    window, driver = _chosen(device, wanted)
    writer = WRITERS.get(driver)
    if writer is None:
        raise ReadOnly("Rumpus can only read this file system")
    return window, writer.open(window, _options(wanted))


def draft_of(device: BlockDevice, wanted: Open) -> tuple[DraftDevice, Callable[[bool], Mender]]:
    """A draft of the volume, and what opens a walk over it that mends, told whether to keep what is lost.

    Raises as `open_volume`, and UnsupportedFeature where the system cannot be repaired.
    """
    window, driver = _chosen(device, wanted)
    mender = MENDERS.get(driver)
    if mender is None:
        raise UnsupportedFeature(f"repairing {driver.name}")
    draft, options = DraftDevice(window), _options(wanted)
    return draft, lambda keep: mender.open(draft, options, keep=keep)


def chosen_window(device: BlockDevice, wanted: Open) -> BlockDevice:
    """The partition as a device. Raises as `open_volume`."""
    return _numbered(device, read_table(device), wanted.partition)


def _options(wanted: Open) -> Options:
    if wanted.code_page and wanted.code_page not in CODE_PAGES:
        raise NotFound(f"code page {wanted.code_page}")
    return Options(wanted.code_page) if wanted.code_page else DEFAULTS


def _chosen(device: BlockDevice, wanted: Open) -> tuple[BlockDevice, type[Driver]]:
    table = read_table(device)
    window = _numbered(device, table, wanted.partition)
    if wanted.driver:
        driver = next((driver for driver in DRIVERS if driver.name == wanted.driver), None)
        if driver is None:
            raise NotFound(f"driver {wanted.driver}")
        return window, driver
    found = recognise(window)
    if not found:
        system = identify(window)
        if system:
            raise UnsupportedFeature(signs.described(system))
        raise NotAFileSystem(_described(table, window))
    return window, found[0][0]


def _numbered(device: BlockDevice, table: Table, number: int) -> BlockDevice:
    """Number 0 is always the whole device, whatever its table says."""
    if number == 0:
        return device
    for partition in (*table.partitions, *(beside(device) if table.kind == "none" else ())):
        if partition.number == number:
            return _window(device, partition)
    raise NotFound(f"partition {number}")


def _window(device: BlockDevice, partition: Partition) -> BlockDevice:
    if partition.problem is not None:
        raise partition.problem.error()
    return Window(device, partition.offset, partition.size)


def _described(table: Table, window: BlockDevice) -> str:
    first = window.read(0, min(512, window.size))
    if not first.strip(b"\0"):
        return "only zeros at the start"
    if table.kind != "none":
        return f"a partition table ({table.kind.upper()}) with {len(table.partitions)} partitions"
    return f"unknown data starting with {first[:16].hex(' ')}"
