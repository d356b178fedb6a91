#!/bin/sh
# Second stage, process 1 of the guest: real udevd over the host's files, then the agent. Its end is the guest's.
# The kernel's command line gave it $checkout and $modules.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TZ=UTC

since() { echo "rumpus-boot: $1 at $(cut -d' ' -f1 /proc/uptime)"; }
since root
mkdir -p /dev/pts /dev/shm /lib/modules
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t cgroup2 cgroup /sys/fs/cgroup
mount --bind "$modules" /lib/modules
busybox ip link set lo up

# Where the checkout or its Python lie in somebody's home, other users must get through. Only the guest sees this.
for way in "$checkout" "$(readlink -f "$checkout/.venv")" "$(readlink -f "$checkout/.venv/bin/python")"; do
    while [ "$way" != / ]; do
        chmod a+x "$way"
        way=$(dirname "$way")
    done
done

# The rule that the package ships, and somebody who sits at this computer: without logind, what it would have
# written is all that udev's uaccess looks at.
mkdir -p /run/udev/rules.d /run/systemd/seats
cp "$checkout"/packaging/desktop/*.rules /run/udev/rules.d
printf 'IS_SEAT0=1\nACTIVE=1\nACTIVE_UID=1000\n' >/run/systemd/seats/seat0
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add --type=subsystems
udevadm trigger --action=add --type=devices
modprobe -a usb_storage uas sd_mod # so that the first stick takes no longer than the second
udevadm settle --timeout=60
since settled

cd "$checkout" && PYTHONPATH=$checkout .venv/bin/python -m tests.vm.guest.agent /dev/virtio-ports/agent
since "end of the agent ($?)"
echo o >/proc/sysrq-trigger
sleep 60
