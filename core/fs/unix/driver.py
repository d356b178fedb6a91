"""What drivers of systems with inodes have in common: all that follows once inodes and maps can be read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Generic, Protocol, TypeVar

from core.blockdev.device import BlockDevice
from core.entry import Details, Entry, Kind
from core.errors import CorruptStructure, Fault, NotFound, RumpusError, WrongKind
from core.fs.driver import BATCH, Driver, Extent
from core.fs.parents import Parents
from core.fs.unix.directory import Damage, Named, Parse, named, shown, text
from core.fs.unix.inode import Inode

_WINDOW = 16 * BATCH
"""Names whose inodes are looked up together. Inodes lie in no order of the names."""
_LONGEST_LINK = 4096


class AnyInode(Protocol):
    """What a listing tells of an inode."""

    number: int
    position: int
    mode: int
    size: int
    problem: CorruptStructure | None

    @property
    def kind(self) -> Kind: ...
    @property
    def in_use(self) -> bool: ...
    @property
    def modified(self) -> int | None: ...


_I = TypeVar("_I", bound=AnyInode)


class InodeDriver(Driver, Generic[_I]):
    """Of a system whose directories have names and numbers of inodes. Nodes are these numbers."""

    ROOT: ClassVar[int] = 2

    def __init__(self) -> None:
        self._parents = Parents(self.ROOT)
        self._last: _I | None = None
        """What was asked for last: whoever reads a file asks for it several times."""

    @abstractmethod
    def inodes(self, numbers: Iterable[int]) -> dict[int, _I | RumpusError]:
        """Those of these numbers, or why not; NotFound for a number that there is not."""

    @abstractmethod
    def mapped(self, inode: _I) -> Iterator[Extent]:
        """The bytes of a file, directory or link. Raises CorruptStructure, MediumError."""

    @abstractmethod
    def _names(self, inode: _I, damage: Damage) -> Iterator[list[Named]]:
        """What each piece of a directory names. Raises what keeps all of it from being read."""

    @abstractmethod
    def _target(self, inode: _I) -> bytes:
        """What a symbolic link leads to. Raises CorruptStructure, MediumError."""

    def _refuse(self, inode: _I) -> None:
        """Raises what stands between the reader and the content of a file or link."""
        if inode.problem is not None:
            raise inode.problem

    def _is_called(self, directory: _I, name: str) -> Callable[[str], bool]:
        """Whether a name in this directory is the one that is looked for."""
        return name.__eq__

    def _may_be(self, name: bytes, directory: _I) -> bool:
        """Whether a name in this directory is one."""
        return b"/" not in name and b"\0" not in name

    def _flags(self, inode: _I) -> int:
        """As `Entry.attributes`."""
        return 0

    def entries(self, node: int) -> Iterator[list[Entry]]:
        inode = self._directory(node)
        damage = Damage()
        waiting: list[Named] = []
        window = BATCH
        for found in self._names(inode, damage):
            waiting += found
            if len(waiting) >= window:
                yield from self._batches(inode, waiting)
                waiting = []
                window = _WINDOW
        if waiting:
            yield from self._batches(inode, waiting)
        if damage:
            raise damage[0]

    def size(self, node: int) -> int:
        inode = self._inode(node)
        return inode.size if inode.kind in (Kind.FILE, Kind.SYMLINK) else 0

    def extents(self, node: int) -> Iterator[Extent]:
        inode = self._inode(node)
        if inode.kind is not Kind.FILE:
            raise WrongKind(f"inode {node}", "file")
        self._refuse(inode)
        return self.mapped(inode)

    def read_link(self, node: int) -> str:
        inode = self._inode(node)
        if inode.kind is not Kind.SYMLINK:
            raise WrongKind(f"inode {node}", "symlink")
        self._refuse(inode)
        if not 0 < inode.size <= _LONGEST_LINK:
            expected = f"a target of 1 to {_LONGEST_LINK} bytes"
            raise CorruptStructure("inode", inode.position, expected, str(inode.size))
        return text(self._target(inode))[:_LONGEST_LINK]

    def lookup(self, node: int, name: str) -> Entry:
        inode = self._directory(node)
        is_it = self._is_called(inode, name)
        damage = Damage()
        for found in self._names(inode, damage):
            for one in found:
                if is_it(shown(one.name)):
                    return next(self._batches(inode, [one]))[0]
        if damage:
            raise damage[0]
        raise NotFound(name)

    def _batches(self, above: _I, found: list[Named]) -> Iterator[list[Entry]]:
        inodes = self.inodes(one.number for one in found)
        for start in range(0, len(found), BATCH):
            yield [self._named(above, one, inodes[one.number]) for one in found[start : start + BATCH]]

    def _named(self, above: _I, named: Named, inode: _I | RumpusError) -> Entry:
        name = shown(named.name)
        problem: RumpusError | None = None
        if not self._may_be(named.name, above):
            problem = CorruptStructure("directory", named.position, "a name without / and NUL", name)
        if isinstance(inode, NotFound):
            expected, found = "an inode of the volume", str(named.number)
            inode = CorruptStructure("directory", named.position, expected, found)
        if isinstance(inode, RumpusError):
            return Entry(name, named.number, named.kind, problem=Fault.of(inode))
        if inode.kind is Kind.DIRECTORY and problem is None:
            which = f"inode {named.number}"
            problem = self._parents.misplaced(named.number, above.number, "directory", named.position, which)
        return self._entry(name, inode, problem)

    def _entry(self, name: str, inode: _I, problem: RumpusError | None) -> Entry:
        problem = inode.problem or problem
        kind = inode.kind
        return Entry(
            name,
            inode.number,
            kind,
            inode.size if kind in (Kind.FILE, Kind.SYMLINK) else 0,
            inode.modified,
            self._flags(inode),
            inode.mode & 0o7777,
            None if problem is None else Fault.of(problem),
        )

    def _inode(self, node: int) -> _I:
        """Raises NotFound when there is no such inode or it is not in use, CorruptStructure, MediumError."""
        if self._last is None or self._last.number != node:
            found = self.inodes([node])[node]
            if isinstance(found, RumpusError):
                raise found
            if not found.in_use:
                raise NotFound(f"inode {node}")
            self._last = found
        return self._last

    def _directory(self, node: int) -> _I:
        inode = self._inode(node)
        if inode.kind is not Kind.DIRECTORY:
            if inode.problem is not None:
                raise inode.problem
            raise WrongKind(f"inode {node}", "directory")
        return inode


class UnixDriver(InodeDriver[Inode]):
    """One of the family, which sets the attributes below before all else."""

    device: BlockDevice
    block_size: int
    """In which directories are read."""
    parse: Parse

    def target(self, inode: Inode) -> bytes | None:
        """What a symbolic link leads to, when that stands in the inode itself."""
        return None

    def stat(self, node: int) -> Details:
        inode = self._inode(node)
        return Details(
            self._entry("", inode, None),
            created=inode.created,
            accessed=inode.accessed,
            changed=inode.changed,
            uid=inode.uid,
            gid=inode.gid,
            links=inode.links,
            allocated=inode.allocated,
            facts=[("Inode", str(node)), *inode.facts],
        )

    def _names(self, inode: Inode, damage: Damage) -> Iterator[list[Named]]:
        if inode.problem is not None:
            raise inode.problem
        return named(self.device, self.mapped(inode), self.block_size, self.parse, damage)

    def _target(self, inode: Inode) -> bytes:
        target = self.target(inode)
        if target is not None:
            return target
        pieces = (
            self.device.read(position, length) if position >= 0 else bytes(length)
            for _, position, length in self.mapped(inode)
        )
        return b"".join(pieces)
