"""The real program, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

PROGRAM = (sys.executable, "-m", "bpmnmap")


def environment(**changes: str) -> dict[str, str]:
    """The environment of a plain terminal."""
    left_out = {"NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES", "PYTHONIOENCODING", "PYTHONUTF8"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "TERM": "xterm", "COLUMNS": "100", **changes}


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the program to its end."""
    options.setdefault("env", environment())
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, timeout=120, **options)


@contextlib.contextmanager
def ctrl_c_is_heard() -> Iterator[None]:
    """What is started here hears Ctrl-C, even if the tests themselves do not, as when a shell runs them in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class OnTerminal:
    """The program in a session of its own, as a shell starts a job; stdout is a pipe, stderr a terminal."""

    def __init__(self, *arguments: str) -> None:
        import pty

        self._screen, theirs = pty.openpty()
        command = [*PROGRAM, *arguments]
        with ctrl_c_is_heard():
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment(), start_new_session=True)
        os.close(theirs)
        self.shown = ""

    def wait_for(self, pattern: str) -> None:
        """Read on until the terminal shows something, or the program ends."""
        while re.search(pattern, self.shown) is None and self._read():
            pass

    def finish(self) -> tuple[int, str, str]:
        """Return status, stdout, and what the terminal shows without its control sequences."""
        assert self.process.stdout is not None
        while self._read():
            pass
        output = self.process.stdout.read().decode()
        self.process.stdout.close()
        status = self.process.wait(timeout=60)
        os.close(self._screen)
        return status, output, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shown).replace("\r\n", "\n").replace("\r", "\n")

    def _read(self) -> bool:
        try:
            part = os.read(self._screen, 4096)
        except OSError:  # the last of those who write there has gone
            return False
        self.shown += part.decode(errors="replace")
        return bool(part)
