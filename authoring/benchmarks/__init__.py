"""What `make bench` measures beyond single waits: making data at scale, and beside other makers of data.

scale.py        the full schema at several scales, one worker and two
two_tables.py   a million users and ten million events, with this course's streams
rivals.py       the same with Faker, mimesis, DuckDB, Polars and dbldatagen, in a Python of their own
measure.py      seconds, processor seconds and peak memory of a command
results.json    what was measured last; the book's page is made from it (authoring/benchmark_page.py)
"""
