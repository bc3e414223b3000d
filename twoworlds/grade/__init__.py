"""Mark a class's notebooks without trusting their code: `python -m twoworlds.grade EXERCISE SUBMISSIONS`.

The submissions are strangers' code. Each runs in a sandbox of its own (sandbox.py) under a small runner
(runner.py), which only sends out what the answers hold, as JSON. This side reads that (values.py) and judges
it with the course's own checks (marking.py). Nothing that a notebook prints, changes or claims is believed.
"""
