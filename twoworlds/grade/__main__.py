"""Mark a class's notebooks of one exercise.

    python -m twoworlds.grade 03-retention submissions/ --out grades.csv
    python -m twoworlds.grade 03-retention class.zip --data autumn --out grades.csv --roster class.csv

Every submission runs in a sandbox (bubblewrap, on Linux): no network, no sight of keys or of other
submissions, limits on time, memory, processes and disk. It runs twice, on the data that was handed out and on
data held back, so that a number which was typed in earns nothing. Beside grades.csv a folder grades-files/
appears, with a report for each learner, a summary of the class, and a sheet of the written answers: fill in
its column `score` and run the same command again. A run that was killed goes on where it was.
"""

import argparse
import concurrent.futures
import hashlib
import os
import secrets
import sys
import time
from pathlib import Path

from twoworlds import data
from twoworlds.errors import TwoWorldsError
from twoworlds.grade import answers, marking, reports, submissions
from twoworlds.grade.sandbox import PACKAGE, Limits, Sandbox
from twoworlds.grade.state import State

_TRIES = 6  # seeds for the held-back data, until every computed answer differs
COHORT = "cohort.json"


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise TwoWorldsError(f"{message[:1].upper()}{message[1:]} (--help shows the options).")


def _parser():
    parser = _Parser(
        prog="python -m twoworlds.grade",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    limits = Limits()
    parser.add_argument("exercise", help="the exercise's name, such as 03-retention")
    parser.add_argument(
        "submissions", help="folder or zip: a notebook each (anna.ipynb), or a folder each with one in it"
    )
    parser.add_argument(
        "--out", default="grades.csv", metavar="FILE", help="the marks (default: %(default)s)"
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="the data that the class was given: a folder of tables, or a cohort's folder as `python -m"
        " twoworlds.cohort` makes it, which brings its own held-back data (default: the course's data)",
    )
    parser.add_argument(
        "--held-back",
        metavar="DIR",
        help="the second data set (default: the cohort's, or made with a random seed)",
    )
    parser.add_argument(
        "--roster", metavar="FILE", help="ids of the class, so that who is missing gets a row"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="submissions at once (default: the cores, %(default)s)",
    )
    parser.add_argument(
        "--time",
        type=float,
        default=limits.seconds,
        metavar="S",
        help="seconds for a run (default: %(default)g)",
    )
    parser.add_argument(
        "--cell-time",
        type=float,
        metavar="S",
        help="seconds that one cell may work; the cells after it still run (default: a quarter of --time)",
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=limits.memory_mb,
        metavar="MB",
        help="of a run (default: %(default)s MB)",
    )
    parser.add_argument(
        "--again", action="store_true", help="mark everybody anew, also who is marked already"
    )
    parser.add_argument(
        "--trust",
        action="store_true",
        help="run without a sandbox, with your rights and in reach of your files: only for code you trust",
    )
    return parser


class Progress:
    """A bar on a terminal, a line every tenth elsewhere; on standard error."""

    def __init__(self, total, already):
        self.total, self.done, self.already = total, already, already
        self.started, self.live = time.monotonic(), sys.stderr.isatty()
        if already:
            print(f"{already} of {total} are marked already", file=sys.stderr, flush=True)

    def step(self, name):
        """One submission more."""
        self.done += 1
        each = (time.monotonic() - self.started) / (self.done - self.already)
        left = each * (self.total - self.done) / 60
        if self.live:
            filled = 30 * self.done // self.total
            bar = "█" * filled + "·" * (30 - filled)
            end = "\n" if self.done == self.total else ""
            line = f"\r{bar} {self.done} of {self.total}, {left:.0f} min left  {name[:24]:24}"
            print(line, end=end, file=sys.stderr, flush=True)
        elif self.done == self.total or self.done * 10 // self.total > (self.done - 1) * 10 // self.total:
            line = f"{self.done} of {self.total}, {each:.1f} s each, {left:.0f} min left"
            print(line, file=sys.stderr, flush=True)


# ---------------------------------------------------------------- the two sets of tables


def _cohort_of(folder):
    """(handed-out data, held-back data) of a cohort's folder, or None."""
    for instructor in (folder / "instructor", folder):
        if (instructor / COHORT).is_file():
            return instructor.parent / "learner" / "data", instructor / "held-back"
    return None


def _folders(options, work, content):
    """(handed-out data, held-back data), as folders. Raises TwoWorldsError."""
    handed = Path(options.data) if options.data else data.data_folder()
    if not handed.is_dir():
        raise TwoWorldsError(f"--data {options.data!r} is not a folder.")
    held_back = Path(options.held_back) if options.held_back else None
    cohort = _cohort_of(handed)
    if cohort:
        handed, held_back = cohort[0], held_back or cohort[1]
    answers.check_data_folder(handed, content)
    if held_back is not None and not held_back.is_dir():
        raise TwoWorldsError(f"The held-back data {str(held_back)!r} is not a folder.")
    if held_back is None:
        held_back = _made_held_back(work, content, answers.work_out_once(content, handed, work / "keys"))
    answers.check_data_folder(held_back, content)
    return handed, held_back


def _made_held_back(work, content, handed_keys):
    """A folder of tables with a random seed, on which every computed answer is another. Kept for the next
    run."""
    import shutil

    from twoworlds.generate import generate

    folder = work / "held-back"
    if (folder / "ready").is_file():
        return folder
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        print("making the held-back data (once)", file=sys.stderr, flush=True)
        generate(list(content["data_digests"]), secrets.randbits(63), 1, folder)
        keys = answers.work_out_once(content, folder, work / "keys")
        if not answers.same_answers(content, handed_keys, keys):
            (folder / "ready").write_text("", encoding="utf-8")
            return folder
    raise TwoWorldsError(
        f"{_TRIES} random seeds gave no data whose answers all differ from those handed out: name a folder"
        " of your own with --held-back."
    )


# ---------------------------------------------------------------- one submission


class Grader:
    """Marks submissions of one exercise; `mark` may be called from several threads at once."""

    def __init__(self, content, sandbox, found, handed, held_back):
        """handed, held_back: (folder of tables, keys)."""
        self.content, self.sandbox, self.found = content, sandbox, found
        self.handed, self.held_back = handed, held_back
        self.names = [spec["name"] for spec in content["questions"].values()]

    def digest_of(self, submission):
        """(digest of a notebook, its bytes); the status stands for the bytes of what cannot be read."""
        try:
            content = self.found.read(submission)
        except submissions.NotReadableError as problem:
            return f"unread: {problem}", None
        return hashlib.sha256(content).hexdigest(), content

    def mark(self, submission, slot):
        """The record of one submission; "ran": False where the sandbox itself failed. Never raises for what a
        submission holds or does."""
        started = time.monotonic()
        digest, content = self.digest_of(submission)
        record = {"id": submission.id, "file": submission.file, "digest": digest, "ran": True}
        try:
            if content is None:
                raise submissions.NotReadableError(digest.removeprefix("unread: "))
            cells = submissions.code_cells(content)
        except submissions.NotReadableError as problem:
            return {**record, "status": str(problem), "seconds": 0.0, "marks": marking.no_marks(self.content)}
        status, marks = self._run(cells, slot)
        seconds = round(time.monotonic() - started, 2)
        if marks is None:
            marks = marking.no_marks(self.content)
            return {**record, "ran": False, "status": status, "seconds": seconds, "marks": marks}
        return {**record, "status": status, "seconds": seconds, "marks": marks}

    def _run(self, cells, slot):
        """(status, marks); marks are None where the sandbox failed."""
        runs = []
        for folder, keys in (self.handed, self.held_back):
            run = self.sandbox.run(cells, self.names, folder, slot)
            if run.status == "failed" and not self.sandbox.stop.is_set():
                run = self.sandbox.run(cells, self.names, folder, slot)
            if run.status == "failed":
                last = (run.said.splitlines() or ["no reason given"])[-1]
                return f"could not be run: {last[:120]}", None
            runs.append((run, keys))
            if not marking.has_right_answer(self.content, run, keys):
                break
        said = [marking.STATUSES[run.status] for run, _ in runs if run.status != "ok"]
        status = f"graded, {said[0]}" if said else "graded"
        return status, marking.mark(self.content, runs[0], runs[1] if len(runs) > 1 else None)


def _mark_all(grader, waiting, state, progress, jobs):
    """Mark what waits, as many at once as there are jobs."""
    import queue

    slots = queue.SimpleQueue()
    for slot in range(jobs):
        slots.put(slot)

    def one(submission):
        slot = slots.get()
        try:
            return grader.mark(submission, slot)
        finally:
            slots.put(slot)

    failed = []
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        futures = [pool.submit(one, submission) for submission in waiting]
        for future in concurrent.futures.as_completed(futures):
            record = future.result()
            if record["ran"]:
                state.add(record)
            else:
                failed.append(record)
            progress.step(record["id"])
    except BaseException:
        grader.sandbox.stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()
    return failed


def _write_all(out, work, records, content, strangers):
    sheet = work / "written.csv"
    scores = reports.read_scores(sheet, content)
    for record in records:
        reports.write_whole(
            work / "reports" / reports.report_name(record["id"]), reports.report(record, content, scores)
        )
    reports.write_whole(work / "summary.html", reports.summary(records, content, strangers))
    if any(spec["kind"] == "decision" for spec in content["questions"].values()):
        reports.write_whole(work / "written.html", reports.reading_page(records, content, sheet.name))
        reports.write_whole(sheet, reports.sheet(records, content, scores))
    reports.write_whole(out, reports.grades(records, content, scores))


def run(arguments):
    """Parse and grade. Raises TwoWorldsError."""
    options = _parser().parse_args(arguments)
    if options.jobs < 1 or min(options.time, options.cell_time or 1) <= 0 or options.memory < 64:
        raise TwoWorldsError("--jobs must be 1 or more, --time and --cell-time above 0, --memory 64 or more.")
    content = answers.exercise_content(options.exercise)
    out = Path(os.path.abspath(options.out))
    if out.is_dir():
        raise TwoWorldsError(f"--out {options.out!r} is a folder: name a file, such as grades.csv.")
    roster = submissions.read_roster(options.roster) if options.roster else ()
    found = submissions.Submissions(options.submissions, options.exercise, roster)
    work = out.with_name(f"{out.stem}-files")
    limits = Limits(
        seconds=options.time, cell_seconds=options.cell_time or options.time / 4, memory_mb=options.memory
    )
    hidden = [
        work,
        Path(options.submissions),
        PACKAGE.parent,
        *([Path(options.data)] if options.data else []),
    ]
    try:
        work.mkdir(parents=True, exist_ok=True)
        reports.read_scores(work / "written.csv", content)  # a slip in it is said before the long work
        with Sandbox(work / "sandbox", limits, options.trust, _own(hidden)) as sandbox:
            records = _grade(options, work, content, found, sandbox)
        _write_all(out, work, records, content, found.strangers)
    except OSError as problem:
        raise TwoWorldsError(f"{problem.filename or out} cannot be written ({problem.strerror}).") from None
    graded = sum(record["status"] == "graded" for record in records)
    print(f"{len(records)} submissions, {graded} graded without a remark: {out}, and more in {work}")


def _own(folders):
    """Folders that hold the course, a class or marks: a clone, not the place where packages are installed."""
    return [folder for folder in folders if folder != PACKAGE.parent or (folder / "exercises").is_dir()]


def _grade(options, work, content, found, sandbox):
    """Records of all submissions, in order."""
    handed, held_back = _folders(options, work, content)
    keys = [answers.work_out_once(content, folder, work / "keys") for folder in (handed, held_back)]
    same = answers.same_answers(content, *keys)
    if same:
        print(
            f"note: {', '.join(same)} has the same answer on both sets of data: typed in, it counts as right",
            file=sys.stderr,
        )
    about = {
        "exercise": options.exercise,
        "data": [answers.digest(content, folder) for folder in (handed, held_back)],
        "limits": [options.time, options.cell_time, options.memory, options.trust],
    }
    staged = [
        answers.stage(folder, sandbox.folder / name)
        for folder, name in ((handed, "tables-1"), (held_back, "tables-2"))
    ]
    grader = Grader(content, sandbox, found, *zip(staged, keys, strict=True))
    with State(work / "state.jsonl", about, options.again) as state:
        digests = {one: grader.digest_of(one)[0] for one in found.all}
        waiting = [one for one in found.all if (one.id, digests[one]) not in state.done]
        progress = Progress(len(found.all), len(found.all) - len(waiting))
        failed = {
            record["id"]: record for record in _mark_all(grader, waiting, state, progress, options.jobs)
        }
        return [failed.get(one.id) or state.done[one.id, digests[one]] for one in found.all]


def main(arguments=None):
    """The command. Returns the exit status: 0, 2 after one line on standard error, 130 where stopped."""
    try:
        run(sys.argv[1:] if arguments is None else arguments)
    except TwoWorldsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped: the same command goes on where this one was.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
