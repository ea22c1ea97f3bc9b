"""Who may see the pages once login is configured; without it the server lets only this computer in (app.py).

`[auth]` in .streamlit/secrets.toml is Streamlit's own OIDC login; `[access] emails` lists who may come in.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.secrets import secrets_singleton

from dashboard.labels import t


def configured() -> bool:
    """Is there a login to ask for?"""
    return secrets_singleton.load_if_toml_exists() and "auth" in secrets_singleton


def listed(email: object) -> bool:
    """May this address come in? Nobody may while the list is missing: a provider may know anybody."""
    emails = secrets_singleton.get("access", {}).get("emails", [])
    return isinstance(email, str) and email.lower() in {str(each).lower() for each in emails}


def require() -> None:
    """Go on for those who may see the pages; anybody else gets a button or a reason, and nothing more."""
    if not configured():
        return
    if not st.user.is_logged_in:
        st.title(t("common.title"))
        st.button(t("login.button"), on_click=st.login, type="primary")
        st.stop()
    if not listed(st.user.get("email")):
        st.warning(t("login.not_listed", email=str(st.user.get("email") or "")))
        st.button(t("login.out"), on_click=st.logout)
        st.stop()
