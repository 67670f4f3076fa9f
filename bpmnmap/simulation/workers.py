"""Numbered work in worker processes, each behind a pipe of its own.

So one that is ended while it sends cannot stop the others, nor who waits for it: its pipe just closes. An executor's workers
share one queue, and half a message in it is waited for for ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar, cast

from bpmnmap.errors import BpmnMapError, SimulationError
from bpmnmap.findings import Finding

T = TypeVar("T")


def in_workers(work: Callable[[int], T], numbers: Iterable[int], jobs: int) -> Generator[tuple[int, T], None, None]:
    """Yield each number with what `work` makes of it, in the order in which they get done.

    The workers end with the iteration, also where it is given up.

    Parameters
    ----------
    work
        Can be pickled.
    jobs
        How many workers.

    Raises
    ------
    BpmnMapError
        As `work` raises it.
    SimulationError
        A worker has ended by itself.
    """
    remaining = iter(numbers)
    processes: list[multiprocessing.process.BaseProcess] = []
    pipes: list[Connection] = []
    try:
        with _interrupts_held():
            for _ in range(jobs):
                process, pipe = _begin(work)
                processes.append(process)
                pipes.append(pipe)
        busy = [pipe for pipe in pipes if _hand(pipe, remaining)]
        while busy:
            for pipe in cast("list[Connection]", wait(busy)):
                number, result = _received(pipe)
                if not _hand(pipe, remaining):
                    busy.remove(pipe)
                yield number, result
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        for pipe in pipes:
            pipe.close()  # who still waits for a number ends
        for process in processes:
            process.join()


def _begin(work: Callable[[int], T]) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    try:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        process.start()
    except OSError as error:
        raise _lost(f"a worker process cannot be started: {error.strerror or error}") from error
    theirs.close()
    return process, ours


def _hand(pipe: Connection, remaining: Iterator[int]) -> bool:
    """Hand the next number to a worker, if there is one."""
    for number in remaining:
        with contextlib.suppress(OSError):  # a worker that has ended is met when its answer is missed
            pipe.send(number)
        return True
    return False


def _received(pipe: Connection) -> tuple[int, Any]:
    try:
        number, result = pipe.recv()
    except (EOFError, OSError) as error:
        raise _lost("a worker process ended before its replication was done") from error
    if isinstance(result, BpmnMapError):
        raise result
    return number, result


def _lost(message: str) -> SimulationError:
    return SimulationError([Finding("worker-lost", message, fix="run with jobs = 1, or give the machine more memory")])


def _serve(pipe: Connection, work: Callable[[int], object]) -> None:
    """Do what is asked for until the pipe closes; the main process alone answers Ctrl-C, and ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):  # the main process has gone, or needs no more
        while True:
            number = pipe.recv()
            try:
                result = work(number)
            except BpmnMapError as error:
                result = error
            pipe.send((number, result))


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; processes started meanwhile never see it, where the system has signals."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # else it starts with the first worker, and lets Ctrl-C through again
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
