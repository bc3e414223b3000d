"""Who does the work: this process, one job after the other, or the workers of a Dask cluster.

An engine's `run(function, jobs)` yields what each job gives, in any order. A job may be done twice, where a
worker was lost meanwhile; so it writes whole files only, and the same ones each time.
"""

import os
import queue
import time
import uuid
from pathlib import Path

from twoworlds.errors import TwoWorldsError

ANSWERS_WITHIN = 15  # seconds that a scheduler has to answer
WORKERS_WITHIN = 60  # seconds without a single worker, after which a run gives up
_LOOKS_EVERY = 2  # seconds between looks at the workers
_KEEPS = 1 << 30  # bytes that freed memory may reach before it goes back to the system


def keep_memory():
    """Let this process keep the memory that it frees, where its C library is GNU's: arrays are made and
    dropped by the thousand, and giving each back costs a quarter of the time."""
    import ctypes

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return  # another C library
    m_trim_threshold, m_mmap_threshold = -1, -3
    set_option(m_trim_threshold, _KEEPS)
    set_option(m_mmap_threshold, _KEEPS)


class LocalEngine:
    """One job after the other, in this process."""

    def __init__(self):
        keep_memory()

    def run(self, function, jobs):
        for job in jobs:
            yield function(job)

    def close(self):
        """Nothing to close."""


def _look(path):
    """What stands in a file, as a worker sees it; None where it sees none."""
    from twoworlds.worlds.parts import code_key

    try:
        return Path(path).read_text(encoding="utf-8"), code_key()
    except OSError:
        return None, code_key()


class DaskEngine:
    """The workers of a Dask cluster: those of this machine, or those of a scheduler that runs already.

    workers: processes on this machine, None for one a core; scheduler: address of a running scheduler.
    Raises TwoWorldsError where Dask is not installed or the scheduler does not answer.
    """

    def __init__(self, workers=None, scheduler=None):
        try:
            import distributed
        except ImportError:
            raise TwoWorldsError(
                "--engine dask needs Dask: run `pip install 'dask[distributed]' pyarrow`, or leave it out."
            ) from None
        import dask

        self.distributed, self.scheduler, self.cluster = distributed, scheduler, None
        if scheduler is None:
            settings = {
                "distributed.worker.daemon": True,
                # Before Python starts in a worker: its C library reads them once.
                "distributed.nanny.pre-spawn-environ": {
                    "MALLOC_TRIM_THRESHOLD_": str(_KEEPS),
                    "MALLOC_MMAP_THRESHOLD_": str(_KEEPS),
                    # One thread does a job; more would only wait for each other.
                    "OMP_NUM_THREADS": "1",
                },
            }
            with dask.config.set(settings):
                self.cluster = distributed.LocalCluster(
                    n_workers=workers or os.cpu_count() or 1,
                    threads_per_worker=1,
                    processes=True,
                    memory_limit=0,
                    dashboard_address=None,
                    silence_logs=50,
                )
        try:
            self.client = distributed.Client(
                self.cluster or scheduler, timeout=ANSWERS_WITHIN, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError) as problem:
            self._close_cluster()
            raise TwoWorldsError(
                f"The scheduler at {scheduler!r} does not answer ({type(problem).__name__}): start it with"
                " `dask scheduler`, or mend the address."
            ) from None

    def check_workers(self, folder):
        """Whether all workers see the folder and have this code. Raises TwoWorldsError."""
        from twoworlds.worlds.parts import code_key

        try:
            self.client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        except TimeoutError:
            raise TwoWorldsError(
                f"The scheduler at {self.scheduler!r} has no workers: start some with `dask worker"
                f" {self.scheduler}`."
            ) from None
        mark, token = Path(folder) / f"seen-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
        mark.write_text(token, encoding="utf-8")
        try:
            answers = self.client.run(_look, str(mark), on_error="return")
        finally:
            mark.unlink()
        for worker, answer in answers.items():
            if isinstance(answer, BaseException):
                raise TwoWorldsError(
                    f"The worker {worker} cannot run the course's package ({type(answer).__name__}):"
                    " install it there, with numpy and pyarrow."
                )
            seen, code = answer
            if code != code_key():
                raise TwoWorldsError(
                    f"The worker {worker} has another version of the course's package: install the same"
                    " there."
                )
            if seen != token:
                raise TwoWorldsError(
                    f"The worker {worker} does not see {str(folder)!r}: name a folder with --out that all"
                    " workers share."
                )

    def run(self, function, jobs):
        ended = queue.SimpleQueue()
        waiting = set()
        for job in jobs:
            future = self.client.submit(function, job, pure=False)
            waiting.add(future)
            future.add_done_callback(ended.put)
        alone_since = None
        try:
            while waiting:
                try:
                    future = ended.get(timeout=_LOOKS_EVERY)
                except queue.Empty:
                    alone_since = self._look_after_workers(alone_since)
                    continue
                waiting.discard(future)
                yield self._result(future)
                future.release()
        finally:
            for future in waiting:
                future.release()

    def _look_after_workers(self, alone_since):
        """Since when there is no worker (None where there are some). Raises TwoWorldsError after a while."""
        if self.client.status != "running":
            raise TwoWorldsError(f"The scheduler {self._named()}went away.")
        if self.client.scheduler_info(n_workers=-1)["workers"]:
            return None
        alone_since = alone_since or time.monotonic()
        if time.monotonic() - alone_since > WORKERS_WITHIN:
            raise TwoWorldsError(
                f"The cluster {self._named()}has had no worker for {WORKERS_WITHIN} seconds."
            )
        return alone_since

    def _named(self):
        return f"at {self.scheduler!r} " if self.scheduler else ""

    def _result(self, future):
        from concurrent.futures import CancelledError

        try:
            return future.result()
        except self.distributed.KilledWorker:
            raise TwoWorldsError(
                "Workers died one after the other on the same part, most likely for want of memory: use"
                " fewer of them with --workers."
            ) from None
        except (CancelledError, self.distributed.client.FutureCancelledError):
            raise TwoWorldsError(f"The scheduler {self._named()}went away.") from None

    def _close_cluster(self):
        if self.cluster is not None:
            self.cluster.close(timeout=5)

    def close(self):
        """Leave a running scheduler as it was; end the workers of this machine."""
        try:
            self.client.close(timeout=5)
        finally:
            self._close_cluster()
