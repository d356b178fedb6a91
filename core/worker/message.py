"""What every message between host and worker has."""

from __future__ import annotations

from typing import Annotated

import msgspec

Id = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Name = Annotated[str, msgspec.Meta(max_length=1024)]
TOGETHER = 16
"""Files that one request copies at most: a worker has 64 descriptors."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    id: Id
