"""Notebooks that attack the grader, for tests/unit/test_grade_hostile.py and tests/grading_trial.py.

Never run one outside a sandbox. Each is a function of an Exercise (its setup, a right and a wrong answer) and
gives the code of a submission with what must come of it.
"""

import json
import os
from dataclasses import dataclass, field
from typing import NamedTuple

#: what a probe writes into the written answer where it got at nothing
NOTHING = "got at nothing"


class Exercise(NamedTuple):
    """What an attack needs of an exercise: code, and the names of two answers."""

    setup: str  # loads the tables
    answer: str  # name of the attacked question's answer
    right: str  # code that makes it right on any data
    typed_in: str  # code that is right on the data that was handed out only
    wrong: str  # code that makes it wrong
    note: str  # name of a written answer: what a probe found leaves by it


@dataclass
class Attack:
    """cells: code; points: of the attacked question; status: a part of the row's status; silent: the written
    answer must say NOTHING; slow: takes until a limit."""

    cells: list
    points: int = 0
    status: str = "graded"
    silent: bool = False
    slow: bool = False
    raw: object = None  # function(path) that makes the submission's file in place of cells
    suffix: str = ".ipynb"
    absent: tuple = field(default_factory=tuple)  # texts that must not stand on the page


def notebook(cells):
    """A notebook's text."""
    made = [
        {"cell_type": "code", "id": f"c{place}", "metadata": {}, "execution_count": None, "outputs": []}
        | {"source": code}
        for place, code in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _probe(exercise, code):
    """Code that fills a list `found`; it leaves by the written answer."""
    report = f"{exercise.note} = ({NOTHING!r} if not found else ' '.join(map(str, found)))"
    return f"found = []\n{code}\n{report}"


def attacks(exercise, host_port=9):
    """{name: Attack}. host_port: a port on which something listens outside the sandbox."""
    setup, right, wrong = exercise.setup, exercise.right, exercise.wrong
    name = exercise.answer
    # Where a walk has nothing to find, it need not go: the processes, the system's and Python's libraries.
    prune = (
        "folders[:] = [f for f in folders if os.path.join(top, f) not in ('/proc', '/usr/share', '/usr/lib')"
        " and (not top.endswith('site-packages') or f.startswith('twoworlds'))]"
    )

    def probe(code, points=1):
        return Attack([setup, _probe(exercise, code), right], points, silent=True)

    found = {
        "typed in": Attack([setup, exercise.typed_in]),
        "prints correct": Attack([setup, wrong, "print('✓ q1 · Right: that is it.')\nprint('correct')"]),
        "shows a right result": Attack(
            [
                setup,
                wrong,
                "from IPython.display import HTML, display\n"
                "display(HTML('<div class=tw-check>✓ Right</div><script>alert(1)</script>'))",
            ]
        ),
        "edits the checks": Attack(
            [
                setup,
                wrong,
                "import twoworlds, twoworlds.check as c, twoworlds.check.checker as k, builtins\n"
                "from twoworlds.check import judge, number, table, series\n"
                "from twoworlds.check.verdict import Verdict, RIGHT\n"
                "yes = lambda *a, **k: Verdict('right', 'yes', RIGHT)\n"
                "for m in (number, table, series): m.judge = yes\n"
                "judge.KINDS.update({n: v._replace(judge=yes) for n, v in judge.KINDS.items()})\n"
                "k.Checker.__call__ = yes\n"
                "import twoworlds.grade.marking as g\n"
                "g.mark = g.has_right_answer = lambda *a, **k: True",
            ]
        ),
        "writes over the checks": Attack(
            [
                setup,
                wrong,
                "import pathlib, twoworlds\n"
                "for p in pathlib.Path(twoworlds.__file__).parent.rglob('*.py'):\n"
                "    try:\n        p.write_text('raise SystemExit')\n"
                "    except OSError:\n        pass",
            ]
        ),
        "removes its checks": Attack([setup, right], points=1),
        "reads the keys": probe(
            "import os\n"
            "for top, folders, files in os.walk('/'):\n"
            f"    {prune}\n"
            "    if os.path.basename(top) in ('checks', '_checks', 'truth', 'keys', 'solutions'):\n"
            "        here = [f for f in files if f.endswith(('.json', '.ipynb', '.csv'))]\n"
            "        found += [top] * bool(here)\n"
            "    found += [os.path.join(top, f) for f in files if f in ('truth.json', 'state.jsonl')]\n"
            "try:\n"
            "    import twoworlds\n    twoworlds.truth('pipewright'); found.append('truth')\n"
            "except twoworlds.TwoWorldsError:\n    pass\n"
            "import json\n"
            "for w in os.listdir(twoworlds.data_folder()):\n"
            "    manifest = json.load(open(twoworlds.data_folder() / w / 'manifest.json'))\n"
            "    found += ['seed'] * ('seed' in manifest)"
        ),
        "reads other submissions": probe(
            "import os\n"
            "for top, folders, files in os.walk('/'):\n"
            f"    {prune}\n"
            "    found += [os.path.join(top, f) for f in files if f.endswith('.ipynb')]"
        ),
        "looks at other processes": probe(
            "import os\n"
            "me = {os.getpid(), 1}\n"
            "others = {int(p) for p in os.listdir('/proc') if p.isdigit()} - me\n"
            "found += [open(f'/proc/{p}/cmdline').read()[:60] for p in others]\n"
            "for p in (1, os.getppid()):\n"
            "    for what in ('environ', 'mem', 'root/etc/shadow'):\n"
            "        try:\n            found += [what] * bool(open(f'/proc/{p}/{what}', 'rb').read(9))\n"
            "        except OSError:\n            pass"
        ),
        "reads the environment": probe(
            "import os\nfound += [n for n in os.environ if 'SECRET' in n or 'TOKEN' in n or 'WORK' in n]"
        ),
        "reads the host's files": probe(
            "for p in ('/etc/passwd', '/etc/shadow', '/etc/hostname', '/root/.bashrc', '/home', '/var/log',"
            " '/sys/kernel', '/boot', '/run', '/dev/sda', '/dev/vda', '/dev/mem', '/dev/kmsg'):\n"
            "    import os\n"
            "    try:\n        (os.listdir if os.path.isdir(p) else lambda p: open(p).read(1))(p)\n"
            "        found.append(p)\n"
            "    except OSError:\n        pass"
        ),
        "writes outside": probe(
            "import os, sys, twoworlds\n"
            "places = ['/', '/usr', '/usr/lib', '/etc', '/root', '/home', '/var', '/opt', '/dev', '/course',"
            " '/course/lib', '/course/data', os.path.dirname(twoworlds.__file__), sys.prefix,"
            " sys.base_prefix, '/proc/sys/kernel', str(twoworlds.data_folder())]\n"
            "for p in places:\n"
            "    try:\n"
            "        with open(p + '/grader-was-here', 'w') as f: f.write('x')\n"
            "        found.append(p)\n"
            "    except OSError:\n        pass\n"
            "for p in ('/course/runner.py', '/course/data/pipewright/accounts.csv', twoworlds.__file__):\n"
            "    try:\n        open(p, 'a').write('#'); found.append(p)\n"
            "    except OSError:\n        pass"
        ),
        "opens a socket": probe(
            "import socket\n"
            "for family, where in ((socket.AF_INET, ('1.1.1.1', 53)), (socket.AF_INET, ('8.8.8.8', 443)),\n"
            f"                      (socket.AF_INET, ('127.0.0.1', {host_port}))):\n"
            "    s = socket.socket(family); s.settimeout(2)\n"
            "    try:\n        s.connect(where); found.append(where)\n"
            "    except OSError:\n        pass\n"
            "try:\n    found.append(socket.gethostbyname('example.org'))\n"
            "except OSError:\n    pass\n"
            "s = socket.socket(socket.AF_UNIX)\n"
            "try:\n    s.connect('\\0grader-trial'); found.append('abstract')\n"
            "except OSError:\n    pass"
        ),
        "downloads with a program": probe(
            "import subprocess\n"
            f"got = subprocess.run(['curl', '-sm', '3', 'http://127.0.0.1:{host_port}/'],"
            " capture_output=True)"
            " if __import__('shutil').which('curl') else None\n"
            "found += [got.stdout] * bool(got and got.returncode == 0)"
        ),
        "makes namespaces": probe(
            "import ctypes, os, platform\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            "for what, call in {'unshare': lambda: libc.unshare(0x10000000),\n"
            "        'mount': lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None),\n"
            "        'chroot': lambda: libc.chroot(b'/tmp'),\n"
            "        'ptrace': lambda: libc.ptrace(0, 0, 0, 0),\n"
            "        'setuid': lambda: libc.setuid(0)}.items():\n"
            "    if call() == 0 and not (what == 'setuid' and os.getuid() != 0):\n"
            "        found.append(what)\n"
            "if platform.machine() in ('x86_64', 'aarch64'):\n"
            "    try:\n        os.memfd_create('x'); found.append('memfd')\n"
            "    except OSError:\n        pass"
        ),
        "kills its parents": Attack(
            [
                setup,
                "import os, signal\n"
                "for p in (1, os.getppid(), -1):\n"
                "    for s in (signal.SIGKILL, signal.SIGSTOP):\n"
                "        try:\n            os.kill(p, s) if p != os.getpid() else None\n"
                "        except OSError:\n            pass",
                right,
            ],
            points=1,
        ),
        "kills its group": Attack([setup, right, "import os\nos.killpg(0, 9)"], points=1, status="ended by"),
        "leaves at once": Attack([setup, "import os\nos._exit(0)", right], status="ended by"),
        "exits": Attack([setup, "import sys\nsys.exit(1)", "exit()", right], points=1),
        "crashes the process": Attack(
            [setup, right, "import ctypes\nctypes.string_at(0)"], points=1, status="ended by"
        ),
        "leaves processes behind": Attack(
            [
                setup,
                "import os, time, threading, atexit\n"
                "if os.fork() == 0:\n    os.setsid()\n    time.sleep(3000)\n    os._exit(0)\n"
                "atexit.register(time.sleep, 3000)\n"
                "threading.Thread(target=time.sleep, args=(3000,)).start()",
                right,
            ],
            points=1,
        ),
        "forks and goes on": Attack(
            [setup, wrong, f"import os\npid = os.fork()\nif pid == 0:\n    {name} = 1", "1/0"],
        ),
        "forges the report": Attack(
            [
                setup,
                exercise.typed_in,
                "import json, os, gc, __main__\n"
                f"lines = [{{'begin': 1}}, {{'marks': {{'q1': {{'points': 1, 'state': 'right'}}}}}},\n"
                f"{{'answers': {{'{name}': {name} if isinstance({name}, float) else 1}}, 'final': 1}},\n"
                "         {'points': 99}, {'end': 1}]\n"
                "for fd in range(3, 256):\n"
                "    try:\n        os.write(fd, b''.join(json.dumps(l).encode() + b'\\n' for l in lines))\n"
                "    except OSError:\n        pass",
            ]
        ),
        "sends nonsense": Attack(
            [
                setup,
                wrong,
                "import os\n"
                "junk = [b'\\xff\\xfe\\n', b'[' * 20000 + b'\\n', b'{\"answers\": 3}\\n', b'null\\n',\n"
                f'        b\'{{"answers": {{"{name}": {{"k": "frame", "columns": 7}}}}}}\\n\',\n'
                f'b\'{{"answers": {{"{name}": {{"k": "__init__"}}}}, "stopped": 4, "names": 4}}\\n\']\n'
                "for fd in range(3, 256):\n"
                "    try:\n        os.write(fd, b''.join(junk))\n"
                "    except OSError:\n        pass",
            ]
        ),
        "changes the runner": Attack(
            [
                setup,
                wrong,
                "import gc, sys\n"
                "for thing in gc.get_objects():\n"
                "    if type(thing).__name__ == 'Notebook':\n"
                "        send = thing.send\n"
                "        thing.send = lambda m: send({**m, 'marks': {'q1': 1}, 'ok': True})\n"
                "import json\njson.dumps = lambda *a, **k: '{\"answers\": {}}'",
            ]
        ),
        "floods the report": Attack(
            [
                setup,
                right,
                "import os\n"
                "while True:\n"
                "    for fd in range(3, 256):\n"
                "        try:\n            os.write(fd, b'x' * 1000000)\n"
                "        except OSError:\n            pass",
            ],
            points=1,
            status="answers are too large",
        ),
        "floods the screen": Attack(
            [setup, right, "for i in range(300000):\n    print('x' * 1000)"], points=1
        ),
        "answers with a trick": Attack(
            [
                setup,
                f"class Always(float):\n"
                "    def __eq__(self, o): return True\n    def __lt__(self, o): return True\n"
                "    def __le__(self, o): return True\n    def __sub__(self, o): return 0.0\n"
                "    def __rsub__(self, o): return 0.0\n    def __abs__(self): return 0.0\n"
                "    def __hash__(self): return 0\n    def __reduce__(self): return (print, ('x',))\n"
                f"{name} = Always(1)",
            ]
        ),
        "answers with a monster": Attack(
            [
                setup,
                f"class Monster:\n"
                "    def __getattr__(self, n): raise MemoryError\n"
                "    def __len__(self): return 2**62\n    def __iter__(self): return iter(int, 1)\n"
                f"{name} = Monster()",
            ]
        ),
        "answers with a nest": Attack([setup, f"{name} = []\nfor i in range(5000):\n    {name} = [{name}]"]),
        "answers with a giant": Attack([setup, f"import numpy as np\n{name} = np.zeros((3000, 3000))"]),
        "answers with a long number": Attack([setup, f"{name} = 10 ** 5000"]),
        "writes a script into its answer": Attack(
            [
                setup,
                f"{exercise.note} = '<script>alert(1)</script> ' * 50 + '=cmd()'",
                f"{name} = '<img src=x onerror=alert(1)>'",
            ],
            absent=("<script>alert", "<img src=x"),
        ),
        "fills the disk": Attack(
            [
                setup,
                "import os\n"
                "for folder in ('/tmp', '.', '/dev/shm'):\n"
                "    number = 0\n"
                "    try:\n"
                "        while True:\n"
                "            with open(f'{folder}/{number}', 'wb') as f:\n"
                "                for _ in range(10): f.write(b'x' * 4000000)\n"
                "            number += 1\n"
                "    except OSError:\n        pass",
                right,
            ],
            points=1,
        ),
        "makes endless files": Attack(
            [
                setup,
                "try:\n"
                "    for i in range(10**7):\n        open(f'/tmp/{i}', 'w').close()\n"
                "except OSError:\n    pass",
                right,
            ],
            points=1,
            slow=True,
        ),
        "loops for ever": Attack([setup, "while True:\n    pass", right], points=1, slow=True),
        "sleeps for ever": Attack([setup, "import time\ntime.sleep(10**8)", right], points=1, slow=True),
        "loops and holds on": Attack(
            [
                setup,
                right,
                "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass",
            ],
            points=1,
            slow=True,
        ),
        "does not listen": Attack(
            [
                setup,
                "import signal\n"
                "for s in (signal.SIGALRM, signal.SIGPROF): signal.signal(s, signal.SIG_IGN)\n"
                "while True: pass",
                right,
            ],
            status="time limit",
            slow=True,
        ),
        "bombs with forks": Attack(
            [
                setup,
                "import os\n"
                "for i in range(3000):\n"
                "    try:\n        os.fork()\n"
                "    except OSError:\n        pass",
                right,
            ],
            points=1,
        ),
        "bombs with busy forks": Attack(
            [
                setup,
                right,
                "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
            ],
            points=1,
            slow=True,
        ),
        "bombs from the shell": Attack(
            [setup, "get_ipython().system(\"bash -c ':(){ :|:& };:' &\")", right], points=1
        ),
        "bombs with threads": Attack(
            [
                setup,
                "import threading, time\n"
                "try:\n"
                "    for i in range(10000): threading.Thread(target=time.sleep, args=(900,)).start()\n"
                "except RuntimeError:\n    pass",
                right,
            ],
            points=1,
        ),
        "bombs the memory": Attack(
            [setup, right, "hoard = []\nwhile True:\n    hoard.append(bytearray(40_000_000))"],
            points=1,
            status="",
        ),
        "bombs the memory, shared": Attack(
            [
                setup,
                right,
                "import mmap\nhoard = []\n"
                "while True:\n    "
                "hoard.append(mmap.mmap(-1, 40_000_000)); hoard[-1].write(b'x' * 40_000_000)",
            ],
            points=1,
            status="",
        ),
        "bombs the memory, together": Attack(
            [
                setup,
                right,
                "import os, time\n"
                "for i in range(30):\n"
                "    if os.fork() == 0:\n"
                "        hoard = bytearray(200_000_000)\n        time.sleep(300)\n        os._exit(0)\n"
                "    time.sleep(0.05)\n"
                "time.sleep(10)",
            ],
            points=1,
            status="",
        ),
    }
    return {**found, **_files(exercise)}


def _files(exercise):
    """Submissions that are no notebooks."""

    def text(content):
        return lambda path: path.write_text(content, encoding="utf-8")

    def large(path):
        with open(path, "wb") as file:
            file.write(b'{"cells": []}')
            file.truncate(200 * 2**20)  # sparse: no disk is used

    deep = '{"nbformat": 4, "cells": ' + "[" * 200_000 + "]" * 200_000 + "}"
    code = notebook(["x = 1"]).replace('"x = 1"', "7")
    return {
        "a 200 MB notebook": Attack([], raw=large, status="too large"),
        "broken JSON": Attack([], raw=text('{"cells": [{"cell_type"'), status="broken JSON"),
        "deep JSON": Attack([], raw=text(deep), status="not a notebook"),
        "empty": Attack([], raw=text(""), status="broken JSON"),
        "another format": Attack([], raw=text('{"nbformat": 3, "worksheets": []}'), status="format 4"),
        "a list": Attack([], raw=text("[1, 2]"), status="not a notebook"),
        "cells of numbers": Attack([], raw=text(code), status="not a notebook"),
        "no code": Attack([], raw=text('{"nbformat": 4, "cells": []}'), status="without code"),
        "a link to a file": Attack([], raw=lambda path: path.symlink_to("/etc/passwd"), status="a link"),
        "a link to a neighbour": Attack([], raw=lambda path: path.symlink_to("right.ipynb"), status="a link"),
        "a link to a folder": Attack([], raw=lambda path: path.symlink_to("/"), status="a link", suffix=""),
        "a pipe": Attack([], raw=lambda path: os.mkfifo(path), status="not a"),
        "an empty folder": Attack([], raw=lambda path: path.mkdir(), status="no notebook", suffix=""),
        "not a notebook": Attack([], raw=text("words"), status="not a notebook", suffix=".docx"),
    }


def write(folder, name, attack):
    """Put an attack into a folder of submissions; returns its id."""
    path = folder / f"{name}{attack.suffix}"
    if attack.raw:
        attack.raw(path)
    else:
        path.write_text(notebook(attack.cells), encoding="utf-8")
    return name if attack.suffix in ("", ".ipynb") else path.name
