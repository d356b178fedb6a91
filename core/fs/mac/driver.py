"""What the drivers of HFS and HFS+ have in common: one open volume with a catalog."""

from __future__ import annotations

import codecs
from abc import abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from core.entry import Details, Entry, Kind
from core.errors import CorruptStructure, Fault, MediumError, NotFound, RumpusError, WrongKind
from core.fs.driver import BATCH, Driver, Extent, Warnings
from core.fs.mac import forks
from core.fs.mac.btree import Record, Tree
from core.fs.mac.forks import Blocks, Fork, Overflow
from core.fs.mac.items import FINDER_PATH_ROOT, ROOT, Item, attributes, finder_facts
from core.fs.parents import Parents

codecs.lookup("mac_roman")  # a codec is a module: nothing can be imported once the walls stand

_LONGEST_SHOWN = 256
DAMAGE = (CorruptStructure, MediumError)


class Seen(NamedTuple):
    """What an entry is, once links are followed: `item` is what a link leads to."""

    item: Item
    kind: Kind
    size: int
    problem: RumpusError | None = None
    linked: bool = False


class MacDriver(Driver):
    """Nodes are places in the catalog: the number of a leaf, and of a record in it. The root has its own."""

    def __init__(self, blocks: Blocks, catalog: Tree, overflow: Overflow, warnings: Warnings) -> None:
        self._blocks = blocks
        self._catalog = catalog
        self._overflow = overflow
        self._warnings = warnings
        self._parents = Parents(ROOT)
        self._last: tuple[int, Item | None] = -1, None
        """The node that was looked at last, which is asked for several times in a row."""

    # what the two differ in ---------------------------------------------------------------------------------

    _key_at: int
    """Where in a key of the catalog the number of the folder stands."""

    @abstractmethod
    def _item(self, record: Record) -> Item | None:
        """A record as a file or folder; None where it is neither. Raises CorruptStructure."""

    @abstractmethod
    def _shown(self, raw: bytes) -> tuple[str, bool]:
        """A name for people, and whether it is one that the system could have."""

    @abstractmethod
    def _folded(self, name: str) -> str:
        """A shown name as names are compared."""

    def _seen(self, item: Item) -> Seen:
        """What an item is. Raises nothing but DeviceGone."""
        if item.is_folder:
            return Seen(item, Kind.DIRECTORY, 0)
        return Seen(item, Kind.FILE, item.data.size)

    def _is_internal(self, item: Item) -> bool:
        """Whether it is the system's own, and none of its user's."""
        return False

    def _is_private(self, item: Item) -> bool:
        """Whether its own name is none of those that it has for people."""
        return False

    def _more_facts(self, seen: Seen) -> list[tuple[str, str]]:
        return []

    def _links(self, seen: Seen) -> int:
        return 1

    def _misplaced(self, item: Item, seen: Seen) -> RumpusError | None:
        """What is wrong with the place of a folder in another."""
        number = seen.item.number
        return self._parents.misplaced(number, item.parent, "catalog", item.position, f"folder {number}")

    # the driver ---------------------------------------------------------------------------------------------

    def entries(self, node: int) -> Iterator[list[Entry]]:
        folder = self._folder(node)
        damage: list[RumpusError] = []
        batch: list[Entry] = []
        for item in self._items(folder, damage):
            if isinstance(item, Entry):
                batch.append(item)
            elif not self._is_internal(item):
                batch.append(self._named(item))
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch
        if damage:
            raise damage[0]

    def stat(self, node: int) -> Details:
        item = self._found(node)
        if item is None:
            return Details(Entry("", ROOT, Kind.DIRECTORY), facts=[("Catalog number", str(ROOT))])
        seen = self._seen(item)
        target = seen.item
        posix = target.posix
        facts = [("Catalog number", str(target.number)), *finder_facts(target)]
        if target.backed_up:
            when = datetime.fromtimestamp(target.backed_up // 1_000_000_000, UTC)
            facts.append(("Backed up", when.isoformat(" ")[:19]))
        return Details(
            self._entry("" if node == ROOT or self._is_private(item) else None, item, seen, None, node),
            created=target.created,
            accessed=target.accessed,
            changed=target.changed,
            uid=None if posix is None else posix.uid,
            gid=None if posix is None else posix.gid,
            links=max(self._links(seen), 1),
            allocated=self._allocated(target),
            facts=(facts + self._more_facts(seen))[:64],
        )

    def size(self, node: int) -> int:
        item = self._found(node)
        return 0 if item is None else self._seen(item).size

    def extents(self, node: int) -> Iterator[Extent]:
        return forks.extents(self._blocks, self._content(node).item.data, self._overflow)

    def lookup(self, node: int, name: str) -> Entry:
        """By the name itself, or else as the volume compares names."""
        folder = self._folder(node)
        damage: list[RumpusError] = []
        wanted = self._folded(name)
        alike: Item | None = None
        for item in self._items(folder, damage):
            if isinstance(item, Entry) or self._is_internal(item):
                continue
            shown = self._shown(item.raw)[0]
            if shown == name:
                return self._named(item)
            if alike is None and self._folded(shown) == wanted:
                alike = item
        if alike is not None:
            return self._named(alike)
        if damage:
            raise damage[0]
        raise NotFound(name)

    # entries ------------------------------------------------------------------------------------------------

    def _items(self, folder: int, damage: list[RumpusError]) -> Iterator[Item | Entry]:
        """What a folder has; an entry with its problem where a record makes no sense."""
        at = self._key_at
        wanted = folder.to_bytes(4, "big")

        def low(key: bytes) -> bool:
            return key[at : at + 4] < wanted

        for records in self._catalog.group(folder, low, at, damage):
            for record in records:
                try:
                    item = self._item(record)
                except CorruptStructure as error:
                    name = self._shown(self._raw_name(record.key))[0]
                    yield Entry(name, record.place, Kind.FILE, problem=Fault.of(error))
                else:
                    if item is not None:
                        yield item

    @abstractmethod
    def _raw_name(self, key: bytes) -> bytes:
        """The name in a key of the catalog, as far as the key goes."""

    def _named(self, item: Item) -> Entry:
        seen = self._seen(item)
        problem: RumpusError | None = None
        if seen.kind is Kind.DIRECTORY and seen.problem is None:
            problem = self._misplaced(item, seen)
        return self._entry(None, item, seen, problem, seen.item.place)

    def _entry(
        self, name: str | None, item: Item, seen: Seen, problem: RumpusError | None, node: int
    ) -> Entry:
        if name is None:
            name, well_formed = self._shown(item.raw)
            if not well_formed and problem is None:
                problem = CorruptStructure("catalog", item.position, "a name that can be", name)
        problem = seen.problem or problem
        target = seen.item
        posix = target.posix
        return Entry(
            name,
            node,
            seen.kind,
            seen.size,
            target.modified,
            self._attributes(item) | self._attributes(target) if seen.linked else self._attributes(item),
            posix.mode & 0o7777 if posix is not None and posix.mode else None,
            None if problem is None else Fault.of(problem),
        )

    def _attributes(self, item: Item) -> int:
        return attributes(item)

    # nodes --------------------------------------------------------------------------------------------------

    def _found(self, node: int) -> Item | None:
        """The item of a node; None for a root folder without one. Raises NotFound, CorruptStructure,
        MediumError."""
        if node == ROOT:
            return self._root()
        if node == self._last[0]:
            return self._last[1]
        item = self._item(self._catalog.get(node))
        if item is None or item.parent == FINDER_PATH_ROOT:
            raise NotFound(f"record {node}")
        self._last = node, item
        return item

    def _root(self) -> Item | None:
        """The root folder's own record, if there is a sound one."""
        for item in self._items(FINDER_PATH_ROOT, []):
            if isinstance(item, Item) and item.is_folder and item.number == ROOT:
                return item
        return None

    def _folder(self, node: int) -> int:
        """The number of the folder that a node is. Raises NotFound, WrongKind, CorruptStructure,
        MediumError."""
        if node == ROOT:
            return ROOT
        item = self._found(node)
        assert item is not None
        seen = self._seen(item)
        if seen.problem is not None:
            raise seen.problem
        if seen.kind is not Kind.DIRECTORY:
            raise WrongKind(f"record {node}", "directory")
        return seen.item.number

    def _content(self, node: int) -> Seen:
        """Raises what stands between the reader and a file's bytes."""
        item = self._found(node)
        seen = None if item is None else self._seen(item)
        if seen is None or seen.kind is not Kind.FILE:
            raise WrongKind(f"record {node}", "file")
        if seen.problem is not None:
            raise seen.problem
        return seen

    def _allocated(self, item: Item) -> int | None:
        if item.is_folder:
            return None
        unit = self._blocks.size
        return sum(-(-fork.size // unit) * unit for fork in (item.data, item.resource))

    def _fork(self, fork: Fork) -> forks.Bytes:
        return forks.Bytes(self._blocks, fork, self._overflow)
