"""Damaged ext volumes that were not unmounted: from their journals, too, an answer or a named error."""

from __future__ import annotations

import pytest

from core.errors import RumpusError
from core.fs.ext.driver import Ext
from tests.fuzz.test_damaged_volumes import read_all, soon
from tests.support.ext import blocks_of, debugfs, ext_image, needs_e2fsprogs
from tests.support.memory import MemoryDevice
from tests.support.mutations import mutants
from tests.support.pulling import DEEP

pytestmark = needs_e2fsprogs

EACH = 2000 if DEEP else 300


@pytest.fixture(scope="module", params=[("^metadata_csum,^64bit", ""), ("metadata_csum", "-c -v 3")])
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A folder and a file's map are newer in the journal, which lies in the part that is damaged."""
    features, journal = request.param
    folder = tmp_path_factory.mktemp("journal")
    source = folder / "source"
    (source / "many").mkdir(parents=True)
    for number in range(200):
        (source / "many" / f"{number:04} with a long name").write_bytes(b"x" * number)
    with (source / "pieces").open("wb") as file:
        for number in range(300):
            file.seek(number * 2048)
            file.write(b"%4d" % number)
    options = ("-t", "ext4", "-b", "1024", "-N", "256", "-O", features, "-J", "size=1")
    place = ("-E", "packed_meta_blocks=1")
    image = ext_image(folder / "stick.img", 4 << 20, *options, *place, source=source)
    blocks = blocks_of(image, "/many") + blocks_of(image, "/pieces")[:60]
    content = image.read_bytes()
    newer = folder / "newer"
    newer.write_bytes(b"".join(content[block * 1024 : (block + 1) * 1024] for block in blocks))
    numbers = ",".join(str(block) for block in blocks)
    debugfs(image, f"jo {journal}", f"jw -b {numbers} {newer}", f"jw -r {blocks[-1]}", "jc", write=True)
    return image.read_bytes()


def test_the_driver_answers_or_names_the_damage(image: bytes) -> None:
    opened = replayed = 0
    for what, damaged in mutants(image, EACH, seed=3):
        device = MemoryDevice(damaged)
        with soon(what):
            try:
                volume = Ext.open(device)
            except RumpusError:
                continue
            opened += 1
            replayed += "replayed" in dict(volume.facts().facts)["Journal"]
            read_all(volume, device)
    assert opened > EACH // 2
    assert replayed > EACH // 4
