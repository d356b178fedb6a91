"""What is on a device: its partitions, what probing finds in each, and the driver that opens one."""

from __future__ import annotations

from core.blockdev.device import BlockDevice
from core.blockdev.partition import Partition, Table
from core.blockdev.tables import read_table
from core.blockdev.window import Window
from core.entry import PartitionFacts, Survey
from core.errors import Fault, NotAFileSystem, NotFound, RumpusError, UnsupportedFeature
from core.fs.driver import CODE_PAGES, DEFAULTS, Driver, Options
from core.fs.registry import DRIVERS, identify, recognise


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
    )


def open_volume(device: BlockDevice, number: int, name: str, code_page: str) -> tuple[BlockDevice, Driver]:
    """The partition as a device and its driver: the one called `name`, or else the best for it.

    Raises NotFound without such a partition, driver or code page, NotAFileSystem, UnsupportedFeature when the
    system is known by name only, and what the driver raises.
    """
    if code_page and code_page not in CODE_PAGES:
        raise NotFound(f"code page {code_page}")
    options = Options(code_page) if code_page else DEFAULTS
    table = read_table(device)
    window = _numbered(device, table, number)
    if name:
        driver = next((driver for driver in DRIVERS if driver.name == name), None)
        if driver is None:
            raise NotFound(f"driver {name}")
        return window, driver.open(window, options)
    found = recognise(window)
    if not found:
        system = identify(window)
        if system:
            raise UnsupportedFeature(system)
        raise NotAFileSystem(_described(table, window))
    return window, found[0][0].open(window, options)


def _numbered(device: BlockDevice, table: Table, number: int) -> BlockDevice:
    """Number 0 is always the whole device, whatever its table says."""
    if number == 0:
        return device
    for partition in table.partitions:
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
