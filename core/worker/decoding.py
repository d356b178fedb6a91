"""The loop of a decoder: bytes in, pixels or words out. It has no device and knows no file's name."""

from __future__ import annotations

import os
import socket

from core.blockdev.descriptor import Shape
from core.decode import pdf, picture, text
from core.worker import attempts, protocol
from core.worker.protocol import Decode, Drawn, Reply, Spelt, Undecoded
from core.worker.sandbox import Layers

text.preload()


def serve(host: socket.socket, descriptor: int | None, shape: Shape, layers: Layers) -> None:
    """Reports that the walls stand and serves until the host closes its end."""
    host.send(protocol.encode(protocol.Ready(id=0, layers=layers.in_force, missing=layers.missing)))
    while True:
        packet, descriptors, _, _ = socket.recv_fds(host, protocol.MAX_REQUEST, 1)
        if not packet:
            return
        request = protocol.decode_request(packet)
        if isinstance(request, Decode) and descriptors:
            host.send(protocol.encode(_decoded(request, descriptors[0])))
        elif isinstance(request, protocol.Attempt):
            host.send(protocol.encode(attempts.attempt(request)))
        for each in descriptors:
            os.close(each)


def _decoded(request: Decode, descriptor: int) -> Reply:
    data = os.pread(descriptor, request.length, 0)
    seems = picture.recognised(data) or pdf.recognised(data)
    try:
        if seems:
            drawn = _drawn(request, data)
            if drawn is None:
                return Undecoded(id=request.id, reason="more")
            _put(descriptor, drawn.pixels)
            return Drawn(id=request.id, width=drawn.width, height=drawn.height, facts=drawn.facts)
    except pdf.Locked:
        return Undecoded(id=request.id, reason="locked")
    except (picture.TooLarge, MemoryError):
        return Undecoded(id=request.id, reason="too large")
    except Exception:  # noqa: BLE001, S110 - libraries raise anything about broken pictures
        pass  # a text may begin like a picture: then it is shown as one
    spelt = None if request.picture else text.text(data[: protocol.MOST_TEXT], whole=request.whole)
    if spelt is None:
        return Undecoded(id=request.id, reason="broken" if seems else "unknown")
    encoded = spelt[0].encode(errors="replace")[: protocol.MOST_TEXT]
    _put(descriptor, encoded)
    return Spelt(id=request.id, length=len(encoded), encoding=spelt[1])


def _drawn(request: Decode, data: bytes) -> picture.Picture | None:
    if pdf.recognised(data):
        return pdf.first_page(data, request.width, request.height) if request.whole else None
    if not request.whole:
        return picture.embedded(data, request.width, request.height)
    return picture.picture(data, request.width, request.height)


def _put(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.pwrite(descriptor, view, len(data) - len(view)) :]
