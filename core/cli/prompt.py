"""The line that is typed in `rumpus shell`: prompt_toolkit with completion of commands and names."""

from __future__ import annotations

import shlex
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

if TYPE_CHECKING:
    from core.cli.shell import Shell

_WORDS = ("cd", "pwd", "help", "exit")


async def asked(shell: Shell, history: Path) -> AsyncIterator[str]:
    """Lines until Ctrl-D. Ctrl-C gives up the line that is being typed."""
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)), completer=_Names(shell), complete_while_typing=False
    )
    while True:
        try:
            yield await session.prompt_async(shell.prompt)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


class _Names(Completer):
    """The first word is a command, the others are paths on the stick."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        return ()

    async def get_completions_async(
        self, document: Document, event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        from core.cli.shell import commands

        before = document.text_before_cursor
        raw = _last_word(before)
        if before.strip() == raw:
            for name in sorted((*commands(), *_WORDS)):
                if name.startswith(raw):
                    yield Completion(name, -len(raw))
            return
        for name in await self._shell.names(raw.replace("\\", "")):
            yield Completion(shlex.quote(name) if _needs_quotes(name) else name, -len(raw), name)


def _last_word(text: str) -> str:
    """The word under the cursor, as it was typed; blanks inside quotes belong to it."""
    lexer = shlex.shlex(text, posix=False, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:  # a quote that is still open
        return text[max(text.rfind('"'), text.rfind("'")) + 1 :]
    return "" if not words or text[-1:].isspace() else words[-1]


def _needs_quotes(name: str) -> bool:
    return shlex.quote(name) != name
