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

Without logind nobody gets the ACL of udev's uaccess. boot.sh stands in for it with a rule that gives sticks
to the group of user 1000; the rules that the package ships are copied beside it.

A scenario is a test in one of the test_*.py. It takes the fixtures it needs: `guest` (a Machine), `usb` (an
empty bus, emptied again afterwards), `udev`, `application`, `figure` (to have a measurement told at the end).
Wait for events, never for time. Clocks: figures "from udev's add" are the guest's own; under emulation they
are some 15 times what a real machine needs, and good for comparison only.

To see what goes on: build/vm/serial.log has what the guest's kernel and boot.sh said, build/vm/qemu.log what
QEMU said, build/vm/*.png what the window showed. One command in a fresh guest, with a stick in it:

    .venv/bin/python -m tests.vm --plug stick.img lsblk --fs
"""
