"""LZNT1, as compressed files have it: [MS-XCA] section 2.5.

A stream of chunks, each of 4096 bytes when it is unpacked. In a chunk, a byte of flags says of eight tokens
which is a literal byte and which refers back. The further a chunk has come, the more bits of a reference are
its distance, and the fewer its length.
"""

from __future__ import annotations

from core.errors import CorruptStructure

CHUNK = 4096
_COMPRESSED = 0x8000
_LONGEST_GROUP = 17
"""Bytes that eight tokens and their flags take at most."""


def _plan(flags: int) -> tuple[tuple[int, ...], int]:
    """How many literals stand before each reference of a group, and how many behind the last."""
    before: list[int] = []
    literals = 0
    for bit in range(8):
        if flags >> bit & 1:
            before.append(literals)
            literals = 0
        else:
            literals += 1
    return tuple(before), literals


_PLANS = [_plan(flags) for flags in range(256)]


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
    """At most CHUNK bytes. A group is taken at once where it must be whole, the last ones token by token."""
    out = bytearray()
    at, stop = 0, len(packed)
    whole = stop - _LONGEST_GROUP
    shift, mask, reach = 12, 0xFFF, 16
    plans = _PLANS
    while at < stop:
        before, behind = plans[packed[at]]
        last = at > whole
        at += 1
        for literals in before:
            if literals:
                out += packed[at : at + literals]
                at += literals
            if last and at + 2 > stop:
                if at >= stop:
                    break
                raise _corrupt(position + at, "a whole reference", "one byte")
            token = packed[at] | packed[at + 1] << 8
            written = len(out)
            while written > reach:
                shift, mask, reach = shift - 1, mask >> 1, reach << 1
            length, start = (token & mask) + 3, written - (token >> shift) - 1
            if start < 0 or written >= CHUNK:
                raise _corrupt(position + at, f"a distance up to {written}", str(written - start))
            at += 2
            if start + length <= written:
                out += out[start : start + length]
            else:
                piece = out[start:]
                out += (piece * (length // len(piece) + 1))[:length]
        if behind:
            out += packed[at : at + behind]
            at += behind
        if len(out) > CHUNK:
            raise _corrupt(position + at, f"at most {CHUNK} bytes in a chunk", str(len(out)))
    return bytes(out)


def _corrupt(position: int, expected: str, found: str) -> CorruptStructure:
    return CorruptStructure("compressed data", position, expected, found)
