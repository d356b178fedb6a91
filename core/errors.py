"""The one taxonomy of what can go wrong with a stick.

Errors are raised where they are known, with fields and no prose; each front end words them once.
Each error can cross the wall between worker and host as a `Fault`, which is data and is validated on arrival.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self, dataclass_transform

import msgspec

MAX_FAULT_TEXT = 8192


@dataclass_transform(eq_default=False)
class RumpusError(Exception):
    """Base of every error that a stick, a worker or the host can cause. Never raised itself.

    What a class annotates are its fields, as with a dataclass; but that would compile three functions for
    each of these, and every process of ours waits for them when it starts.
    """

    kind: ClassVar[str] = "error"
    fields: ClassVar[dict[str, str]] = {}
    """The types of its fields as they are written, by name, in the order of its arguments."""

    def __init_subclass__(cls) -> None:
        cls.kind = cls.__name__
        cls.fields = cls.fields | cls.__annotations__
        _KINDS[cls.__name__] = cls

    def __init__(self, *values: object, **named: object) -> None:
        given = dict(zip(self.fields, values, strict=False)) | named
        missing = [name for name in self.fields if name not in given and not hasattr(type(self), name)]
        if missing or len(given) != len(values) + len(named) or not given.keys() <= self.fields.keys():
            raise TypeError(f"{self.kind} is made of {', '.join(self.fields)}")
        self.__dict__.update(given)

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.fields)})"


_KINDS: dict[str, type[RumpusError]] = {}


class DeviceGone(RumpusError):
    """The stick was pulled out, or its bus was reset."""


class MediumError(RumpusError):
    """The medium could not be read at `offset`, for `length` bytes (bad sectors)."""

    offset: int
    length: int


class NotWritten(MediumError):
    """The medium did not take what was written; in a flush, which part of the range is not known."""


class Differs(MediumError):
    """What the stick has and what the host has are not the same, from `offset` in the file on."""


class Reused(RumpusError):
    """Other files lie where a deleted one had `length` bytes from `offset` on, if it had them there."""

    offset: int
    length: int


class CorruptStructure(RumpusError):
    """An on-disk structure at `offset` (bytes from the start of the volume) contradicts its specification."""

    structure: str
    offset: int
    expected: str
    found: str


class UnsupportedFeature(RumpusError):
    """A healthy volume uses a feature that the driver does not have; `name` is the specification's word."""

    name: str


class NotAFileSystem(RumpusError):
    """Nothing was recognised; `found` says what the first blocks hold instead."""

    found: str


class AccessDenied(RumpusError):
    """The host does not give the device to this user; `reason` is the host's own word for why."""

    path: str
    reason: str


class DeviceBusy(RumpusError):
    """Somebody holds the device: a mount, another program, a copy of ours (`holder`, empty when unknown).

    `mount` is the mount point, for people, where that alone is in the way.
    """

    path: str
    holder: str
    mount: str = ""


class Ejected(RumpusError):
    """Everything is on the stick and nobody holds it: it can be pulled out.

    `powered` says why it was not switched off besides; empty when it was.
    """

    powered: str = ""


class DriverCrashed(RumpusError):
    """A bug of ours: the worker died or its driver raised what it must not."""

    cause: str
    report: str = ""


class DriverHung(RumpusError):
    """The worker gave no answer to `operation` within `seconds` and was killed."""

    operation: str
    seconds: float


class SandboxViolation(RumpusError):
    """The worker tried a system call that its sandbox forbids (`syscall` is empty when it is not known)."""

    syscall: str


class ProtocolViolation(RumpusError):
    """The worker said something that the protocol does not allow, and was killed for it."""

    detail: str


class SandboxUnavailable(RumpusError):
    """This machine lacks `layer`, without which no stick is opened unless the user overrides it by name."""

    layer: str


class NotFound(RumpusError):
    """No entry of that name or number."""

    what: str


class WrongKind(RumpusError):
    """The operation does not fit this kind of entry; `wanted` is file, directory or symlink."""

    what: str
    wanted: str


class AlreadyExists(RumpusError):
    """A directory has an entry of that name already, as its file system compares names."""

    what: str


class NotEmpty(RumpusError):
    """A directory that still has entries cannot be removed."""

    what: str


class InsideItself(RumpusError):
    """A directory cannot be moved into itself or into one that lies in it."""

    what: str


class NameNotAllowed(RumpusError):
    """The file system has no such names; `reason` is one of the words of `core.fs.writable.Reason`."""

    name: str
    reason: str


class NoSpace(RumpusError):
    """The volume has not so many bytes left. Nothing was written."""

    needed: int
    free: int


class TooLarge(RumpusError):
    """A file of `size` bytes, where the file system stops at `limit`. Nothing was written."""

    size: int
    limit: int


class DirectoryFull(RumpusError):
    """The directory can have no more entries; `limit` counts them in the file system's own units."""

    what: str
    limit: int


class SizeNotAllowed(RumpusError):
    """A volume of `size` bytes cannot be of this system."""

    system: str
    size: int


class ReadOnly(RumpusError):
    """Nothing is written to this volume; `reason` says what is against it."""

    reason: str


class HostWriteFailed(RumpusError):
    """The host could not write the destination of a copy (`errno` as the kernel gave it)."""

    path: str
    errno: int


class HostReadFailed(RumpusError):
    """The host could not read the source of a copy (`errno`; 0: it has fewer bytes than it had)."""

    path: str
    errno: int


class NotMounted(RumpusError):
    """The host does not take a volume as its directory `path`; `reason` is a sentence without a full stop."""

    path: str
    reason: str


class NotScrambled(RumpusError):
    """The names in a capsule cannot be replaced by others; `reason` is a sentence without a full stop."""

    reason: str


class Cancelled(RumpusError):
    """The user asked for this operation to stop."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `RumpusError` as data: what crosses the wall, and what a damaged entry carries as its problem."""

    kind: Annotated[str, msgspec.Meta(max_length=32)]
    values: dict[
        Annotated[str, msgspec.Meta(max_length=32)],
        Annotated[str, msgspec.Meta(max_length=MAX_FAULT_TEXT)] | int | float,
    ] = {}

    @classmethod
    def of(cls, error: RumpusError) -> Self:
        values = {name: getattr(error, name) for name in error.fields}
        return cls(
            kind=error.kind,
            values={
                name: value[:MAX_FAULT_TEXT].encode(errors="replace").decode(errors="replace")
                if isinstance(value, str)
                else value
                for name, value in values.items()
            },
        )

    def error(self) -> RumpusError:
        """The exception again. Raises ProtocolViolation when the kind or its fields are none of ours."""
        cls = _KINDS.get(self.kind)
        if cls is None:
            raise ProtocolViolation(f"unknown kind of error {self.kind!r}")
        wanted = cls.fields
        if wanted.keys() != self.values.keys() or any(
            type(value).__name__ != wanted[name] and not (wanted[name] == "float" and type(value) is int)
            for name, value in self.values.items()
        ):
            raise ProtocolViolation(f"wrong fields for {self.kind}")
        return cls(**self.values)
