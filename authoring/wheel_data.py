"""Put the data and the checks into a wheel.

A wheel carries what a learner needs without a clone: the tables and their truth at `twoworlds/_data`,
the check data at `twoworlds/_checks`. An editable install carries neither: there the package reads
`data/` and `exercises/checks/` themselves, so that a table made anew is the table in use.
"""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Notes for people who browse the folder; a learner's installed package has no use for them.
LEFT_OUT = {"README.md"}
CARRIED = {"data": "twoworlds/_data", "exercises/checks": "twoworlds/_checks"}


class WheelData(BuildHookInterface):
    """Hatchling's build hook for the two carried folders."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Name the files to carry; `version` is "standard" for a real wheel, "editable" in development."""
        if version != "standard":
            return
        root = Path(self.root)
        for source, target in CARRIED.items():
            for path in sorted((root / source).rglob("*")):
                if path.is_file() and path.name not in LEFT_OUT and not path.name.startswith("."):
                    inside = path.relative_to(root / source).as_posix()
                    build_data["force_include"][str(path)] = f"{target}/{inside}"
