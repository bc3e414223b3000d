"""One learner at a JupyterHub, as a browser would do it: log in, start a server, pull, run an exercise.

Used by hub_trial.py; talks HTTP and websockets to an address on this machine. Every wait has an end.
"""

from __future__ import annotations

import json
import time
import uuid
from urllib.parse import urlsplit

import requests
import websocket

ANSWERS_WITHIN = 300  # seconds that any one answer may take
ACCEPTED = ("\N{CHECK MARK}", "\N{LOWER RIGHT PENCIL}")  # how a check begins that takes the answer
KERNEL_MESSAGES = 20_000  # messages of one cell, far more than any cell sends


class TrialError(Exception):
    """What a learner could not do, in one line."""


def wanted(response: requests.Response, *statuses: int) -> requests.Response:
    """The response, if its status is one of those. Raises TrialError with the address and what came."""
    if response.status_code not in statuses:
        path = urlsplit(response.url).path
        raise TrialError(f"{response.request.method} {path}: {response.status_code} {response.text[:200]!r}")
    return response


class Kernel:
    """A notebook's kernel, through its server's websocket."""

    def __init__(self, address: str, cookies: str, origin: str):
        self.session = uuid.uuid4().hex
        self.socket = websocket.create_connection(
            f"{address}?session_id={self.session}", cookie=cookies, origin=origin, timeout=ANSWERS_WITHIN
        )

    def run(self, code: str) -> list[str]:
        """Run one cell. Returns the texts it shows. Raises TrialError where the cell fails or never ends."""
        asked = uuid.uuid4().hex
        header = {
            "msg_id": asked, "msg_type": "execute_request", "username": "", "session": self.session,
            "date": "", "version": "5.3",
        }  # fmt: skip
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps({**message, "channel": "shell", "buffers": []}))
        shown, replied, idle, until = [], False, False, time.monotonic() + ANSWERS_WITHIN
        for _ in range(KERNEL_MESSAGES):
            if time.monotonic() > until:
                break
            got = json.loads(self.socket.recv())
            if got["parent_header"].get("msg_id") != asked:
                continue
            kind, content = got["header"]["msg_type"], got["content"]
            if kind == "error":
                raise TrialError(f"{content['ename']}: {content['evalue']} in {code[:80]!r}")
            if kind in ("execute_result", "display_data"):
                shown.append(content["data"].get("text/plain", ""))
            replied = replied or kind == "execute_reply"
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
            if replied and idle:
                return shown
        raise TrialError(f"no end within {ANSWERS_WITHIN} s: {code[:80]!r}")


class Learner:
    """A learner with a name, an exercise and answers to it, or none.

    address: of the hub, such as http://127.0.0.1:8000; solved: whether the answers are filled in
    took:    step -> wall seconds, filled as the learner goes
    """

    def __init__(self, address: str, name: str, exercise: str, solved: bool):
        self.address, self.name, self.exercise, self.solved = address, name, exercise, solved
        self.took: dict[str, float] = {}
        self.cells = self.checked = 0
        self.browser = requests.Session()
        # Nothing of this machine's proxy settings: the hub is here.
        self.browser.trust_env = False

    def _token(self, path: str) -> dict[str, str]:
        """The header that a page sends back to show that it came from this hub or server."""
        found = [one.value for one in self.browser.cookies if one.name == "_xsrf" and one.path == path]
        if not found:
            raise TrialError(f"no _xsrf cookie for {path}")
        return {"X-XSRFToken": found[-1]}

    def _ask(self, method: str, path: str, **options) -> requests.Response:
        return self.browser.request(
            method, path if "://" in path else self.address + path, timeout=ANSWERS_WITHIN, **options
        )

    def _server(self, method: str, path: str, **options) -> requests.Response:
        """Ask the learner's own server."""
        home = f"/user/{self.name}/"
        return self._ask(method, home + path, headers=self._token(home), **options)

    def _events(self, response: requests.Response):
        """The messages of an event stream, each a dict, until it ends or takes too long."""
        until = time.monotonic() + ANSWERS_WITHIN
        with response:
            for line in response.iter_lines(decode_unicode=True):
                if time.monotonic() > until:
                    raise TrialError(f"{urlsplit(response.url).path} did not end")
                if line and line.startswith("data:"):
                    yield json.loads(line[5:])

    def log_in(self, password: str) -> None:
        """Fill in the hub's form."""
        wanted(self._ask("GET", "/hub/login"), 200)
        form = {"username": self.name, "password": password, "_xsrf": self._token("/hub/")["X-XSRFToken"]}
        wanted(self._ask("POST", "/hub/login", data=form, allow_redirects=False), 302)

    def start_server(self) -> None:
        """Ask for a server and wait until the hub says that it is ready."""
        wanted(self._ask("GET", "/hub/spawn", allow_redirects=False), 302)
        events = self._ask("GET", f"/hub/api/users/{self.name}/server/progress", stream=True,
                           headers=self._token("/hub/"))  # fmt: skip
        for event in self._events(wanted(events, 200)):
            if event.get("failed"):
                raise TrialError(f"the server did not start: {event.get('message')}")
            if event.get("ready"):
                return
        raise TrialError("the hub never said that the server is ready")

    def open_page(self) -> None:
        """Open JupyterLab; the hub sends the browser there and back."""
        page = wanted(self._ask("GET", f"/user/{self.name}/lab"), 200)
        if "jupyter-config-data" not in page.text:
            raise TrialError("JupyterLab's page did not come")

    def follow_link(self, link: str, repository: str, branch: str, folder: str) -> None:
        """Follow an nbgitpuller link, and wait until the course has been pulled and opened."""
        page = wanted(self._ask("GET", link), 200)
        if "git-pull" not in page.url or folder not in page.text:
            raise TrialError(f"the link leads to {urlsplit(page.url).path}")
        asked = {"repo": repository, "branch": branch, "targetpath": folder}
        events = self._server("GET", "git-pull/api", params=asked, stream=True)
        phases = [event.get("phase") for event in self._events(wanted(events, 200))]
        if phases[-1:] != ["finished"]:
            raise TrialError(f"the pull ended as {phases[-1:]}")
        wanted(self._ask("GET", f"/user/{self.name}/lab/tree/{folder}/exercises/{self.exercise}.ipynb"), 200)

    def do_exercise(self, folder: str) -> None:
        """Run the exercise from top to bottom in a kernel of its own, then save it. The kernel stays."""
        path = f"{folder}/exercises/{self.exercise}.ipynb"
        source = f"{folder}/solutions/{self.exercise}.ipynb" if self.solved else path
        notebook = wanted(self._server("GET", f"api/contents/{source}"), 200).json()["content"]
        asked = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        opened = wanted(self._server("POST", "api/sessions", json=asked), 201).json()
        cookies = requests.cookies.get_cookie_header(
            self.browser.cookies, requests.Request("GET", f"{self.address}/user/{self.name}/").prepare()
        )
        channels = f"/user/{self.name}/api/kernels/{opened['kernel']['id']}/channels"
        kernel = Kernel(self.address.replace("http", "ws", 1) + channels, cookies, self.address)
        for cell in notebook["cells"]:
            if cell["cell_type"] != "code":
                continue
            shown = kernel.run(cell["source"])
            self.cells += 1
            if "check" in cell["metadata"].get("tags", []):
                self._judge(cell["source"], shown)
        kernel.socket.close()
        saved = {"type": "notebook", "format": "json", "content": notebook}
        wanted(self._server("PUT", f"api/contents/{path}", json=saved), 200)

    def _judge(self, check: str, shown: list[str]) -> None:
        """A filled-in answer must be called right or, if written, noted; a blank one must get other words."""
        said = " ".join(shown)
        if not said or self.solved != said.startswith(ACCEPTED):
            raise TrialError(f"{self.exercise}, {check}: {said[:120]!r}")
        self.checked += 1

    def timed(self, step: str, *arguments) -> None:
        """Do a step and remember how long it took."""
        began = time.monotonic()
        getattr(self, step)(*arguments)
        self.took[step] = time.monotonic() - began
