"""The packed row that an engine appends while it runs: one layout for instances and for steps of tokens.

A token in a run is one integer, its *ref*: the byte offset of the row it comes from. Rows are written in the order
of events, so offsets are in order of time. A state of a token begins where its ref ended; thus no row stores a begin.

============  ==============================  ========================================================
kind          ref, other                      start, end
============  ==============================  ========================================================
instances     token that enabled it, 0        start of work or −1, completion (interruption, withdrawal) or −1
ARRIVAL       index in the stream, 0          0, arrival
steps         token before, 0                 0, end of the state
MERGE         token that fired, other token   other's ref (in ``start``), merge
LEFT          instance row, 0                 0, the moment a token left a running instance
END           token that ended, 0             0, end
SCOPE         visit, index or turn            0, opening
============  ==============================  ========================================================
"""

from __future__ import annotations

from struct import Struct
from typing import Final

import numpy as np

ROW: Final = Struct("<IIIIqq")
ROW_BYTES: Final = ROW.size
ROW_SHIFT: Final = 5  # ROW_BYTES == 1 << ROW_SHIFT

# scope: offset of the ARRIVAL or SCOPE row of the scope that the row belongs to (ARRIVAL: number of the case)
# code: index of the node (ARRIVAL: of the source) << KIND_BITS | kind;  person: 1 + number of the person, 0 = nobody
ROW_DTYPE: Final = np.dtype([("scope", "<u4"), ("code", "<u4"), ("person", "<u4"), ("ref", "<u4"), ("start", "<i8"), ("end", "<i8")])

KIND_BITS: Final = 4
KIND_MASK: Final = (1 << KIND_BITS) - 1

COMPLETED: Final = 0
INTERRUPTED: Final = 1
WITHDRAWN: Final = 2
RUNNING: Final = 3
WAITING: Final = 4
LAST_INSTANCE_KIND: Final = WAITING
ARRIVAL: Final = 5
DISPATCH: Final = 6
TRANSFER: Final = 7
EVENT: Final = 8
SYNCHRONIZATION: Final = 9
MERGE: Final = 10
LEFT: Final = 11
END: Final = 12
SCOPE: Final = 13

STATUS_NAMES: Final = ("completed", "interrupted", "withdrawn", "running", "waiting")

CHUNK: Final = 1 << 15  # rows that are derived at once: what that needs stays in the cache

MAX_ROWS: Final = (1 << 32) // ROW_BYTES  # refs are unsigned 32-bit byte offsets
