"""A trial of the course on a JupyterHub: many learners at once, on this machine only. No part of `make test`.

    python tests/hub_trial.py --proxy PROXY --learners 20 --out hub/measured.json

It needs Linux, an environment with what `binder/requirements.txt` and `hub/requirements.txt` name, and the
npm package configurable-http-proxy, whose program is PROXY. Run it with the Python of that environment, in a
clone whose files are committed: learners pull what is committed. `hub/README.md` has the commands.

A hub is started on 127.0.0.1 with a password made for the occasion, one home a learner in a temporary folder.
All learners log in at once, start a server and open JupyterLab; then all follow an nbgitpuller link, run one
exercise to its end through the kernel's websocket, and save it. Two in three have the answers filled in: each
check must call them right. The third leaves the exercise as it is. Memory, processor time and wall time are
measured while all are there. Everything that was started is ended, whatever happens; exit status 1 where any
learner could not do a step.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import platform
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import psutil
import requests
from hub_learner import Learner, TrialError
from hub_watch import Taken, alone, on_disk, servers, taken

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from authoring import hub_links  # noqa: E402

HUB_STARTS_WITHIN = 120  # seconds
HUB_ENDS_WITHIN = 60
BRANCH = "main"

CONFIG = """\
c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "jupyterhub.spawner.SimpleLocalProcessSpawner"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.cmd = {command!r}
c.Spawner.args = {arguments!r}
c.Spawner.ip = "127.0.0.1"
c.Spawner.default_url = "/lab"
c.Spawner.environment = {environment!r}
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.JupyterHub.db_url = "sqlite:///" + {folder!r} + "/hub.sqlite"
c.JupyterHub.cookie_secret_file = {folder!r} + "/cookie_secret"
c.ConfigurableHTTPProxy.pid_file = {folder!r} + "/proxy.pid"
c.JupyterHub.cleanup_servers = True
"""
ENVIRONMENT = {
    # As in hub/values.yaml: one thread a learner, however many cores a machine has.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # As one server gets it: hub/jupyter_server_config.py.
    "JUPYTER_CONFIG_PATH": str(ROOT / "hub"),
}


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_repository(folder: Path) -> str:
    """A repository to pull from: what is committed here, on branch main. Returns its address."""
    bare = folder / "course.git"
    subprocess.run(["git", "init", "--quiet", "--bare", f"--initial-branch={BRANCH}", bare], check=True)
    subprocess.run(
        ["git", "-C", ROOT, "push", "--quiet", f"file://{bare}", f"HEAD:refs/heads/{BRANCH}"], check=True
    )
    return f"file://{bare}"


@contextlib.contextmanager
def running_hub(folder: Path, proxy: str, password: str):
    """A hub with its proxy, ended on the way out. Yields its address and process."""
    port = free_port()
    home, temporary = folder / "homes", folder / "tmp"
    home.mkdir()
    temporary.mkdir()
    arguments = ["--allow-root"] if os.geteuid() == 0 else []
    config = folder / "jupyterhub_config.py"
    config.write_text(
        CONFIG.format(
            port=port, hub_port=free_port(), proxy_port=free_port(), proxy=proxy, password=password,
            homes=str(home), folder=str(folder), arguments=arguments,
            environment={**ENVIRONMENT, "TMPDIR": str(temporary)},
            command=[sys.executable, "-m", "jupyterhub.singleuser"],
        ),
        encoding="utf-8",
    )  # fmt: skip
    settings = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    settings["JUPYTERHUB_SINGLEUSER_APP"] = "jupyter_server.serverapp.ServerApp"
    # Neither another session's settings nor its folders.
    for name in ("JUPYTERHUB_API_TOKEN", "JUPYTER_RUNTIME_DIR"):
        settings.pop(name, None)
    with open(folder / "hub.log", "w", encoding="utf-8") as log:
        hub = psutil.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=folder, env=settings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield wait_for(f"http://127.0.0.1:{port}", hub), hub
        finally:
            end(hub, home)


def wait_for(address: str, hub: psutil.Popen) -> str:
    """The hub's address, once it answers. Raises TrialError where it ends or takes too long."""
    until = time.monotonic() + HUB_STARTS_WITHIN
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < until:
            if hub.poll() is not None:
                raise TrialError("the hub ended while it started: see its log with --keep")
            with contextlib.suppress(requests.ConnectionError):
                if session.get(f"{address}/hub/health", timeout=10).status_code == 200:
                    return address
            time.sleep(0.5)
    raise TrialError(f"the hub did not answer within {HUB_STARTS_WITHIN} s")


def end(hub: psutil.Popen, homes: Path) -> None:
    """End the hub, which ends its proxy and servers; then whatever of them is left."""
    ours = [*hub.children(recursive=True), *servers(homes).values()] if hub.is_running() else []
    ours += [child for server in servers(homes).values() for child in server.children(recursive=True)]
    if hub.poll() is None:
        hub.send_signal(signal.SIGTERM)
        with contextlib.suppress(psutil.TimeoutExpired):
            hub.wait(HUB_ENDS_WITHIN)
    for process in {hub, *ours}:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _, left = psutil.wait_procs({*ours}, timeout=10)
    if left:
        print(f"hub trial: still there: {[process.pid for process in left]}", file=sys.stderr)


def all_at_once(learners: list[Learner], do) -> list[str]:
    """Let all learners do something at the same time. Returns what went wrong, a line a learner."""

    def one(learner: Learner) -> str | None:
        try:
            do(learner)
        except Exception as error:  # whatever it is, the others go on and this line says it
            return f"{learner.name}, {learner.exercise}: {type(error).__name__}: {error}"
        return None

    with ThreadPoolExecutor(len(learners)) as pool:
        return [line for line in pool.map(one, learners) if line]


def spread(values, digits: int = 1) -> dict[str, float]:
    """Median and extremes of some values."""
    values = sorted(values)
    return {
        "median": round(statistics.median(values), digits),
        "least": round(values[0], digits),
        "most": round(values[-1], digits),
    }


def measured(learners: list[Learner], homes: Path) -> dict[str, object]:
    """Learner -> what the server and its kernel take now. Raises TrialError where a server is missing."""
    found = servers(homes)
    missing = [learner.name for learner in learners if learner.name not in found]
    if missing:
        raise TrialError(f"no server of {', '.join(missing)}")
    return {learner.name: taken(found[learner.name]) for learner in learners}


def hub_and_proxy(hub: psutil.Process) -> tuple[Taken, Taken]:
    """What the hub and its proxy take now, without the learners' servers. Raises TrialError."""
    for child in hub.children():
        if "configurable-http-proxy" in " ".join(child.cmdline()):
            return alone(hub), taken(child)
    raise TrialError("the hub runs without its proxy")


def trial(count: int, proxy: str, folder: Path) -> dict:
    """Run the trial. Returns the figures; "failures" says what went wrong."""
    password, loads = secrets.token_urlsafe(12), [os.getloadavg()[0]]
    repository = make_repository(folder)
    slugs = hub_links.exercises()
    homes, course = folder / "homes", hub_links.folder(repository)
    with running_hub(folder, proxy, password) as (address, hub):
        # Two in three with answers; all exercises come with and without them.
        learners = [
            Learner(address, f"learner-{place:02}", slugs[place % len(slugs)], (place + place // 6) % 3 != 0)
            for place in range(count)
        ]

        def arrive(learner: Learner) -> None:
            learner.timed("log_in", password)
            learner.timed("start_server")
            learner.timed("open_page")

        def work(learner: Learner) -> None:
            path = f"exercises/{learner.exercise}.ipynb"
            link = hub_links.pull_link(address, repository, BRANCH, path)
            learner.timed("follow_link", link, repository, BRANCH, course)
            learner.timed("do_exercise", course)

        # What the hub and its proxy took to start is not the learners' doing.
        started = hub_and_proxy(hub)
        began = time.monotonic()
        failures = all_at_once(learners, arrive)
        arrived = time.monotonic() - began
        loads.append(os.getloadavg()[0])
        here = [learner for learner in learners if "open_page" in learner.took]
        before = measured(here, homes)
        began = time.monotonic()
        failures += all_at_once(here, work)
        worked = time.monotonic() - began
        loads.append(os.getloadavg()[0])
        done = [learner for learner in here if "do_exercise" in learner.took]
        after = measured(done, homes)
        ended = hub_and_proxy(hub)
        disk = [on_disk(homes / learner.name) for learner in done]
    if not done:
        raise TrialError("; ".join(failures[:3]))
    names = [learner.name for learner in done]
    ran = {name: after[name].cpu_seconds - before[name].cpu_seconds for name in names}
    return {
        "date": datetime.date.today().isoformat(),
        "machine": {
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30),
            "processor": platform.machine(),
            "load_before": round(loads[0], 1),
            "load_highest": round(max(loads), 1),
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("jupyterhub", "jupyterlab", "nbgitpuller", "pandas")},
        },
        "learners": count,
        "solved": sum(learner.solved for learner in done),
        "failures": failures,
        "cells": sum(learner.cells for learner in done),
        "checks": sum(learner.checked for learner in done),
        "wall_seconds": {
            "all_arrived": round(arrived, 1),
            "all_worked": round(worked, 1),
            **{step: spread(learner.took[step] for learner in done) for step in done[0].took},
        },
        "memory_mib": {
            "idle_pss": spread(before[name].pss_mib for name in names),
            "worked_pss": spread(after[name].pss_mib for name in names),
            "worked_rss": spread(after[name].rss_mib for name in names),
            "peak_rss": spread(after[name].peak_mib for name in names),
            "hub": round(ended[0].peak_mib, 1),
            "proxy": round(ended[1].peak_mib, 1),
        },
        "cpu_seconds": {
            "arrive": spread(before[name].cpu_seconds for name in names),
            "work": spread(ran.values()),
            "hub_a_learner": round((ended[0].cpu_seconds - started[0].cpu_seconds) / count, 2),
            "proxy_a_learner": round((ended[1].cpu_seconds - started[1].cpu_seconds) / count, 2),
        },
        "disk_mib": {"home": spread(disk), "environment": round(on_disk(Path(sys.prefix)))},
        "exercises": {
            slug: {
                "learners": len(those),
                "peak_rss_mib": round(max(after[one.name].peak_mib for one in those), 1),
                "cpu_seconds": round(max(ran[one.name] for one in those), 1),
            }
            for slug in slugs
            if (those := [learner for learner in done if learner.exercise == slug])
        },
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line: 0 where every learner got to the end, 1 where one did not, 2 where there was no trial."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--proxy", default="configurable-http-proxy", help="the proxy's program")
    parser.add_argument("--learners", type=int, default=3, choices=range(1, 101), metavar="1..100")
    parser.add_argument("--out", type=Path, help="file for the figures; written only if nothing failed")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder, with the hub's log")
    options = parser.parse_args(arguments)
    proxy = shutil.which(options.proxy)
    if proxy is None:
        print(f"hub trial: there is no program {options.proxy}", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="hub-trial-"))
    try:
        figures = trial(options.learners, os.path.abspath(proxy), folder)
    except TrialError as error:
        print(f"hub trial: {error}", file=sys.stderr)
        return 2
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
    print(text)
    print(f"{options.learners} learners, {len(figures['failures'])} failures")
    if figures["failures"]:
        return 1
    if options.out:
        options.out.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
