"""The course's commands: `python3 -m authoring <command>`. `make <command>` calls the same.

Needs only Python: the first command makes the environment that all of them run in. Standard library only.
"""

import os
import shutil
import subprocess
import sys

from authoring import environment

ROOT = environment.ROOT

# Every command: what it does in one line, and the steps it runs inside the environment, each a module and
# its arguments. Words after the command go to its last step.
COMMANDS = {
    "book": ("build the book into _build/html", [["authoring.book_build"]]),
    "print": (
        "print the book into _build/one-job-two-worlds.pdf (needs a Chromium)",
        [["authoring.print_edition"]],
    ),
    "zip": (
        "pack the book into _build/one-job-two-worlds.zip, to be opened from a folder",
        [["authoring.usb_zip"]],
    ),
    "serve": ("build the book, show it on this machine, rebuild it as you write", [["authoring.serve"]]),
    "test": (
        "run every test; name layers to run only those, --fail-fast to stop early",
        [["authoring.test_layers"]],
    ),
    "lint": (
        "check style and spelling: ruff and codespell",
        [["ruff", "check", "--output-format=concise", "."], ["codespell_lib"]],
    ),
    "lab": ("open JupyterLab on the lessons and exercises", [["jupyterlab"]]),
    "data": (
        "make the two companies' tables anew into data/",
        [["twoworlds.generate", "--out", "data", "--overwrite"]],
    ),
    "notebooks": (
        "make notebooks, exercises, solutions and generated pages anew from authoring/",
        [["authoring.lesson_build"], ["authoring.exercise_build"], ["authoring.book_pages"]],
    ),
    "calibrate": (
        "make both worlds with 200 seeds, and ask of each plant whether it is found",
        [["authoring.calibrate"]],
    ),
    "pages": ("make only the generated pages anew", [["authoring.book_pages"]]),
    "bench": ("time the parts that people wait for", [["authoring.bench"]]),
    "lock": (
        "resolve pyproject.toml into requirements.txt and binder/requirements.txt",
        [["authoring.lock"]],
    ),
    "clean": ("remove what was built; --all removes the environment too", None),
}
WITHOUT_ENVIRONMENT = ("clean",)
USAGE_STATUS = 2


def listing():
    """The commands, one line each."""
    width = max(map(len, COMMANDS))
    lines = ["make COMMAND, or python3 -m authoring COMMAND:", ""]
    lines += [f"  {name.ljust(width)}  {summary}" for name, (summary, _) in COMMANDS.items()]
    return "\n".join(
        [*lines, "", 'Options come after the command; with make, as ARGS: make test ARGS="unit --fail-fast"']
    )


def clean(arguments):
    """Remove what builds leave behind: never a tracked file."""
    unknown = [argument for argument in arguments if argument != "--all"]
    if unknown:
        print(f"clean: unknown option {unknown[0]}: only --all is known", file=sys.stderr)
        return USAGE_STATUS
    kept = {environment.folder(), ROOT / ".git"}
    targets = [ROOT / name for name in ("_build", "dist", "node_modules", ".pytest_cache", ".ruff_cache")]
    for parent, folders, _ in os.walk(ROOT):
        here = environment.Path(parent)
        folders[:] = [name for name in folders if here / name not in kept]
        targets += [here / name for name in folders if name in ("__pycache__", ".ipynb_checkpoints")]
    if "--all" in arguments and (environment.folder() / environment.MARKER).exists():
        targets.append(environment.folder())
    for target in targets:
        shutil.rmtree(target, ignore_errors=True)
    return 0


def run_steps(command, arguments):
    """Run a command's steps with this Python; the first that fails ends it. Returns the exit status."""
    steps = COMMANDS[command][1]
    # Python's own UTF-8 mode: a build gives the same bytes whatever the machine's language is.
    settings = {**os.environ, "PYTHONUTF8": "1"}
    for number, (module, *fixed) in enumerate(steps, start=1):
        given = arguments if number == len(steps) else []
        if len(steps) > 1:
            print(f"[{number} of {len(steps)}] {module}", flush=True)
        status = subprocess.call([sys.executable, "-m", module, *fixed, *given], cwd=ROOT, env=settings)
        if status:
            return status
    return 0


def main(arguments):
    """Run one command. Returns the exit status: 2 for a command that can't be understood or set up."""
    here = arguments[:1] == ["--here"]
    arguments = arguments[1:] if here else arguments
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(listing())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print("unknown command {!r}: use one of {}".format(command, ", ".join(COMMANDS)), file=sys.stderr)
        return USAGE_STATUS
    if command in WITHOUT_ENVIRONMENT:
        return clean(rest)
    if here:
        return run_steps(command, rest)
    try:
        python = environment.ensure()
    except environment.SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_STATUS
    inside = [str(python), "-m", "authoring", "--here", command, *rest]
    # The environment's own programs (jupyter, node) come first, as they would after activating it.
    settings = {**os.environ, "VIRTUAL_ENV": str(environment.folder())}
    settings["PATH"] = os.pathsep.join([str(python.parent), settings.get("PATH", "")])
    settings.pop("PYTHONHOME", None)
    return subprocess.call(inside, cwd=ROOT, env=settings)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
