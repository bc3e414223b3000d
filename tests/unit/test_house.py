"""The house keeps its word: commands, lock, licences, workflows, and nothing of one machine in the files."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from authoring import environment, test_layers
from authoring.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ["{}.{}".format(*version) for version in environment.SUPPORTED]
# Systems whose markers the lock must answer, as `packaging` names them.
SYSTEMS = [
    {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
]


def run(*arguments, **options):
    """Run a command in the clone and return its result, output captured as text."""
    # Under `make test` this process is a child of make, whose settings would change what `make -n` prints.
    from_make = ("MAKE", "MFLAGS")
    outside_make = {name: value for name, value in os.environ.items() if not name.startswith(from_make)}
    settings = {"cwd": ROOT, "capture_output": True, "text": True, "check": False, "env": outside_make}
    settings |= options
    return subprocess.run(list(map(str, arguments)), **settings)


def shipped_files():
    """Text files that the clone holds or would hold: what git tracks and what it would add."""
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z")
    assert listed.returncode == 0, listed.stderr
    names = [name for name in listed.stdout.split("\0") if name]
    for name in names:
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content:
            yield name, content.decode("utf-8")


def pins(path):
    """The requirements of a lock file, in order, options and comments aside."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def versions(path, python, system):
    """{name: version} that a lock file gives for one Python version on one system."""
    answers = {"python_version": python, "python_full_version": f"{python}.5", **system}
    chosen = {}
    for pin in pins(path):
        if pin.marker is None or pin.marker.evaluate(answers):
            name = canonicalize_name(pin.name)
            assert name not in chosen, f"{name} is pinned twice for Python {python}"
            chosen[name] = next(iter(pin.specifier)).version
    return chosen


# Commands


def test_makefile_offers_every_command_and_no_other():
    line = re.search(r"^COMMANDS = (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert sorted(line.group(1).split()) == sorted(COMMANDS)


def test_make_alone_lists_every_command_on_one_line_each():
    result = run("make", "-s", "--no-print-directory", f"PYTHON={sys.executable}")
    assert result.returncode == 0, result.stderr
    for name, (summary, _) in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(summary)}$", result.stdout, re.M), name


def test_every_make_target_calls_its_python_command():
    for name in COMMANDS:
        planned = run("make", "-n", name, "PYTHON=python3", "ARGS=--option")
        assert planned.stdout.strip() == f"python3 -m authoring {name} --option"


def test_every_step_of_every_command_is_there():
    from importlib.util import find_spec

    missing = [
        module for _, steps in COMMANDS.values() for module, *_ in steps or [] if find_spec(module) is None
    ]
    assert missing == []


@pytest.mark.parametrize(
    "arguments", [["bake"], ["clean", "--everything"], ["--here", "test", "nosuchlayer"]]
)
def test_bad_input_is_answered_by_one_line_and_status_2(arguments):
    result = run(sys.executable, "-m", "authoring", *arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    # argparse puts its usage before the line that says what is wrong.
    assert len([line for line in result.stderr.splitlines() if not line.startswith(("usage:", " "))]) == 1


def test_documents_name_only_commands_that_exist():
    known = {*COMMANDS, "COMMAND"}
    asked = []
    for name, text in shipped_files():
        if name.endswith((".md", ".yml", ".yaml")) or name == "Makefile":
            asked += [
                (name, word) for word in re.findall(r"python3? -m authoring (?:--here )?([a-z]+)", text)
            ]
            for words in re.findall(r"`(?:\w+=\S+ )?make ((?:[a-z]+ ?)+)", text):
                asked += [(name, word) for word in words.split()]
    assert len(asked) > 10
    assert [(name, word) for name, word in asked if word not in known] == []


def test_documents_name_only_files_that_exist():
    """Links of the Markdown files at the top of the clone and of each folder's README."""
    readmes = [*ROOT.glob("*.md"), *ROOT.glob("*/README.md")]
    assert len(readmes) >= 9
    for readme in readmes:
        for target in re.findall(r"\]\(([^)#:]+)\)", readme.read_text(encoding="utf-8")):
            assert (readme.parent / target).exists(), f"{readme.name} links {target}"


# The environment


def test_the_lock_holds_exact_versions_only():
    for path in (environment.LOCK, environment.NODE_LOCK, ROOT / "binder" / "requirements.txt"):
        for pin in pins(path):
            assert [part.operator for part in pin.specifier] == ["=="], f"{path.name}: {pin}"
            assert pin.url is None, f"{path.name}: {pin}"


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_fits_the_ranges_of_the_project(python, system):
    locked = versions(environment.LOCK, python, system)
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *extras["book"], *extras["test"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), line


def test_binder_gets_the_locked_versions_and_only_what_learners_need():
    system = SYSTEMS[0]
    python = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert python in PYTHONS
    binder = ROOT / "binder" / "requirements.txt"
    learners = versions(binder, python, system)
    locked = versions(environment.LOCK, python, system)
    assert learners.items() <= locked.items()
    needed = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]} | {"jupyterlab"}
    assert needed <= learners.keys()
    assert not learners.keys() & {"jupyter-book", "sphinx", "playwright", "pytest", "ruff", "torch"}
    assert "-e ." in binder.read_text(encoding="utf-8").splitlines()


def test_the_course_never_installs_torch():
    for python in PYTHONS:
        for system in SYSTEMS:
            assert "torch" not in versions(environment.LOCK, python, system)


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path):
    """An environment that the course did not make stays as it is, and the command says so in one line."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "precious.txt").write_text("mine", encoding="utf-8")
    result = run(sys.executable, "-m", "authoring", "lint", env={**os.environ, "TWOWORLDS_VENV": str(theirs)})
    assert result.returncode == 2
    assert "was not made by this command" in result.stderr and "Traceback" not in result.stderr
    assert [path.name for path in theirs.iterdir()] == ["precious.txt"]


def test_an_environment_is_made_anew_when_the_lock_changes(tmp_path, monkeypatch):
    """Each of lock, package file and Python version is part of what an environment remembers."""
    before = environment.wanted_stamp("3.11")
    changed = tmp_path / "requirements.txt"
    changed.write_text(environment.LOCK.read_text(encoding="utf-8") + "new==1.0\n", encoding="utf-8")
    monkeypatch.setattr(environment, "LOCK", changed)
    assert environment.wanted_stamp("3.11")["lock"] != before["lock"]
    assert environment.wanted_stamp("3.12")["python"] != before["python"]


def test_unlocked_packages_are_named(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        'pytest==0.0.1\nnosuchpackage==1.0\nother==1.0 ; python_version < "3.0"\n', encoding="utf-8"
    )
    monkeypatch.setattr(environment, "LOCK", lock)
    assert environment.unlocked_packages() == ["pytest", "nosuchpackage"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that the clone builds."""
    folder = tmp_path_factory.mktemp("wheel")
    result = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("twoworlds-*.whl"))


def test_the_wheel_carries_tables_truth_and_checks(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    for source, target in (("data", "twoworlds/_data"), ("exercises/checks", "twoworlds/_checks")):
        files = test_layers.files_below(ROOT / source)
        assert files, f"{source} is empty"
        assert {f"{target}/{name}" for name in files} == {
            name for name in held if name.startswith(f"{target}/")
        }
    assert any(name.startswith("twoworlds/_data/truth/") for name in held)
    assert not [name for name in held if name.startswith(("authoring/", "tests/"))]


def test_the_wheel_works_away_from_the_clone(wheel, tmp_path):
    """Installed elsewhere, it reads its own tables and its own checks."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import pathlib, twoworlds; from twoworlds import Checker; "
        "from twoworlds.data import data_folder; "
        "print(pathlib.Path(twoworlds.__file__).parent); print(data_folder()); "
        "print(len(twoworlds.load('swiftfare', 'users'))); Checker('03-retention')"
    )
    settings = {name: value for name, value in os.environ.items() if name != "TWOWORLDS_DATA"}
    settings["PYTHONPATH"] = str(tmp_path / "site")
    result = run(sys.executable, "-c", program, cwd=tmp_path, env=settings)
    assert result.returncode == 0, result.stderr
    package, data, rows = result.stdout.splitlines()[:3]
    assert Path(package) == tmp_path / "site" / "twoworlds"
    assert Path(data) == tmp_path / "site" / "twoworlds" / "_data"
    assert int(rows) > 1000


def test_a_python_without_packages_can_run_the_commands(tmp_path):
    """The commands need nothing but Python: an environment without packages, not even pip, lists them."""
    venv.create(tmp_path / "bare", with_pip=False)
    result = run(environment.python_in(tmp_path / "bare"), "-m", "authoring")
    assert result.returncode == 0, result.stderr
    assert "make COMMAND" in result.stdout


# The test runner's own arithmetic


def report(tmp_path, body):
    path = tmp_path / "report.xml"
    path.write_text(f"<testsuites><testsuite>{body}</testsuite></testsuites>", encoding="utf-8")
    return path


def test_the_runner_counts_what_pytest_reports(tmp_path):
    case = '<testcase classname="a" name="{}">{}</testcase>'
    body = case.format("one", "") + case.format("two", "<failure/>") + case.format("three", "<skipped/>")
    body += case.format("four", "<error/>")
    count = test_layers.read_report(report(tmp_path, body), 1, "layer")
    assert (count.passed, count.failed, count.skipped) == (1, 2, 1)
    assert count.failures == ["a::two", "a::four"]
    assert count.words() == "1 passed, 2 failed, 1 skipped"


def test_the_runner_takes_silence_for_a_failure(tmp_path):
    assert test_layers.read_report(report(tmp_path, ""), 5, "layer").failed == 1
    assert test_layers.read_report(tmp_path / "nothing.xml", 0, "layer").failed == 1
    passed = report(tmp_path, '<testcase classname="a" name="one"/>')
    assert test_layers.read_report(passed, 3, "layer").failed == 1
    assert test_layers.read_report(passed, 0, "layer").failed == 0


def test_drift_is_found_in_every_direction():
    stored = {"same": b"1", "changed": b"1", "gone": b"1"}
    remade = {"same": b"1", "changed": b"2", "new": b"1"}
    assert test_layers.changed_files(stored, remade) == [
        "changed: changed", "gone: no longer made", "new: made, but not stored",
    ]  # fmt: skip
    assert test_layers.changed_files(stored, stored) == []


def test_the_layers_run_in_the_promised_order():
    assert list(test_layers.LAYERS) == ["lint", "unit", "notebooks", "drift", "book", "browser"]


# Papers


def test_the_citation_says_what_cff_asks_for():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license"} <= citation.keys()
    assert all("name" in author for author in citation["authors"])
    assert citation["version"] == PROJECT["version"]
    assert set(citation["license"]) == {"CC-BY-4.0", "MIT", "CC0-1.0"}


@pytest.mark.parametrize(
    "name, words",
    [
        ("LICENSE", "Permission is hereby granted, free of charge"),
        ("LICENSE-text", "Section 2 -- Scope."),
        ("LICENSE-data", "Statement of Purpose"),
    ],
)
def test_each_licence_is_there_in_full(name, words):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert words in text and len(text) > 1000
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")


def test_workflows_parse_test_every_python_and_say_why():
    workflows = {
        path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")
    }
    assert workflows.keys() == {"test", "publish"}
    for name, text in workflows.items():
        content = yaml.safe_load(text)
        # YAML reads the key `on` as true.
        assert {"schedule", "push"} <= content[True].keys(), name
        for job in content["jobs"].values():
            assert job["runs-on"] and job["steps"]
            for step in job["steps"]:
                assert "uses" not in step or re.fullmatch(r"[\w/-]+@v\d+", step["uses"]), step
    matrix = yaml.safe_load(workflows["test"])["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS


def test_continuous_integration_script_is_sound():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", script).returncode == 0
    # The tests' own last line and status are the script's: nothing may come after them.
    assert script.read_text(encoding="utf-8").rstrip().splitlines()[-1].startswith("exec make")


def test_no_address_of_a_registry_and_no_path_of_one_machine():
    """A clone works behind any mirror and on any machine: files name neither."""
    # Put together here, so that this file does not name them either.
    hosts = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.org",
        "npm" + "js.com",
        "deb.deb" + "ian.org",
    ]
    forbidden = re.compile(
        "|".join(map(re.escape, hosts)) + r"|(?<![\w./~-])/(?:root|home|work|opt|Users)/\w"
    )
    looked, found = 0, []
    for name, text in shipped_files():
        looked += 1
        found += [f"{name}: {match.group(0)}" for match in forbidden.finditer(text)]
    assert looked > 30
    assert found == []


def test_front_end_lock_checks_what_it_brings():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    brought = {name: entry for name, entry in packages.items() if name}
    assert brought
    for name, entry in brought.items():
        assert entry["integrity"].startswith("sha512-") and "resolved" not in entry, name
