"""The judges at work: bpmn-moddle in Node, bpmn-js in a browser without a window."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.roundtrip.judges.verdicts import Verdict

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",  # else it refuses to run as root, as in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--virtual-time-budget=3600000",  # of the page's clock, which jumps while the page waits
    "--dump-dom",
)
_AT_ONCE = 60
_PLACE = re.compile(r"\n\t(line|column): \d+")


def installed(folder: Path) -> None:
    """Install the judges into a folder, beside the scripts that call them."""
    for name in ("package.json", "moddle.mjs", "text.mjs", "texts.mjs", "bpmn_js.html"):
        shutil.copy(HERE / name, folder)
    quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
    subprocess.run(["npm", "install", *quiet], cwd=folder, check=True)


def versions(folder: Path) -> dict[str, str]:
    """The versions that are installed, by package."""
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return {
        name: json.loads((folder / "node_modules" / name / "package.json").read_text(encoding="utf-8"))["version"]
        for name in sorted(wanted)
    }


def of_moddle(folder: Path, paths: Iterable[Path]) -> dict[Path, Verdict]:
    """The verdicts of bpmn-moddle."""
    return _verdicts(_node(folder, "moddle.mjs", paths))


def of_bpmn_js(folder: Path, browser: str, paths: Iterable[Path]) -> dict[Path, Verdict]:
    """The verdicts of bpmn-js's modeler."""
    found: dict[Path, Verdict] = {}
    rest = list(paths)
    while rest:
        now, rest = rest[:_AT_ONCE], rest[_AT_ONCE:]
        (folder / "texts.js").write_text(_node(folder, "texts.mjs", now), encoding="utf-8")
        profile = f"--user-data-dir={folder / 'profile'}"
        command = [browser, *_FLAGS, profile, (folder / "bpmn_js.html").as_uri()]
        page = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=600).stdout
        told = re.search(r'<pre id="told">([^<]+)</pre>', page)
        if told is None:
            raise RuntimeError(f"bpmn-js did not come to an end with {len(now)} maps, the first being {now[0]}")
        found |= _verdicts(base64.b64decode(told[1]).decode("utf-8"))
    return found


def browser() -> str | None:
    """The path of the first browser there is."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _node(folder: Path, script: str, paths: Iterable[Path]) -> str:
    lines = "".join(f"{path}\n" for path in paths)
    return subprocess.run(["node", script], cwd=folder, input=lines, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _verdicts(text: str) -> dict[Path, Verdict]:
    return {
        Path(path): Verdict(tuple(sorted(_PLACE.sub("", warning) for warning in told["warnings"])), told["count"])
        for path, told in json.loads(text).items()
    }
