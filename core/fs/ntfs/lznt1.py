"""LZNT1, as compressed files have it: [MS-XCA] section 2.5.

A stream of chunks, each of 4096 bytes when it is unpacked. In a chunk, a byte of flags says of eight tokens
which is a literal byte and which refers back. The further a chunk has come, the more bits of a reference are
its distance.
"""

from __future__ import annotations

from core.errors import CorruptStructure

CHUNK = 4096
_COMPRESSED = 0x8000
_SHAPES = [
    (12 - bits, (1 << (12 - bits)) - 1)
    for bits in (max(0, (at - 1).bit_length() - 4) for at in range(1, CHUNK + 1))
]
"""For each place in a chunk, less one: how far a token is shifted for its distance, and its length's mask."""


def unpacked(packed: bytes, size: int, position: int) -> bytes:
    """The first `size` bytes of what was packed; what is missing is zeros. Raises CorruptStructure."""
    chunks: list[bytes] = []
    at, end, done = 0, len(packed), 0
    while done < size and at + 2 <= end:
        head = packed[at] | packed[at + 1] << 8
        if head == 0:
            break
        stop = at + 3 + (head & 0xFFF)
        if stop > end:
            expected = "a chunk inside its compression unit"
            raise CorruptStructure("compressed data", position + at, expected, f"{stop - at} bytes")
        chunk = packed[at + 2 : stop]
        if head & _COMPRESSED:
            chunk = _chunk(chunk, position + at + 2)
        chunks.append(chunk)
        if len(chunk) < CHUNK:
            chunks.append(bytes(CHUNK - len(chunk)))
        at = stop
        done += CHUNK
    whole = b"".join(chunks)[:size]
    return whole if len(whole) == size else whole + bytes(size - len(whole))


def _chunk(packed: bytes, position: int) -> bytes:
    at, stop = 0, len(packed)
    out = bytearray()
    shapes = _SHAPES
    while at < stop:
        flags = packed[at]
        at += 1
        if flags == 0:
            out += packed[at : min(at + 8, stop)]
            at += 8
            continue
        for _ in range(8):
            if at >= stop:
                break
            if not flags & 1:
                out.append(packed[at])
                at += 1
            else:
                written = len(out)
                if at + 2 > stop or not 0 < written < CHUNK:
                    found = f"one at byte {written}"
                    raise CorruptStructure("compressed data", position + at, "a reference back", found)
                token = packed[at] | packed[at + 1] << 8
                at += 2
                shift, mask = shapes[written - 1]
                length, distance = (token & mask) + 3, (token >> shift) + 1
                start = written - distance
                if start < 0:
                    raise CorruptStructure(
                        "compressed data", position + at - 2, f"a distance up to {written}", str(distance)
                    )
                if length <= distance:
                    out += out[start : start + length]
                else:
                    piece = out[start:]
                    out += (piece * (length // distance + 1))[:length]
            flags >>= 1
    if len(out) > CHUNK:
        raise CorruptStructure(
            "compressed data", position, f"at most {CHUNK} bytes in a chunk", f"{len(out)}"
        )
    return bytes(out)
