"""Real hot-plug without hardware: `make test-vm`.

Debian's own kernel boots under QEMU with the real systemd-udevd, and emulated USB sticks are plugged, worn
and yanked while this checkout runs inside. One boot for all scenarios; some 7 minutes without KVM.

How it works

    kernel.py        downloads the package behind linux-image-amd64 into build/vm and unpacks it there
    initramfs.py     the only thing that is built: mounts the host's / over virtio-9p, read-only, with a tmpfs
                     over it. So the guest has this checkout and its .venv, and writes nothing to the host.
    accelerator.py   KVM if a guest boots with it, else software emulation
    machine.py       starts QEMU, ends it whatever happens; `Machine` runs programs in the guest
    guest/boot.sh    process 1 of the guest: udevd, then the agent
    guest/agent.py   starts the programs that the host asks for (over a virtio serial port)
    link.py          the host's end of the agent; talk.py: JSON lines with a program that stays
    qmp.py           commands to QEMU; hardware.py: sticks, hubs and card readers made of them
    images.py        what is on the sticks, made by mkfs.fat and mtools
    senses.py        what scenarios wait for

Programs of guest/ that scenarios talk to: `events` (what udev says), `application` (all of Rumpus but its
window), `window` (the real one, offscreen). Only one of the last two may run at a time, and no command beside
them: each takes every stick for itself.

Sticks open for user 1000 by the udev rule that the package ships: boot.sh writes what logind would have
written of a person at seat 0, and udev's own uaccess gives that user the ACL. The guest has a disk of its own
besides, /dev/vda, which stands for the system's and is nobody's.

A scenario is a test in one of the test_*.py. It takes the fixtures it needs: `guest` (a Machine), `usb` (an
empty bus, emptied again afterwards), `udev`, `application`, `figure` (to have a measurement told at the end).
Wait for events, never for time. Clocks: figures "from udev's add" are the guest's own; under emulation they
are some 15 times what a real machine needs, and good for comparison only.

To see what goes on: build/vm/serial.log has what the guest's kernel and boot.sh said, build/vm/qemu.log what
QEMU said, build/vm/*.png what the window showed. One command in a fresh guest, with a stick in it:

    .venv/bin/python -m tests.vm --plug stick.img lsblk --fs
"""
