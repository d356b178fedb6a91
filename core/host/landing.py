"""Where copies land: the only module that creates files and folders on the host.

Names come from a stick and the target may be anybody's folder, so every step is relative to the descriptor of
a folder, nothing is created that exists already, and no symbolic link is followed below the folder that the
user chose. A file has no name until it is whole (O_TMPFILE), so that nothing is left of it whatever happens;
where the file system has no such thing, it has a hidden one (`names.unfinished`), and whoever drops it
removes it.

Plain functions that may block: run them in a thread. One thread at a time may use the folders of one target.

What is written is not flushed file by file, not even where it replaces something: 200 small files took 7 s
that way on a busy disk, and what a power cut may lose is still on the stick. `Folder.flush` makes everything
durable at the end of a job (syncfs), with one wait for all.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from core.errors import HostWriteFailed, RumpusError
from core.host import linking, names
from core.host.linking import FILE_MODE, NAMELESS, NEW

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ_ONLY_MODE, _FOLDER_MODE = 0o444, 0o755
"""Less what the user's umask takes away. Nothing from a stick is ever executable."""
_MOST_TRIES = 10_000


class Conflict(enum.Enum):
    """What happens when the target has a file of that name. Folders of one name are merged, or kept apart."""

    KEEP_BOTH = "keep both"
    REPLACE = "replace"
    SKIP = "skip"
    REFUSE = "refuse"
    """As SKIP, but it is an error (HostWriteFailed EEXIST)."""


class Unfinished:
    """A file of the host on its way. Owns `descriptor`; ends with `finish` or `discard`."""

    __slots__ = ("_hidden", "descriptor", "folder", "name")

    def __init__(self, folder: Folder, name: str, hidden: str, descriptor: int) -> None:
        self.folder = folder
        self.name = name
        """The name that is wanted; another one may come of it."""
        self.descriptor = descriptor
        """Writable only. -1 once it has ended."""
        self._hidden = hidden
        """Empty where it has no name at all."""

    def size(self) -> int:
        """Bytes in it so far. Raises HostWriteFailed."""
        with _at(self.folder.path, self.name):
            return os.fstat(self.descriptor).st_size

    def write(self, content: bytes) -> None:
        """Appends. Raises HostWriteFailed."""
        with _at(self.folder.path, self.name):
            _write(self.descriptor, content)

    def finish(
        self, conflict: Conflict, *, modified: int | None = None, read_only: bool = False
    ) -> str | None:
        """Gives the file its name and returns it; None when there was one of that name and it was to stay.

        `modified` in nanoseconds since 1970 (UTC). Raises HostWriteFailed; then the file is discarded.
        """
        try:
            with _at(self.folder.path, self.name):
                if read_only:
                    os.fchmod(self.descriptor, os.fstat(self.descriptor).st_mode & _READ_ONLY_MODE)
                _set_time(self.descriptor, modified)
                name = self._take_name(conflict)
        except BaseException:
            self.discard()
            raise
        if name is None:
            self.discard()
        else:
            self.folder.note(name)
            self._close()
        return name

    def discard(self) -> None:
        """Removes it. Does nothing once it has ended."""
        if self.descriptor == -1:
            return
        if self._hidden:
            with contextlib.suppress(OSError):  # somebody else removed it, or the target is gone
                os.unlink(self._hidden, dir_fd=self.folder.descriptor)
        self._close()

    def _close(self) -> None:
        if self.descriptor != -1:
            os.close(self.descriptor)
        self.descriptor = -1

    def _take_name(self, conflict: Conflict) -> str | None:
        place = self.folder.descriptor
        for name in self.folder.candidates(self.name):
            try:
                if self._hidden:
                    linking.rename_without_replacing(place, self._hidden, name)
                else:
                    linking.name(self.descriptor, place, name)
                return name
            except FileExistsError:
                if conflict is Conflict.KEEP_BOTH or self.folder.is_ours(name):
                    continue
                if conflict is Conflict.SKIP:
                    return None
                if conflict is Conflict.REFUSE:
                    raise
            if not self._hidden:  # only what has a name can replace something
                hidden = names.unfinished(name, linking.unique())
                linking.name(self.descriptor, place, hidden)
                self._hidden = hidden
            os.rename(self._hidden, name, src_dir_fd=place, dst_dir_fd=place)
            return name
        raise FileExistsError(errno.EEXIST, "too many files of that name")


class Folder:
    """A folder of the host, open. Owns its descriptor; close it, or use it with `with`."""

    def __init__(self, path: Path, descriptor: int, *, fresh: bool, nameless: bool | None = None) -> None:
        self.path = path
        self.descriptor = descriptor
        """-1 once closed."""
        self.fresh = fresh
        """Whether it was created by us."""
        self._nameless = nameless
        """Whether a file in it can be without a name first; None where that was not tried yet."""
        self._ours: set[int] = set()
        """Inodes of what landed here: a second file of the stick that comes to the same name on this host
        never replaces or joins the first."""
        self._noted: list[str] = []
        """Names of what landed since somebody wanted to know that: mostly nobody does."""
        self._last: dict[str, int] = {}
        """The last number tried for a name, so that many files of one name do not try them all again."""

    @classmethod
    def open(cls, path: Path) -> Folder:
        """A folder that exists, as the user named it: links in `path` count. Raises HostWriteFailed."""
        with _at(path):
            descriptor = os.open(path, _FOLDER & ~os.O_NOFOLLOW)
            return cls(path, descriptor, fresh=False)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self, modified: int | None = None) -> None:
        """Sets the folder's time if one is given, as the last thing that happens to it."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor == -1:
            return
        with contextlib.suppress(OSError):  # a folder that somebody else removed or owns has no time to set
            _set_time(descriptor, modified)
        os.close(descriptor)

    def check_writable(self) -> None:
        """Raises HostWriteFailed when nothing can be created here."""
        with _at(self.path):
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=self.descriptor, effective_ids=True):
                read_only = os.fstatvfs(self.descriptor).f_flag & os.ST_RDONLY
                raise OSError(errno.EROFS if read_only else errno.EACCES, "not writable")

    def free(self) -> int:
        """Bytes that this user may still write here. Raises HostWriteFailed."""
        with _at(self.path):
            facts = os.fstatvfs(self.descriptor)
            return facts.f_bavail * facts.f_frsize

    def stranger(self, name: str) -> os.stat_result | None:
        """What has that name and did not land through this folder, None when there is no such thing.

        A second file of the stick that comes to the same name on this host never replaces the first.
        """
        try:
            found = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except OSError:
            return None
        for noted in self._noted:
            with contextlib.suppress(OSError):  # somebody took it away
                self._ours.add(os.stat(noted, dir_fd=self.descriptor, follow_symlinks=False).st_ino)
        self._noted.clear()
        return None if found.st_ino in self._ours else found

    def lets(self, name: str, conflict: Conflict) -> bool:
        """Whether a file that wants to have `name` is to come, as far as one can know before it does.

        Raises HostWriteFailed, among others when a folder would have to be replaced.
        """
        if self.fresh or conflict is Conflict.KEEP_BOTH or (found := self.stranger(name)) is None:
            return True
        if conflict is Conflict.SKIP:
            return False
        if conflict is Conflict.REFUSE:
            raise HostWriteFailed(str(self.path / name), errno.EEXIST)
        if stat.S_ISDIR(found.st_mode):
            raise HostWriteFailed(str(self.path / name), errno.EISDIR)
        return True

    def begin(self, name: str) -> Unfinished:
        """An empty file that wants to have `name`, a host name. Raises HostWriteFailed."""
        with _at(self.path, name):
            if self._lets_name_later():
                descriptor = os.open(".", NAMELESS, FILE_MODE, dir_fd=self.descriptor)
                return Unfinished(self, name, "", descriptor)
            hidden = names.unfinished(name, linking.unique())
            descriptor = os.open(hidden, NEW, FILE_MODE, dir_fd=self.descriptor)
            return Unfinished(self, name, hidden, descriptor)

    def place(
        self,
        name: str,
        content: bytes,
        conflict: Conflict,
        *,
        modified: int | None = None,
        read_only: bool = False,
    ) -> str | None:
        """A whole file at once, as `begin`, `Unfinished.write` and `Unfinished.finish` make it in turn.

        Thousands of tiny files come through here: a call of the kernel more for each can be felt.
        """
        if not self._lets_name_later():
            unfinished = self.begin(name)
            try:
                unfinished.write(content)
            except BaseException:
                unfinished.discard()
                raise
            return unfinished.finish(conflict, modified=modified, read_only=read_only)
        mode = _READ_ONLY_MODE if read_only else FILE_MODE
        try:
            descriptor = os.open(".", NAMELESS, mode, dir_fd=self.descriptor)
            try:
                _write(descriptor, content)
                _set_time(descriptor, modified)
                linking.name(descriptor, self.descriptor, name)
            except FileExistsError:
                return Unfinished(self, name, "", os.dup(descriptor)).finish(conflict, modified=modified)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise _failed(error, self.path, name) from error
        self._noted.append(name)
        return name

    def _lets_name_later(self) -> bool:
        if self._nameless is None:
            self._nameless = linking.can_be_named_later(self.descriptor)
        return self._nameless

    def folder(self, name: str, conflict: Conflict) -> Folder:
        """A folder in this one: a new one, or the one that is there unless both are to be kept.

        Raises HostWriteFailed, among others when there is something of that name that is no folder.
        """
        with _at(self.path, name):
            for candidate in self.candidates(name):
                try:
                    os.mkdir(candidate, _FOLDER_MODE, dir_fd=self.descriptor)
                    fresh = True
                except FileExistsError:
                    if conflict is Conflict.KEEP_BOTH or self.is_ours(candidate):
                        continue
                    fresh = False
                descriptor = os.open(candidate, _FOLDER, dir_fd=self.descriptor)
                self.note(candidate)
                # One that was there may be of another file system.
                nameless = self._nameless if fresh else None
                return Folder(self.path / candidate, descriptor, fresh=fresh, nameless=nameless)
            raise FileExistsError(errno.EEXIST, "too many folders of that name")

    def flush(self) -> None:
        """Waits until everything written to the file system of this folder is on its medium.

        Raises HostWriteFailed.
        """
        with _at(self.path):
            linking.flush(self.descriptor)

    def note(self, name: str) -> None:
        """What landed here, under this name."""
        self._noted.append(name)

    def is_ours(self, name: str) -> bool:
        """Whether what has that name now landed through this folder."""
        return self.stranger(name) is None

    def candidates(self, name: str) -> Iterator[str]:
        """The name, then the same with " (2)", " (3)" and so on before its extension."""
        yield name
        for number in range(self._last.get(name, 1) + 1, _MOST_TRIES):
            self._last[name] = number
            yield names.marked(name, f" ({number})")


def _write(descriptor: int, content: bytes) -> None:
    written = os.write(descriptor, content)
    while written < len(content):
        written += os.write(descriptor, memoryview(content)[written:])


def _set_time(descriptor: int, modified: int | None) -> None:
    if modified is not None:
        with contextlib.suppress(OverflowError):  # a time that this system cannot express
            os.utime(descriptor, ns=(time.time_ns(), modified))


class _at:
    """What goes wrong there. The path is put together only then: thousands of files go through here."""

    __slots__ = ("_folder", "_name")

    def __init__(self, folder: Path, name: str = "") -> None:
        self._folder = folder
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError) and not isinstance(error, RumpusError):
            raise _failed(error, self._folder, self._name) from error


def _failed(error: OSError, folder: Path, name: str) -> HostWriteFailed:
    return HostWriteFailed(str(folder / name), error.errno or errno.EIO)
