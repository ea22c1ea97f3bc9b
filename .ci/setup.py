"""Make a virtual environment with pinned requirements; with --browser also find a Chromium and Chinese fonts.

    python3 .ci/setup.py VENV REQUIREMENTS [--browser]

Needs Python 3.11 or newer and nothing else. Does nothing, in a few milliseconds, when all is there already.
Works where only the package index is reachable, and where Debian's Python comes without `ensurepip`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PATHS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path(r"C:\Program Files\Google\Chrome\Application\chrome.exe"),
    Path(r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("venv", type=Path)
    parser.add_argument("requirements", type=Path)
    parser.add_argument("--browser", action="store_true")
    given = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place that an older Python reaches
        sys.exit(f"Daybook needs Python 3.11 or newer, not {sys.version.split()[0]}. Try: make PYTHON=python3.11 run")
    stamp, want = given.venv / "installed", fingerprint(given.requirements)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != want:
        python = make_venv(given.venv.resolve())
        print(f"Installing {given.requirements} into {given.venv} …", flush=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        if subprocess.run([*command, str(given.requirements)], check=False).returncode:
            sys.exit(
                "The packages were not installed (see above). Check that https://pypi.org is reachable, try again."
            )
        stamp.write_text(want, encoding="utf-8")
    if given.browser:
        need_browser()


def fingerprint(requirements: Path) -> str:
    """Changes with the Python version, the place of the checkout and every pinned line."""
    text = [sys.version, str(requirements.resolve())]
    text += [path.read_text(encoding="utf-8") for path in sorted({Path("requirements.txt"), requirements})]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def make_venv(venv: Path) -> Path:
    """An environment with a working pip; returns its Python."""
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if works(python, "pip"):
        return python
    shutil.rmtree(venv, ignore_errors=True)
    print(f"Making {venv.name} with Python {sys.version.split()[0]} …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False, **quiet)
    if not works(python, "pip"):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)], check=False)
        if made.returncode or not works(python, "json"):
            sys.exit("This Python cannot make virtual environments. On Debian: apt-get install python3-venv")
        fetch_pip(python)
    return python


def works(python: Path, module: str) -> bool:
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", f"import {module}"], check=False, capture_output=True).returncode == 0


def fetch_pip(python: Path) -> None:
    """Debian ships no `ensurepip`: take the wheel of pip from the index, check its sum, and let it install itself."""
    print("This Python comes without pip; fetching it …", flush=True)
    try:
        ask = urllib.request.Request(f"{INDEX}/pip/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
        with urllib.request.urlopen(ask, timeout=60) as answer:
            files = json.load(answer)["files"]
        wheel = max(filter(usable, files), key=lambda file: version(file["filename"]))
        with urllib.request.urlopen(urllib.request.urljoin(f"{INDEX}/pip/", wheel["url"]), timeout=60) as answer:
            body = answer.read()
        if hashlib.sha256(body).hexdigest() != wheel["hashes"]["sha256"]:
            raise ValueError("the sum of the download differs from the index")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / wheel["filename"]
            path.write_bytes(body)
            subprocess.run([str(python), f"{path}/pip", "install", "--quiet", "--no-index", str(path)], check=True)
    except (OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
        sys.exit(
            f"pip could not be fetched from {INDEX} ({error}). On Debian: apt-get install python3-venv; try again."
        )


def usable(file: dict[str, object]) -> bool:
    """A released wheel for any Python 3 that nobody took back."""
    name = str(file["filename"])
    return name.endswith("-py3-none-any.whl") and not file.get("yanked") and bool(version(name))


def version(wheel: str) -> tuple[int, ...]:
    """(26, 1) of `pip-26.1-py3-none-any.whl`; () of a pre-release."""
    numbers = wheel.split("-")[1].split(".")
    return tuple(map(int, numbers)) if all(number.isdigit() for number in numbers) else ()


def find_chromium() -> str | None:
    """The browser the tests drive: $DAYBOOK_CHROMIUM, else the system's."""
    named = os.environ.get("DAYBOOK_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    return found or next((str(path) for path in CHROMIUM_PATHS if path.exists()), None)


def has_cjk_fonts() -> bool:
    """Linux only needs asking: Windows and macOS come with Chinese fonts."""
    if sys.platform != "linux":
        return True
    if shutil.which("fc-list"):
        found = subprocess.run(["fc-list", ":lang=zh-cn", "family"], check=False, capture_output=True, text=True)
        return bool(found.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def need_browser() -> None:
    """Use what is there; else install Debian's packages when allowed to; else say exactly what to install."""
    missing = lacking()
    if missing and may_install():
        print(f"Installing {' '.join(missing)} …", flush=True)
        apt_get("update", "-qq")
        apt_get("install", "-y", "-qq", "--no-install-recommends", *missing)
        missing = lacking()
    if missing:
        sys.exit(
            f"The tests need a Chromium and Chinese fonts. Missing: {' '.join(missing)}.\n"
            f"On Debian: sudo apt-get install {' '.join(missing)}\n"
            "Elsewhere: install Chrome or Chromium, or name it in DAYBOOK_CHROMIUM; then run `make test` again."
        )


def may_install() -> bool:
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def apt_get(*words: str) -> None:
    silent = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", *words], env=silent, stdout=subprocess.DEVNULL, check=False)


def lacking() -> list[str]:
    return [*([] if find_chromium() else ["chromium"]), *([] if has_cjk_fonts() else ["fonts-noto-cjk"])]


if __name__ == "__main__":
    main()
