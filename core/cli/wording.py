"""The taxonomy in the terminal's words: one sentence for each error."""

from __future__ import annotations

import os

from core.errors import (
    AccessDenied,
    AlreadyExists,
    Cancelled,
    CorruptStructure,
    DeviceBusy,
    DeviceGone,
    Differs,
    DirectoryFull,
    DriverCrashed,
    DriverHung,
    Ejected,
    Fault,
    HostReadFailed,
    HostWriteFailed,
    InsideItself,
    MediumError,
    NameNotAllowed,
    NoSpace,
    NotAFileSystem,
    NotEmpty,
    NotFound,
    NotMounted,
    NotScrambled,
    NotWritten,
    ProtocolViolation,
    ReadOnly,
    Reused,
    RumpusError,
    SandboxUnavailable,
    SandboxViolation,
    SizeNotAllowed,
    TooLarge,
    UnsupportedFeature,
    WrongKind,
)
from core.host.names import shown


def sentence(error: RumpusError) -> str:
    """What happened, in one line without a full stop."""
    match error:
        case DeviceGone():
            return "the stick was pulled out"
        case Differs(offset=offset):
            return f"the copy is not the same, from byte {offset} on"
        case NotWritten(offset=offset, length=length):
            return f"the stick did not take what was written to it ({length} bytes at {offset:#x})"
        case MediumError(offset=offset, length=length):
            return f"bad sectors: {length} bytes at {offset:#x} cannot be read"
        case CorruptStructure(structure=structure, offset=offset, expected=expected, found=found):
            return f"damaged {structure} at {offset:#x}: expected {expected}, found {shown(found)}"
        case UnsupportedFeature(name=name):
            return f"{shown(name)}; Rumpus does not read it yet"
        case NotAFileSystem(found=found):
            return f"no file system was recognised; there is {shown(found)}"
        case AccessDenied(reason=reason):
            return f"this machine does not let you read it ({shown(reason)})"
        case DeviceBusy(holder=holder):
            return f"it is in use by {shown(holder)}" if holder else "it is in use, or mounted"
        case Ejected():
            return "it was ejected; put it in again to use it"
        case DriverCrashed(cause=cause, report=report):
            place = report.partition("\n")[0]
            return f"the driver crashed ({shown(cause)})" + (f"; {place}" if place else "")
        case DriverHung(operation=operation, seconds=seconds):
            return f"the driver did not answer ({operation}) for {seconds:.0f} seconds and was stopped"
        case SandboxViolation(syscall=syscall):
            tried = f" ({syscall})" if syscall else ""
            return f"the driver tried what is forbidden{tried} and was killed: treat this stick as an attack"
        case ProtocolViolation(detail=detail):
            return f"the driver broke the protocol and was killed: {shown(detail)}"
        case SandboxUnavailable(layer=layer):
            return (
                f"this machine lacks {layer}, without which nothing is opened (--without '{layer}' overrides)"
            )
        case NotFound(what=what):
            return f"there is no {shown(what)}"
        case WrongKind(what=what, wanted=wanted):
            return f"{shown(what) or '/'} is not a {wanted}"
        case AlreadyExists(what=what):
            return f"there is a {shown(what)} already"
        case NotEmpty(what=what):
            return f"the folder {shown(what)} is not empty"
        case InsideItself(what=what):
            return f"the folder {shown(what)} cannot be moved into itself"
        case NameNotAllowed(name=name, reason=reason):
            return f"the stick cannot hold the name {shown(name)} ({shown(reason)})"
        case NoSpace(needed=needed, free=free):
            return f"there is not enough room on the stick: {needed} bytes wanted, {free} free"
        case TooLarge(size=size, limit=limit):
            return f"the stick holds files of at most {limit} bytes, and this one has {size}"
        case DirectoryFull(what=what):
            return f"the folder {shown(what) or '/'} can hold no more entries"
        case SizeNotAllowed(system=system, size=size):
            return f"{size} bytes are no size for {system}"
        case Reused(length=length):
            return f"other files lie where {length} bytes of it were"
        case ReadOnly(reason=reason):
            return f"nothing is written to this stick: {shown(reason)}"
        case HostWriteFailed(errno=errno):
            return f"cannot be written here: {os.strerror(errno)}"
        case HostReadFailed(errno=0):
            return "it became shorter while it was copied"
        case HostReadFailed(errno=errno):
            return f"cannot be read here: {os.strerror(errno)}"
        case NotMounted(reason=reason):
            return f"it was not mounted: {shown(reason)}"
        case NotScrambled(reason=reason):
            return f"the names in it cannot be scrambled: {shown(reason)}"
        case Cancelled():
            return "cancelled"
        case _:
            return str(error)


def problem(fault: Fault) -> str:
    return sentence(fault.error())
