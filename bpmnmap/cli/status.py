"""Exit statuses of the command line."""

from __future__ import annotations

import enum


class Status(enum.IntEnum):
    """How a command ended.

    Attributes
    ----------
    DONE
        Done, nothing wrong.
    FAULTY
        Read, but findings of severity error, an unsupported element, a failed run or a stuck case.
    NOTHING
        Nothing to work on: wrong use, missing or unreadable file, not parsable, refused for safety or size.
    INTERRUPTED
        Ctrl-C.
    """

    DONE = 0
    FAULTY = 1
    NOTHING = 2
    INTERRUPTED = 130
