"""python -m connectors: bring files in, look at them first, take them back, keep platform accounts up to date, and keep the book whole.

Exit codes: 0 done, 1 nothing stored and why, 2 usage, 3 stored with rows in quarantine or a stated total that differs
(check-plan: 1 a file that cannot be read, 3 something that does not add up).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from connectors.commands import DONE, NOTHING, accounts, book, imports
from warehouse.errors import OpsError


def main(words: Sequence[str] | None = None) -> int:
    given = parser().parse_args(words)
    try:
        return int(given.run(given))
    except OpsError as error:
        print(error, file=sys.stderr)
        return NOTHING
    except BrokenPipeError:  # `| head` has seen enough
        sys.stdout = None
        return DONE


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m connectors", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands_ = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        each = commands_.add_parser(name, help=about, description=about)
        each.add_argument("--data", help="the book (default: $DAYBOOK_DATA, else data/)")
        each.add_argument("--format", choices=("table", "json", "csv"), default="table")
        each.set_defaults(run=run)
        return each

    for name, run, about in (("import", imports.import_files, "bring export files in and publish"), ("preview", imports.preview_files, "say what an import would do; stores nothing")):
        each = command(name, run, about)
        each.add_argument("files", nargs="+", type=Path, metavar="FILE")
        each.add_argument("--shop", help="whose files they are; a new id makes a new shop")
        each.add_argument("--layout", help="which of several readings is meant (see: list --layouts)")
        each.add_argument("--mapping", type=Path, metavar="TOML", help="how to read a file that no layout knows; kept for the shop")
        if name == "import":
            each.add_argument("--force-shop", action="store_true", help="import although the items belong to another shop")
    command("list", imports.list_packages, "packages in the book, newest last").add_argument("--layouts", action="store_true", help="the kinds of file that can be read")
    for name, about in (("undo", "take a package back: what stood before returns"), ("accept", "let a package count although rows of it wait in quarantine")):
        command(name, book.deed, about).add_argument("package")
        commands_.choices[name].set_defaults(deed=name)
    command("retry", book.retry, "read a package again, after its mapping was repaired").add_argument("package")
    command("replay", book.replay, "build the warehouse again from the packages and compare")
    command("backup", book.backup, "write everything that cannot be computed again into one file").add_argument("file", type=Path)
    command("restore", book.restore, "bring a backup back into an empty book").add_argument("file", type=Path)
    command("doctor", book.doctor, "prove that keys are unique and packages whole").add_argument("--deep", action="store_true", help="also read every byte of every package")
    command("status", book.status, "what is here, what waits, what the worker does")
    command("check-plan", book.check_plan, "say what does not add up in plan files; changes nothing").add_argument("files", nargs="+", type=Path, metavar="FILE")
    account_commands(command)
    command("demo", book.demo, "make or complete the demo in this book").add_argument("--volume", type=float, default=1.0, help="1 is about 170,000 order rows")
    return top


def account_commands(command: Callable[[str, Any, str], argparse.ArgumentParser]) -> None:
    """The commands about platform accounts."""
    each = command("init", accounts.init, "set up a platform account, step by step")
    for name, about in (("connector", "which platform"), ("name", "a name for the account"), ("shop", "whose figures"), ("id", "the platform's own id")):
        each.add_argument(f"--{name}", help=about)
    each = command("login", accounts.login, "log in where a person must agree, and keep the token")
    each.add_argument("account")
    each.add_argument("--listen", type=int, metavar="PORT", help="catch the consent page's answer on 127.0.0.1:PORT instead of pasting it")
    each.add_argument("--redirect-uri", help="the redirect address registered with the platform, when it is another")
    command("ping", accounts.ping, "one cheap call: who am I, what may I read").add_argument("account")
    each = command("sync", accounts.sync, "bring platform accounts up to date, commit and publish")
    each.add_argument("accounts", nargs="*", metavar="ACCOUNT", help="names (default: all that are not paused)")
    each.add_argument("--since", metavar="DAY", help="also what lies before the first sync, from this day on")


if __name__ == "__main__":
    sys.exit(main())
