"""The course on a hub: the cluster's values, the links into exercises, and the sizes on the page."""

import json
import os
import re
import uuid
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from authoring import hub_links, site, teach_room
from authoring.teach_room import Choices, Learner
from twoworlds.errors import TwoWorldsError

ROOT = site.ROOT
TEXT = (ROOT / "hub" / "values.yaml").read_text(encoding="utf-8")
VALUES = yaml.safe_load(TEXT)
MEASURED = json.loads((ROOT / "hub" / "measured.json").read_text(encoding="utf-8"))
# Every key that the file may set: each was held against the rules (values.schema.yaml) of the chart's
# version 4.4.0, over its defaults. Helm refuses a key of another name: hold a new one against them too.
KNOWN = {
    "hub.config.JupyterHub.authenticator_class", "hub.config.JupyterHub.admin_access",
    "hub.config.Authenticator.admin_users", "hub.config.Authenticator.allow_all",
    "hub.config.NativeAuthenticator.open_signup", "hub.config.NativeAuthenticator.minimum_password_length",
    "hub.config.NativeAuthenticator.check_common_password",
    "hub.config.NativeAuthenticator.allowed_failed_logins",
    "hub.config.NativeAuthenticator.seconds_before_next_try",
    "hub.config.KubeSpawner.container_security_context.runAsNonRoot",
    "hub.config.KubeSpawner.container_security_context.capabilities.drop",
    "hub.config.KubeSpawner.container_security_context.seccompProfile.type",
    "hub.concurrentSpawnLimit", "hub.resources.requests.cpu", "hub.resources.requests.memory",
    "hub.resources.limits.memory", "proxy.https.enabled", "proxy.https.hosts",
    "proxy.https.letsencrypt.contactEmail", "singleuser.image.name", "singleuser.image.tag", "singleuser.cmd",
    "singleuser.defaultUrl", "singleuser.memory.guarantee", "singleuser.memory.limit",
    "singleuser.cpu.guarantee", "singleuser.cpu.limit", "singleuser.extraEnv.OMP_NUM_THREADS",
    "singleuser.extraEnv.OPENBLAS_NUM_THREADS", "singleuser.storage.type", "singleuser.storage.capacity",
    "singleuser.uid", "singleuser.fsGid", "singleuser.allowPrivilegeEscalation",
    "singleuser.cloudMetadata.blockWithIptables", "singleuser.networkPolicy.enabled",
    "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer",
    "singleuser.networkPolicy.egressAllowRules.privateIPs",
    "singleuser.networkPolicy.egressAllowRules.nonPrivateIPs", "cull.enabled", "cull.every", "cull.timeout",
    "cull.users", "prePuller.hook.enabled", "prePuller.continuous.enabled",
}  # fmt: skip


def paths(values, before=""):
    """The dotted paths of all settings."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from paths(value, f"{before}{key}.")
        else:
            yield f"{before}{key}"


# The cluster's values


def test_the_values_set_only_keys_that_the_chart_knows():
    assert sorted(set(paths(VALUES)) ^ KNOWN) == []
    assert teach_room.chart_version() == "4.4.0"


def test_memory_lies_above_what_the_trial_measured():
    server, most = VALUES["singleuser"]["memory"], MEASURED["memory_mib"]["peak_rss"]["most"]
    assert teach_room.mib(server["guarantee"]) >= most
    assert teach_room.mib(server["limit"]) >= Choices().margin * most
    # Nor must the hub itself run out.
    assert teach_room.mib(VALUES["hub"]["resources"]["requests"]["memory"]) >= MEASURED["memory_mib"]["hub"]


def test_guarantees_lie_below_limits_and_the_disk_holds_the_course():
    server = VALUES["singleuser"]
    assert teach_room.mib(server["memory"]["guarantee"]) <= teach_room.mib(server["memory"]["limit"])
    assert 0 < server["cpu"]["guarantee"] <= server["cpu"]["limit"]
    assert teach_room.mib(server["storage"]["capacity"]) > 3 * MEASURED["disk_mib"]["home"]["most"]


def test_a_learner_has_no_privilege():
    server = VALUES["singleuser"]
    assert server["uid"] > 0 and server["allowPrivilegeEscalation"] is False
    # True would put a privileged container before each learner's own.
    assert server["cloudMetadata"]["blockWithIptables"] is False
    assert server["networkPolicy"]["enabled"] is True
    assert server["networkPolicy"]["egressAllowRules"]["cloudMetadataServer"] is False
    context = VALUES["hub"]["config"]["KubeSpawner"]["container_security_context"]
    assert context["runAsNonRoot"] is True and context["capabilities"] == {"drop": ["ALL"]}
    assert "privileged" not in " ".join(paths(VALUES))


def test_nobody_gets_in_unasked_and_nobody_looks_into_a_neighbour():
    config = VALUES["hub"]["config"]
    assert config["JupyterHub"] == {"authenticator_class": "native", "admin_access": False}
    assert config["NativeAuthenticator"]["open_signup"] is False
    assert VALUES["proxy"]["https"]["enabled"] is True


def test_idle_servers_end_and_learners_stay():
    cull = VALUES["cull"]
    assert cull["enabled"] is True and cull["users"] is False
    assert 0 < cull["every"] < cull["timeout"]


def test_all_that_must_be_filled_in_is_marked():
    marked = [line for line in TEXT.splitlines() if line.endswith("# fill in")]
    assert len(marked) == 5
    invented = [line for line in TEXT.splitlines() if re.search(r"\bexample\.org\b|0000000", line)]
    assert [line for line in invented if line not in marked] == []


def test_the_image_gets_the_charts_jupyterhub_and_nbgitpuller():
    assert f"JupyterHub {teach_room.pinned('jupyterhub')})" in TEXT.splitlines()[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+", teach_room.pinned("nbgitpuller"))
    assert MEASURED["versions"]["jupyterhub"] == teach_room.pinned("jupyterhub")
    assert MEASURED["versions"]["nbgitpuller"] == teach_room.pinned("nbgitpuller")


# The trial's figures


def test_the_stored_trial_is_of_a_class_in_which_nobody_failed():
    assert MEASURED["learners"] >= 20 and MEASURED["failures"] == []
    # The chapters' exercises: the capstone is done at home.
    chapters = [slug for slug in hub_links.exercises() if slug != "07-capstone"]
    assert sorted(MEASURED["exercises"]) == chapters
    assert sum(found["learners"] for found in MEASURED["exercises"].values()) == MEASURED["learners"]
    assert 0 < MEASURED["solved"] < MEASURED["learners"]
    assert {"cores", "memory_gib", "processor", "load_before", "load_highest"} == MEASURED["machine"].keys()


def test_the_setting_for_one_machine_keeps_kernels_apart(monkeypatch):
    """Kernels talk through files, in a folder whose path leaves room for the socket's name (107 letters)."""
    path = ROOT / "hub" / "jupyter_server_config.py"
    monkeypatch.delenv("JUPYTER_RUNTIME_DIR", raising=False)
    settings = SimpleNamespace(KernelManager=SimpleNamespace())
    code = compile(path.read_text(encoding="utf-8"), path.name, "exec")
    exec(code, {"get_config": lambda: settings})
    folder = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    assert settings.KernelManager.transport == "ipc"
    assert folder.is_dir() and folder.stat().st_mode & 0o077 == 0
    assert len(f"/tmp/{folder.name}/kernel-{uuid.uuid4()}-ipc-1") <= 107
    exec(code, {"get_config": lambda: settings})
    assert os.environ["JUPYTER_RUNTIME_DIR"] == str(folder)
    monkeypatch.delenv("JUPYTER_RUNTIME_DIR")
    folder.rmdir()


def test_the_trial_without_that_setting_is_kept_as_it_was():
    without = json.loads(teach_room.PORTS.read_text(encoding="utf-8"))
    assert without["learners"] == MEASURED["learners"]
    assert without["failures"] and all("WebSocket" in line for line in without["failures"])


def test_could_fail_is_the_exact_bound():
    """A rate at which a class without a failure has a chance of one in twenty."""
    assert (1 - teach_room.could_fail(20)) ** 20 == pytest.approx(0.05)
    assert teach_room.could_fail(1) == pytest.approx(0.95)


# Links


@pytest.mark.parametrize(
    "repository, name",
    [
        ("https://github.com/you/one-job", "one-job"),
        ("https://github.com/you/one-job/", "one-job"),
        ("https://gitlab.example.org/a/b/one-job.git", "one-job"),
        ("file:///srv/course.git", "course"),
    ],
)
def test_a_pull_link_opens_what_it_pulls(repository, name):
    link = hub_links.pull_link("https://hub.example.org/", repository, "main", "exercises/03-retention.ipynb")
    parts = urlsplit(link)
    assert (parts.netloc, parts.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    asked = parse_qs(parts.query, strict_parsing=True)
    assert asked == {
        "repo": [repository.rstrip("/")],
        "branch": ["main"],
        "targetPath": [name],
        "urlpath": [f"lab/tree/{name}/exercises/03-retention.ipynb"],
    }


def test_every_exercise_has_a_link():
    found = hub_links.hub_links("https://hub.example.org", hub_links.ANY_REPOSITORY)
    assert list(found) == sorted(path.stem for path in (ROOT / "exercises").glob("*.ipynb"))
    assert len(found) >= 6
    assert all(f"exercises%2F{slug}.ipynb" in link for slug, link in found.items())


def test_binder_links_lead_to_the_same_exercises():
    found = hub_links.binder_links("https://github.com/you/one-job.git", "main")
    assert list(found) == hub_links.exercises()
    assert found["03-retention"] == (
        "https://mybinder.org/v2/gh/you/one-job/main?urlpath=lab%2Ftree%2Fexercises%2F03-retention.ipynb"
    )


@pytest.mark.parametrize("text", ["", "you/one-job", "https://", "javascript:alert(1)", "https://a b/c"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(hub_links.AddressError, match="is no address"):
        hub_links.plain_address(text)


def test_the_command_prints_the_links(capsys):
    arguments = ["--hub", "https://hub.example.org", "--repository", "https://github.com/you/one-job"]
    assert hub_links.main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.count("https://hub.example.org/hub/user-redirect/git-pull?") == len(hub_links.exercises())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--repository", "nowhere", "--hub", "https://hub.example.org"],
        ["--repository", "https://github.com/you/one-job", "--hub", "hub.example.org"],
        ["--repository", "https://gitlab.example.org/you/one-job"],
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(arguments, capsys):
    assert hub_links.main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("hub links: ") and told.err.count("\n") == 1


# Sizes

LEARNER = Learner(peak_mib=300, cpu_seconds=10, guarantee_mib=512, guarantee_cores=0.1, home_gib=1)


def test_sizes_are_counted_in_powers_of_two():
    sizes = [teach_room.mib(text) for text in ("512M", "1G", "1Gi", "1.5Gi", "1048576")]
    assert sizes == [512, 1024, 1024, 1536, 1]
    with pytest.raises(ValueError, match="is no size"):
        teach_room.mib("much")


def test_one_server_by_hand():
    """30 learners at 300 MiB and 30 %, 200 MiB for the hub, 2 GiB for the system: 13.6 GiB. 300 seconds of
    processor time in five minutes: one core, and two is the least."""
    found = teach_room.one_server(30, LEARNER, 200, Choices())
    assert (found.machines, found.cores, found.memory_gib, found.disk_gib) == (1, 2, 14, 50)
    assert teach_room.one_server(30, LEARNER, 200, Choices(minutes=1)).cores == 5


def test_a_cluster_by_hand():
    """30 of 32 GiB hold 60 promises of 512 MiB. 300 learners and a hub make 301 places: six machines."""
    found = teach_room.cluster(300, LEARNER, 512, Choices())
    assert (found.on_a_machine, found.machines) == (60, 6)
    assert (found.cores, found.memory_gib, found.disk_gib) == (48, 192, 300 + 6 * 20)
    assert teach_room.cluster(299, LEARNER, 512, Choices()).machines == 5


def test_what_is_scarce_decides():
    hungry_for_cores = Learner(300, 1000, 512, 0.5, 1)
    assert teach_room.cluster(10, hungry_for_cores, 512, Choices()).on_a_machine == 16
    # 300 learners with 1,000 seconds each, in five minutes: a thousand cores.
    assert teach_room.cluster(300, hungry_for_cores, 512, Choices()).machines == 125
    assert teach_room.cluster(10, Learner(1, 1, 1, 0.001, 1), 1, Choices()).on_a_machine == 100


def test_more_learners_never_need_less():
    found = [teach_room.cluster(count, LEARNER, 512, Choices()) for count in range(1, 400, 7)]
    assert all(
        a.machines <= b.machines and a.disk_gib < b.disk_gib for a, b in zip(found, found[1:], strict=False)
    )


# The page


def test_each_place_of_the_words_is_filled_and_each_number_used():
    assert teach_room.filled("{{ a }} and {{b}}", {"a": "1", "b": "2"}) == "1 and 2"
    with pytest.raises(TwoWorldsError, match="no number: b"):
        teach_room.filled("{{ a }} {{ b }}", {"a": "1"})
    with pytest.raises(TwoWorldsError, match="no use for: b"):
        teach_room.filled("{{ a }}", {"a": "1", "b": "2"})


def test_the_page_shows_what_was_measured_and_says_what_was_not_run():
    page = teach_room.page()
    assert "{{" not in page
    assert f"with {MEASURED['learners']} learners in it" in page
    assert f"limits.memory {VALUES['singleuser']['memory']['limit']}" in page
    for words in ("we did not run it", "No cluster has run any of this", "we have run neither", "not run"):
        assert words in page, words


def test_the_hub_is_busy_for_less_than_the_hour_that_the_page_advises():
    largest = teach_room.CLASSES[-1]
    assert largest * MEASURED["cpu_seconds"]["hub_a_learner"] < 3600
