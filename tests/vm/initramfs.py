"""The only thing that is built for the guest: a few megabytes that find the host's / and make it the root.

The host's / comes over virtio-9p, read-only, and a tmpfs over it takes what the guest writes. So the guest
has the host's Python, this checkout and its environment, and no disk image is made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.vm.kernel import Kernel, module_bytes
from tests.vm.needs import tool

ROOT_TAG, SHARE_TAG = "host-root", "share"
"""Mount tags of the two 9p exports."""
SHARE = Path("/run/share")
"""Where the guest sees the folder that it shares with the host, for images, results and screenshots."""

_INIT = f"""#!/bin/busybox sh
# First stage, in the initramfs: ends in switch_root, or in a panic that ends QEMU.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for word in $(cat /proc/cmdline); do
    case $word in rumpus.*=*) export "${{word#rumpus.}}" ;; esac
done
while read -r name; do insmod "/modules/$name"; done </modules/order
plan9=trans=virtio,version=9p2000.L,msize=512000
mkdir -p /lower /over /root /kept
mount -t 9p -o "$plan9,ro,cache=loose" {ROOT_TAG} /lower || exit 1
mount -t tmpfs -o size=75% over /over
mkdir /over/upper /over/work
mount -t overlay -o lowerdir=/lower,upperdir=/over/upper,workdir=/over/work overlay /root || exit 1
mount --bind "/root$checkout" /kept || exit 1 # before an empty /tmp hides a checkout that lies there
mount -t tmpfs -o mode=1777 tmp /root/tmp
mount -t tmpfs -o mode=755 run /root/run
mkdir -p "/root$checkout"
mount --move /kept "/root$checkout"
mkdir -p /root{SHARE}
mount -t 9p -o "$plan9,cache=none" {SHARE_TAG} /root{SHARE} || exit 1
for moved in dev proc sys; do mount --move /$moved /root/$moved; done
exec switch_root /root /bin/sh "$checkout/tests/vm/guest/boot.sh"
"""


def make_initramfs(kernel: Kernel, path: Path, modules: Sequence[str]) -> Path:
    """Writes the archive to `path`, with those modules and what they depend on."""
    tree = path.with_suffix(".tree")
    for folder in ("bin", "dev", "proc", "sys", "modules"):
        (tree / folder).mkdir(parents=True)
    shutil.copy(tool("busybox"), tree / "bin" / "busybox")
    files = kernel.modules(*modules)
    for file in files:
        (tree / "modules" / file.name).write_bytes(module_bytes(file))
    (tree / "modules" / "order").write_text("".join(f"{file.name}\n" for file in files))
    init = tree / "init"
    init.write_text(_INIT)
    init.chmod(0o755)
    names = sorted(str(each.relative_to(tree)) for each in tree.rglob("*"))
    with path.open("wb") as archive:
        subprocess.run(
            [tool("cpio"), "--create", "--format=newc", "--owner=0:0", "--quiet"],
            cwd=tree,
            input=os.fsencode("\n".join(names)),
            stdout=archive,
            check=True,
            timeout=60,
        )
    shutil.rmtree(tree)
    return path
