"""One choice of a page's own (a shop, a carrier, a session), kept in the link: ?focus=shop-a."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def choose(
    label: str, param: str, options: Sequence[str], names: Mapping[str, str], *, as_list: bool = False, tip: str = ""
) -> str:
    """The chosen option: what the link's `param` says when it is one of `options`, else the first.

    Drawn as buttons, or as a list with search when `as_list`. The first option leaves the link alone.
    Raises ValueError without options.
    """
    if not options:
        raise ValueError(f"nothing to choose for {param}")
    link = st.query_params.get(param)
    current = link if link is not None and link in options else options[0]
    key = f"c_{param}"
    st.session_state[key] = current
    args = (param, key, options[0])
    if as_list:
        st.selectbox(label, options, key=key, format_func=lambda o: names.get(o, o), on_change=_took, args=args,
                     help=tip or None, label_visibility="collapsed")  # fmt: skip
    elif len(options) > 1:
        st.segmented_control(label, options, key=key, required=True, format_func=lambda o: names.get(o, o),
                             on_change=_took, args=args, help=tip or None, label_visibility="collapsed")  # fmt: skip
    return current


def put(param: str, value: str) -> None:
    """Write a choice into the link, for a click elsewhere on the page that makes it."""
    st.query_params[param] = value


def _took(param: str, key: str, first: str) -> None:
    value = st.session_state[key]
    if value == first:
        st.query_params.pop(param, None)
    else:
        st.query_params[param] = value
