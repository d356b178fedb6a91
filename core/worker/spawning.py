"""What host and zygote say to each other: workers are asked for, begin and end.

One msgpack message a packet over SOCK_SEQPACKET, as in `core.worker.protocol`. Imported by both sides.
"""

from __future__ import annotations

import msgspec

from core.entry import Text
from core.worker.message import Id


class _News(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    id: Id


class Spawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start worker `id`. Comes with its socket, its stderr and, unless it is a probe, the device."""

    id: Id
    without: list[str] = []
    """Layers of the sandbox to leave out, by name."""
    splits: bool = False
    """Not a worker, but another zygote: it comes with the socket that this one is to serve, and no more."""


class Spawned(_News, frozen=True):
    """Worker `id` runs as process `pid`; its pidfd comes along."""

    pid: int


class NotSpawned(_News, frozen=True):
    reason: Text


class Exited(_News, frozen=True):
    """Worker `id` is gone: exit `status`, or minus the number of the signal that killed it."""

    status: int


News = Spawned | NotSpawned | Exited

_encoder = msgspec.msgpack.Encoder()
_spawns: msgspec.msgpack.Decoder[Spawn] = msgspec.msgpack.Decoder(Spawn)
_news: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)


def encode(message: Spawn | News) -> bytes:
    return _encoder.encode(message)


def decode_spawn(packet: bytes) -> Spawn:
    """Raises msgspec.DecodeError or ValidationError."""
    return _spawns.decode(packet)


def decode_news(packet: bytes) -> News:
    """Raises msgspec.DecodeError or ValidationError."""
    return _news.decode(packet)
