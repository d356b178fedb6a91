"""The application: starts what reads sticks, then the window, and ends both together."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from core import streams
from core.host.supervisor import Supervisor


def main(words: list[str] | None = None) -> int:
    """The zygote is forked first: it must know nothing of a display, a bus or a user interface."""
    streams.complete()
    arguments = _parser().parse_args(words)
    supervisor = Supervisor(without=arguments.without)
    supervisor.start()

    from gui.garbage import Collector
    from gui.start import application, loop_of
    from gui.translating import chosen, speak

    app = application(sys.argv[:1])
    speak(app, chosen())
    with Collector(), asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
        try:
            return runner.run(_run(supervisor, arguments))
        except asyncio.CancelledError:  # the display is gone, and all else has ended in order
            return 1


async def _run(supervisor: Supervisor, arguments: argparse.Namespace) -> int:
    from core.host.instance import claim
    from gui.start import open_window

    loop = asyncio.get_running_loop()
    paths = [Path(name) for name in arguments.image]
    async with supervisor:
        first = await claim(paths, quiet=arguments.background)
        if first is None:
            return 0
        try:
            async with open_window(supervisor) as window:
                left = asyncio.Event()
                window.left.connect(left.set)

                def leave() -> None:
                    if not left.is_set():  # they may be impatient
                        window.leave()

                for number in (signal.SIGINT, signal.SIGTERM):
                    loop.add_signal_handler(number, leave)
                window.stays = arguments.background
                if not arguments.background:
                    window.show()
                window.commands.open_images(paths)

                def again(paths: Sequence[Path]) -> None:
                    window.show_stick(None)
                    window.commands.open_images(list(paths))

                first.serve(again, window.commands.give_back)
                try:
                    await left.wait()
                except asyncio.CancelledError:
                    window.leave()
                    raise
        finally:
            await first.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rumpus-gui",
        description="Opens untrusted USB sticks and images, each in a sandboxed process of its own.",
    )
    parser.add_argument("image", nargs="*", help="a disk image or device to open")
    parser.add_argument(
        "--background", action="store_true", help="start without a window, and tell of sticks that come"
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="LAYER", help="give up a layer of the sandbox"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
