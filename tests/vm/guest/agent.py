"""Runs in the guest: starts the jobs that the host asks for and streams what they print. One JSON a line.

From the host   {"job": 1, "argv": [...], "user": 0, "cwd": "/", "environment": {...}}
                {"feed": 1, "text": "..."}    to its standard input, which an empty text closes
                {"kill": 1}
To the host     {"up": seconds since the kernel started}
                {"job": 1, "out": "...", "error": false}   as it is printed, in ISO 8859-1
                {"job": 1, "status": 0, "seconds": 0.3}
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import IO, Any

_PIECE = 32 * 1024


class Agent:
    def __init__(self, port: int) -> None:
        self._port = port
        self._says = threading.Lock()
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def serve(self) -> None:
        self._say(up=time.clock_gettime(time.CLOCK_BOOTTIME))
        with os.fdopen(os.dup(self._port), "rb") as lines:
            for line in lines:
                order = json.loads(line)
                if "kill" in order:
                    self._kill(order["kill"])
                elif "feed" in order:
                    self._feed(order["feed"], order["text"])
                else:
                    self._start(order)

    def _start(self, order: dict[str, Any]) -> None:
        number, user = order["job"], order["user"]
        began = time.monotonic()
        try:
            process = subprocess.Popen(
                order["argv"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=order["cwd"],
                env={**os.environ, **order["environment"]},
                user=user,
                group=user,
                extra_groups=[],
                umask=0o022,
                start_new_session=True,
            )
        except OSError as error:
            self._say(job=number, out=f"{error}\n", error=True)
            self._say(job=number, status=127, seconds=0)
            return
        self._running[number] = process
        threading.Thread(target=self._follow, args=[number, process, began], daemon=True).start()

    def _follow(self, number: int, process: subprocess.Popen[bytes], began: float) -> None:
        assert process.stdin and process.stdout and process.stderr
        readers = [
            threading.Thread(
                target=self._stream, args=[number, stream, stream is process.stderr], daemon=True
            )
            for stream in (process.stdout, process.stderr)
        ]
        for reader in readers:
            reader.start()
        status = process.wait()
        seconds = time.monotonic() - began
        for reader in readers:
            reader.join(timeout=5)  # somebody may have inherited the pipe
        del self._running[number]
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        self._say(job=number, status=status, seconds=seconds)

    def _stream(self, number: int, stream: IO[bytes], error: bool) -> None:
        while piece := os.read(stream.fileno(), _PIECE):
            self._say(job=number, out=piece.decode("latin-1"), error=error)
        stream.close()

    def _feed(self, number: int, text: str) -> None:
        process = self._running.get(number)
        if process is None or process.stdin is None or process.stdin.closed:
            return  # it has ended meanwhile, which its own message says
        with contextlib.suppress(BrokenPipeError, ValueError):  # or it ends just now, and its pipe is closed
            if text:
                process.stdin.write(text.encode())
                process.stdin.flush()
            else:
                process.stdin.close()

    def _kill(self, number: int) -> None:
        process = self._running.get(number)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def _say(self, **fields: Any) -> None:
        line = memoryview(json.dumps(fields).encode() + b"\n")
        with self._says:
            while line:
                line = line[os.write(self._port, line) :]


if __name__ == "__main__":
    Agent(os.open(sys.argv[1], os.O_RDWR | os.O_CLOEXEC)).serve()
