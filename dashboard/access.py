"""Who sits before a page: this computer, a login from elsewhere, or a phone let in by a passcode; and what a phone may not do.

app.py writes the seat into a request header of its own (whatever a client sends under that name is dropped) and Streamlit
keeps it with the session (`server.trustedUserHeaders`): a session cannot change its seat, nor be taken over from another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from streamlit.runtime.scriptrunner import get_script_run_ctx

from warehouse.errors import OpsError

HEADER = "x-daybook-seat"
HERE, LOGIN, PHONE = "here", "login", "phone"
ON_PHONE = ("onair", "live", "overview", "traffic", "ads", "plan")  # pages that a phone may see
P = ParamSpec("P")
R = TypeVar("R")
_guarded = False


class NotHere(OpsError):
    """A phone asked for what only the computer may do; nothing was done."""


def guard() -> None:
    """From now on a session without a seat counts as a phone: the server gives every session one."""
    global _guarded
    _guarded = True


def seat() -> str:
    """HERE, LOGIN or PHONE. Work outside a page is the server's own; pages opened without app.py are this computer's."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return HERE
    said = context.user_info.get("seat")
    if isinstance(said, str) and said:
        return said.partition(":")[0]
    return PHONE if _guarded else HERE


def on_phone() -> bool:
    """Does a phone look on? Then pages only show."""
    return seat() == PHONE


def not_on_phone(deed: Callable[P, R]) -> Callable[P, R]:
    """Let `deed` be done from a computer only; a phone that asks for it gets NotHere."""

    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        if on_phone():
            raise NotHere("A phone shows pages and logs what happens on air. Do this on the computer that runs Daybook.")
        return deed(*args, **kwargs)

    return done


def only_here(deed: Callable[P, R]) -> Callable[P, R]:
    """Let `deed` be done from this computer only, not from a login elsewhere either."""

    @wraps(deed)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        if seat() != HERE:
            raise NotHere("This can only be done on the computer that runs Daybook, at http://127.0.0.1.")
        return deed(*args, **kwargs)

    return done
