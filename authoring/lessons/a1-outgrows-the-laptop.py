# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Appendix: when the data outgrows the laptop
#
# This is the code behind [the appendix page](../book/a1-outgrows-the-laptop.md). It makes Swiftfare at three sizes, computes the retention triangle and the survival curve on each, all at once and part by part, and shows what grows and what does not.
#
# **You need** pandas and `pyarrow` (`pip install pyarrow`). The last section uses Dask (`pip install "dask[distributed]"`); without it, that section says so and goes on. **Time:** half an hour.

# %% [markdown]
# ## Set up

# %%
import contextlib
import io
import json
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from twoworlds import style
from twoworlds.generate import generate

try:
    import dask
except ImportError:
    dask = None

style.use()

# %% [markdown]
# ## 1. Three sizes of one company
#
# The course's tables hold 60,000 installs. The generator makes the same company at other sizes; its size is called the **scale**, and the course's own is 1. In a terminal you would write `python -m twoworlds.generate swiftfare --scale 2 --format parquet --out my-data`. Here we call the same function, with a seed of our own, and put the files into a temporary folder. What it says of its progress is of no use on this page, so we catch it.

# %%
holder = tempfile.TemporaryDirectory()
folders = {scale: Path(holder.name) / f"scale-{scale}" for scale in (0.5, 1, 2)}


def make(scale):
    with contextlib.redirect_stderr(io.StringIO()):
        generate(["swiftfare"], seed=31, scale=scale, out=folders[scale], file_format="parquet")


make(0.5)
make(1)

# %%
make(2)

# %% [markdown]
# **Parquet** is a file format that keeps columns apart and packed. A large table is a folder of such files, its **parts**, and any tool that reads Parquet takes the folder for one table. Ours have a property that will matter: *all rows of a user lie in one part*, whatever the table.


# %%
def parts_of(folder, table):
    """The names of a table's parts, in order."""
    return sorted(path.name for path in (folder / "swiftfare" / table).glob("part-*.parquet"))


def rows_of(folder, table):
    """Its rows, from the generator's own list."""
    return json.loads((folder / "swiftfare" / "manifest.json").read_text())["tables"][table]["rows"]


pd.DataFrame(
    {
        scale: {
            "installs": rows_of(folder, "users"),
            "days with an open": rows_of(folder, "days"),
            "parts": len(parts_of(folder, "days")),
        }
        for scale, folder in folders.items()
    }
).rename_axis(columns="scale")

# %% tags=["book"]
installs = {scale: rows_of(folder, "users") for scale, folder in folders.items()}
assert [len(parts_of(folder, "days")) for folder in folders.values()] == [1, 2, 4]
for name, scale in (("half", 0.5), ("one", 1), ("two", 2)):
    glue(f"installs_{name}", f"{installs[scale]:,}")

# %% [markdown]
# ## 2. The two counts, as you would write them
#
# The **retention triangle** asks of each cohort of first bookings (here a quarter) and each month of thirty days after it: how many of those who could be seen that long opened the app? The **survival curve** asks of each day after the install: of those still there, how many uninstalled on it? Both are counts of people, and each function below returns whole numbers in an array whose shape never changes, with a zero where nobody is. That looks clumsy, and it is the whole trick.

# %%
START, END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
QUARTERS, MONTHS, DAYS = 8, 13, 731


def read(folder, table, columns, part=None):
    """Some columns of a table of Swiftfare: of all parts, or of one."""
    place = folder / "swiftfare" / table
    return pq.read_table(place if part is None else place / part, columns=columns).to_pandas(
        date_as_object=False
    )


def count_retention(days, bookings):
    """Customers by quarter of the first booking and month after it: array (2, QUARTERS, MONTHS), those who
    opened the app, and those who could be seen all month."""
    first = bookings.groupby("user_id")["booked_on"].min().rename("first").reset_index()
    first["quarter"] = (first["first"].dt.year - START.year) * 4 + first["first"].dt.quarter - 1
    first["months_seen"] = ((END - first["first"]).dt.days + 1) // 30
    active = days.merge(first, on="user_id")
    active["month"] = (active["date"] - active["first"]).dt.days // 30
    active = active[active["month"].between(0, np.minimum(active["months_seen"], MONTHS) - 1)]
    active = active.drop_duplicates(["user_id", "month"])
    counts = np.zeros((2, QUARTERS, MONTHS), dtype=np.int64)
    np.add.at(counts[0], (active["quarter"], active["month"]), 1)
    for month in range(MONTHS):
        seen = first.loc[first["months_seen"] > month, "quarter"]
        counts[1, :, month] = np.bincount(seen, minlength=QUARTERS)
    return counts


def count_survival(users):
    """Users by day since the install: array (2, DAYS), those who uninstalled on it, and those who were last
    seen on it, uninstalled or not."""
    left = users["uninstalled_on"].notna()
    age = (users["uninstalled_on"].fillna(END) - users["installed_on"]).dt.days
    return np.stack([np.bincount(age[left], minlength=DAYS), np.bincount(age, minlength=DAYS)])


def count(folder, part=None):
    """Both counts of a whole company, or of one of its parts."""
    retention = count_retention(
        read(folder, "days", ["user_id", "date"], part),
        read(folder, "bookings", ["user_id", "booked_on"], part),
    )
    return {
        "retention": retention,
        "survival": count_survival(read(folder, "users", ["installed_on", "uninstalled_on"], part)),
    }


# %% [markdown]
# All at once, at scale 2. From the counts to the curves it is one line each: a share, and the product of the shares that stay (Kaplan and Meier).


# %%
def triangle(counts):
    """Share of a cohort that opened the app in each month; missing where a month was seen of nobody."""
    active, seen = counts["retention"]
    quarters = pd.period_range(START, END, freq="Q").astype(str)
    share = np.where(seen > 0, active / np.maximum(seen, 1), np.nan)
    return pd.DataFrame(share, index=pd.Index(quarters, name="first booking"), columns=range(MONTHS))


def survival(counts):
    """Share of installs still there after each day."""
    left, last_seen = counts["survival"]
    at_risk = last_seen[::-1].cumsum()[::-1]
    return pd.Series((1 - left / np.maximum(at_risk, 1)).cumprod(), name="still installed")


whole = count(folders[2])
(100 * triangle(whole)[[1, 3, 6, 9, 12]]).round(1)

# %% [markdown]
# ## 3. The same, part by part
#
# A laptop holds one part easily. So take one after the other, count, keep the counts, drop the part, and add up.


# %%
def add(counted):
    """The sum of several counts."""
    return {name: sum(one[name] for one in counted) for name in ("retention", "survival")}


by_part = add([count(folders[2], part) for part in parts_of(folders[2], "days")])
{name: bool((by_part[name] == whole[name]).all()) for name in whole}

# %% [markdown]
# The same to the last person, and not by luck. It rests on two things.
#
# **All rows of a user are in one part.** The usual name for this is *partitioned by user*. Suppose the days had been parted by year instead, as logs often are. Whoever was active in both years is in both parts, and distinct people do not add up:

# %%
opened = read(folders[2], "days", ["user_id", "date"])
people = opened.groupby(opened["date"].dt.year)["user_id"].nunique()
pd.Series(
    {
        "active in 2024": people[2024],
        "active in 2025": people[2025],
        "the two added": people.sum(),
        "really active in either": opened["user_id"].nunique(),
    },
    name="people",
)

# %% [markdown]
# **Only whole numbers travel.** Means do not add up, and neither do shares, medians and the like. Here the parts follow the order of installs, so that customers of the later ones are fewer and have had less time. Take the days on which a customer opened the app: their mean, and the number that only the busiest tenth goes beyond.


# %%
def opened_days(folder, part=None):
    """Days with an open of each customer, from the first booking on."""
    days = read(folder, "days", ["user_id", "date"], part)
    first = read(folder, "bookings", ["user_id", "booked_on"], part).groupby("user_id")["booked_on"].min()
    days = days[days["date"] >= days["user_id"].map(first)]
    return days.groupby("user_id").size()


def summary(days):
    return pd.Series({"mean": days.mean(), "busiest tenth": days.quantile(0.9)})


by_file = pd.DataFrame(
    {part: summary(opened_days(folders[2], part)) for part in parts_of(folders[2], "days")}
).T.rename_axis("days with an open")
by_file.loc["mean of the four"] = by_file.mean()
by_file.loc["of all"] = summary(opened_days(folders[2]))
by_file.round(1)

# %% [markdown]
# For a mean, carry the sum and the number of customers. For a median or a tenth, count how many customers have one day, two days, three: those counts add up, and any quantile can be read from them. Nearly every summary has such counts behind it.

# %% tags=["book"]
assert all((by_part[name] == whole[name]).all() for name in whole)
glue("added_people", f"{people.sum():,}")
glue("really_people", f"{opened['user_id'].nunique():,}")
assert people.sum() > 1.02 * opened["user_id"].nunique()
assert (by_file.loc["of all"] - by_file.loc["mean of the four"] > 0.5).all()
glue("tenth_mean", float(by_file.loc["mean of the four", "busiest tenth"]))
glue("tenth_all", float(by_file.loc["of all", "busiest tenth"]))

# %% [markdown]
# ## 4. What grows, and what does not
#
# We measure the largest table that each way holds in memory: the days with an open, joined with the first bookings. It is the join that costs. Its result has the rows of the longest table, and while it is made both sides are held too.


# %%
def joined_megabytes(folder, part=None):
    days = read(folder, "days", ["user_id", "date"], part)
    bookings = read(folder, "bookings", ["user_id", "booked_on"], part)
    first = bookings.groupby("user_id")["booked_on"].min().reset_index()
    joined = days.merge(first, on="user_id")
    return sum(frame.memory_usage(index=False).sum() for frame in (days, bookings, joined)) / 1e6


held = pd.DataFrame(
    {
        scale: {
            "all at once": joined_megabytes(folder),
            "largest part": max(joined_megabytes(folder, part) for part in parts_of(folder, "days")),
        }
        for scale, folder in folders.items()
    }
).T.rename_axis("scale")
held.round(1)

# %% name="fig-held"
fig, ax = plt.subplots()
ax.plot(held.index, held["all at once"], color=style.SWIFTFARE, marker="o")
ax.plot(held.index, held["largest part"], color=style.GREY, marker="o")
ax.annotate("all at once", (2, held["all at once"].iloc[-1]), xytext=(-6, 0), textcoords="offset points",
            ha="right", va="bottom", color=style.SWIFTFARE)  # fmt: skip
ax.annotate("largest part", (2, held["largest part"].iloc[-1]), xytext=(0, 6),
            textcoords="offset points", ha="right", color=style.GREY)  # fmt: skip
ax.set_xlabel("Scale (the course's data is 1)")
ax.set_ylabel("Held in memory, MB")
ax.set_ylim(0)
ax.set_title("All at once grows with the data; a part stays as it is")
style.describe(
    fig,
    f"Two lines over scales one half, 1 and 2. All at once climbs from {held.iloc[0, 0]:.0f} to"
    f" {held.iloc[-1, 0]:.0f} megabytes; the largest part stays near {held.iloc[-1, 1]:.0f}.",
)
plt.show()

# %% tags=["book"]
assert held["all at once"].iloc[-1] > 3 * held["all at once"].iloc[0]
assert held["largest part"].max() < 0.5 * held["all at once"].max()
glue("held_growth", float(held["all at once"].iloc[-1] / held["all at once"].iloc[0]))
glue("part_growth", float(held["largest part"].iloc[-1] / held["largest part"].iloc[0]))
glue("held_two", float(held.loc[2, "all at once"]))
glue("held_part", float(held.loc[2, "largest part"]))

# %% [markdown]
# ## 5. Before you buy anything: does the decision need it?
#
# Four times the people halve the interval, and that is all they do. Here is retention in month 3, over all cohorts, at the three sizes, with Wilson's 95 % interval; the unit is a customer.


# %%
def wilson(successes, n):
    """A share with its 95 % interval."""
    z = 1.959964
    share, middle = successes / n, (successes + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(n * share * (1 - share) + z**2 / 4)
    return share, middle - half, middle + half


month_3 = pd.DataFrame(
    {
        scale: dict(
            zip(
                ("share", "low", "high"),
                wilson(*(int(part[:, 3].sum()) for part in count(folder)["retention"])),
                strict=True,
            )
        )
        for scale, folder in folders.items()
    }
).T.rename_axis("scale")
month_3["width"] = month_3["high"] - month_3["low"]
(100 * month_3).round(1)

# %% [markdown]
# If your decision turns on a point or two, half the panel has told you. A sample must be drawn by user, never by row: a tenth of the *rows* makes every customer look less active.

# %% tags=["book"]
for name, scale in (("half", 0.5), ("two", 2)):
    glue(f"width_{name}", float(100 * month_3.loc[scale, "width"]))
ratio = month_3.loc[0.5, "width"] / month_3.loc[2, "width"]
assert 1.8 < ratio < 2.2, "the page says that four times the people halve the interval"

# %% [markdown]
# ## 6. Dask: the same functions, elsewhere
#
# **Dask** runs Python functions on several cores or several machines. We wrote a function of one part, so there is nothing to rewrite: `delayed` makes a note of each call, and `compute` has them done. Parts are read where the work is; what travels back is a few kilobytes of counts.

# %%
if dask is None:
    print("Dask is not installed here: pip install 'dask[distributed]' and run this cell again.")
else:
    notes = [dask.delayed(count)(folders[2], part) for part in parts_of(folders[2], "days")]
    with_dask = dask.delayed(add)(notes).compute(scheduler="threads")
    print({name: bool((with_dask[name] == whole[name]).all()) for name in whole})

# %% [markdown]
# For two processes in place of threads, or for a cluster, only the last line changes; the functions stay as they are. On a cluster the folder must be one that all machines see.
#
# ```python
# from dask.distributed import Client
#
# client = Client(n_workers=2, threads_per_worker=1)     # this machine; Client("tcp://host:8786") for a cluster
# with_dask = dask.delayed(add)(notes).compute()
# ```
#
# ## 7. What you have counted
#
# The survival curve from the summed counts: each step is a share of those still there on that day.

# %% name="fig-survival"
curve = 100 * survival(by_part)
fig, ax = plt.subplots()
ax.step(curve.index[:366], curve[:366], where="post", color=style.SWIFTFARE)
ax.set_xlabel("Days since the install")
ax.set_ylabel("Still installed, %")
ax.set_ylim(0, 100)
ax.set_title(f"After a year {curve[365]:.0f} % still have the app; most who go, go early")
style.describe(
    fig,
    f"A falling step curve of installs: {curve[30]:.0f} per cent are there after 30 days,"
    f" {curve[365]:.0f} per cent after a year. It falls fastest in the first weeks.",
)
plt.show()

# %%
planted = json.loads((folders[2] / "truth" / "swiftfare" / "truth.json").read_text())["parameters"]
holder.cleanup()

# %% tags=["book"]
glue("panel_share", float(100 * planted["panel_share"]))
# What `make bench` measured with the functions above; nothing is timed here.
stored = Path("../authoring/benchmarks/results.json").read_text(encoding="utf-8")
measured = json.loads(stored)["analysis"]["found"]
glue("making_times", float(json.loads(stored)["workers"]["found"]["times_faster"]))
assert json.loads(stored)["workers"]["found"]["times_faster"] > 1.3
for place, entry in zip(("first", "middle", "last"), measured, strict=True):
    whole_way, by_parts, two = (
        entry["methods"][method] for method in ("all at once", "part by part", "two workers")
    )
    glue(f"scale_{place}", f"{entry['scale']:,}")
    glue(f"files_{place}", f"{entry['megabytes']:,.0f}")
    glue(f"whole_mb_{place}", f"{whole_way['peak_mb']:,.0f}")
    glue(f"part_mb_{place}", f"{by_parts['peak_mb']:,.0f}")
    glue(f"whole_cpu_{place}", f"{whole_way['cpu_seconds']:,.1f}")
    glue(f"part_cpu_{place}", f"{by_parts['cpu_seconds']:,.1f}")
    glue(f"dask_cpu_{place}", f"{two['cpu_seconds']:,.1f}")
    assert two["cpu_seconds"] > 1.2 * by_parts["cpu_seconds"], "the page says that it need not pay"
slope = (measured[-1]["methods"]["all at once"]["peak_mb"] - measured[-2]["methods"]["all at once"]["peak_mb"]) / (
    measured[-1]["scale"] - measured[-2]["scale"]
)
glue("mb_a_scale", f"{slope:.0f}")
glue("full_at", f"{round(4000 / slope, -1):,.0f}")
held_by_parts = [entry["methods"]["part by part"]["peak_mb"] for entry in measured]
assert max(held_by_parts) < 1.5 * min(held_by_parts), "the page says that parts take the same room"
assert measured[-1]["methods"]["all at once"]["peak_mb"] > 4 * max(held_by_parts)
