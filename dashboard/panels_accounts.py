"""Platform accounts on the import page: how each fares, sync now with progress, log in again, add one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape

import pandas as pd
import streamlit as st

from dashboard import panels, submit_accounts
from dashboard.columns import Col
from dashboard.format import DASH, at_label, plain
from dashboard.labels import lang, t
from dashboard.submit_accounts import Account, Endpoint, Status, Wanted
from warehouse.errors import OpsError

TONE = {"ok": "green", "running": "blue", "new": "gray", "paused": "gray"}
SOON_DAYS = 5.0
WATCH_S, LOOK_S = 1.0, 5.0  # seconds between two looks while something is being synced, and else: a sync may start by itself


def accounts() -> None:
    """The list, and below it the form for one more."""
    panels.section(t("accounts.title"), t("accounts.note"))
    try:
        found = submit_accounts.statuses()
    except OpsError as error:
        panels.failed(error)
        return
    if not found:
        panels.remark(t("accounts.none"))
    waited = st.session_state.setdefault("accounts_waiting", {})
    busy = any(each.state == "running" or each.account.name in waited for each in found)
    st.fragment(_list, run_every=WATCH_S if busy else LOOK_S)()
    _add()


def _list() -> None:
    """Every account; while one is being synced this part alone is drawn again each second."""
    waited = st.session_state.setdefault("accounts_waiting", {})
    for seen in submit_accounts.statuses():
        name = seen.account.name
        if seen.state == "running":
            waited.setdefault(name, int(datetime.now().timestamp()))  # its end is waited for, whoever began it
        if name in waited and _is_over(seen, waited[name]):
            waited.pop(name)
            st.session_state["imports_message"] = t("accounts.synced") if seen.state == "ok" else t(f"accounts.state_{seen.state}")
            st.rerun()
        _card(seen)


def _is_over(seen: Status, since: int) -> bool:
    """The sync has ended, well or not, and what it gave is in the figures."""
    ended = max(seen.last_ok_at or 0, seen.last_error_at or 0) >= since
    return seen.state != "running" and ended and submit_accounts.is_published(seen.account, since)


def _card(seen: Status) -> None:
    entry = seen.account
    with st.container(border=True, key=f"acc_{entry.name}"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown(f"**{plain(_label(seen))}** · {plain(entry.name)} → {plain(entry.shop)}　:{TONE.get(seen.state, 'orange')}-badge[{t(f'accounts.state_{seen.state}')}]")
        left.caption(" · ".join(_facts(seen)))
        with right, st.container(horizontal=True, horizontal_alignment="right"):
            _buttons(seen)
        _remedy(seen)
        if seen.state == "running":
            _progress(seen)
        elif seen.asked:
            _details(seen)


def _label(named: Status | Endpoint | Wanted) -> str:
    return named.label_zh if lang() == "zh" else named.label_en


def _facts(seen: Status) -> list[str]:
    facts = [t("accounts.last_ok", at=_when(seen.last_ok_at)) if seen.last_ok_at else t("accounts.never_ok")]
    if seen.state in ("ok", "new", "trouble", "waiting") and seen.next_at:
        facts.append(t("accounts.next_at", at=_when(seen.next_at)) if seen.next_at > datetime.now().timestamp() + 60 else t("accounts.next_now"))
    if seen.quota_limit:
        facts.append(t("accounts.quota", used=f"{seen.quota_used:,}", limit=f"{seen.quota_limit:,}"))
    if seen.token_days is not None and seen.token_days >= SOON_DAYS:
        facts.append(t("accounts.token_days", days=f"{seen.token_days:.0f}"))
    if seen.gaps:
        facts.append(t("accounts.gaps", n=seen.gaps))
    return facts


def _when(instant: int | None) -> str:
    return at_label(datetime.fromtimestamp(instant) if instant else None)


def _buttons(seen: Status) -> None:
    entry = seen.account
    able = seen.state not in ("no_secrets", "wrong")
    if st.button(t("accounts.sync_now"), key=f"acc_sync_{entry.name}", type="primary", disabled=not able or seen.state == "no_login", icon=":material/sync:"):
        submit_accounts.ask_sync(entry)
        st.session_state["accounts_waiting"][entry.name] = int(datetime.now().timestamp())
        st.toast(t("accounts.asked"))
        st.rerun()
    if st.button(t("accounts.ping"), key=f"acc_ping_{entry.name}", disabled=not able, icon=":material/wifi_tethering:"):
        _ping(entry)
    with st.popover("", icon=":material/more_vert:", key=f"acc_more_{entry.name}"):
        word = "resume" if entry.paused else "pause"
        if st.button(t(f"accounts.{word}"), key=f"acc_pause_{entry.name}", disabled=seen.state == "wrong"):
            _do(lambda: submit_accounts.pause(entry, not entry.paused))
        if st.button(t("accounts.remove"), key=f"acc_remove_{entry.name}", help=t("accounts.remove_help")):
            _do(lambda: submit_accounts.remove(entry))


def _ping(entry: Account) -> None:
    with st.spinner(t("accounts.pinging")):
        try:
            said = submit_accounts.ping(entry)
        except OpsError as error:
            st.session_state[f"acc_said_{entry.name}"] = ("error", str(error))
        else:
            words = t("accounts.ping_ok", who=said.who, zone=said.zone or DASH, currency=said.currency or DASH, note=said.note)
            st.session_state[f"acc_said_{entry.name}"] = ("success", words)
    st.rerun()


def _do(deed: Callable[[], None]) -> None:
    """Do it and draw the page anew; what goes wrong is said with its remedy."""
    try:
        deed()
    except OpsError as error:
        panels.failed(error)
        return
    st.session_state["imports_message"] = t("accounts.saved")
    st.rerun()


def _remedy(seen: Status) -> None:
    """What a person must do, where it can be done."""
    entry = seen.account
    kind, words = st.session_state.get(f"acc_said_{entry.name}", ("", ""))
    if words:
        (st.success if kind == "success" else st.error)(plain(words))
    if seen.error:
        st.warning(plain(seen.error), icon=":material/error:")
    if seen.token_days is not None and seen.state != "no_login" and seen.token_days < SOON_DAYS:
        st.warning(t("accounts.token_soon", days=f"{max(seen.token_days, 0):.0f}"), icon=":material/schedule:")
    stale = seen.error_kind == "AuthExpired"
    if seen.state == "no_login" or (stale and seen.has_login):
        _login(entry)
    elif seen.missing or stale:
        _secrets(seen, stale)


def _login(entry: Account) -> None:
    st.info(t("accounts.do_login"), icon=":material/login:")
    key = f"acc_consent_{entry.name}"
    try:
        if key not in st.session_state:
            st.session_state[key] = submit_accounts.start_login(entry)
        url, state = st.session_state[key]
        with st.form(f"acc_login_{entry.name}", border=False):
            st.link_button(t("accounts.consent_open"), url, icon=":material/open_in_new:")
            answer = st.text_input(t("accounts.consent_code"), type="password")
            if st.form_submit_button(t("accounts.consent_done"), type="primary"):
                submit_accounts.finish_login(entry, state, answer)
                st.session_state.pop(key)
                st.session_state["imports_message"] = t("accounts.logged_in")
                st.rerun()
    except OpsError as error:
        panels.failed(error)


def _secrets(seen: Status, stale: bool) -> None:
    entry, wanted = seen.account, submit_accounts.platforms()[seen.account.connector]
    names = wanted.credentials if stale else seen.missing
    st.info(t("accounts.do_renew") if stale else t("accounts.do_secrets", names=", ".join(names)), icon=":material/key:")
    with st.form(f"acc_secrets_{entry.name}", border=False, clear_on_submit=True):
        given = {name: st.text_input(name, type="password") for name in names}
        if st.form_submit_button(t("accounts.save_secrets"), type="primary"):
            _do(lambda: submit_accounts.save_secrets(entry, given))


def _names(seen: Status) -> dict[str, str]:
    """What each endpoint of the account is called."""
    return {endpoint.name: _label(endpoint) for endpoint in seen.endpoints}


def _progress(seen: Status) -> None:
    names = _names(seen)
    for each in seen.progress:
        words = t("accounts.progress", rows=f"{each.rows:,}", pages=f"{each.pages:,}", done=each.windows_done, all=each.windows)
        share = each.windows_done / each.windows if each.windows else 1.0 if each.state == "done" else 0.0
        st.progress(min(share, 1.0), text=f"{plain(names.get(each.endpoint, each.endpoint))}　{words}")


def _details(seen: Status) -> None:
    names = _names(seen)
    rows = [
        {"endpoint": escape(names.get(each.endpoint, each.endpoint)), "rows": each.rows, "at": _when(each.at), "first": _day(each.first), "last": _day(each.last), "gaps": each.gaps}
        for each in seen.asked
    ]
    columns = {
        "endpoint": Col(t("accounts.endpoint")), "rows": Col(t("accounts.endpoint_rows"), "count"), "at": Col(t("accounts.endpoint_at")),
        "first": Col(t("accounts.endpoint_from")), "last": Col(t("accounts.endpoint_to")), "gaps": Col(t("accounts.endpoint_gaps"), "count"),
    }  # fmt: skip
    with st.expander(t("accounts.details")):
        panels.table(pd.DataFrame(rows), columns, f"accounts-{seen.account.name}")


def _day(instant: int | None) -> str:
    return f"{datetime.fromtimestamp(instant):%Y-%m-%d %H:%M}" if instant else DASH


def _add() -> None:
    """A form for one more account; what it asks depends on the platform."""
    number = st.session_state.setdefault("acc_added", 0)  # a new form after each account: what was typed must not stay on the page
    with st.expander(t("accounts.add"), icon=":material/add:", key=f"acc_new_{number}"):
        known = submit_accounts.platforms()
        words = {name: _label(each) for name, each in known.items()}
        platform = st.selectbox(
            t("accounts.add_platform"), list(known), index=None, placeholder=t("accounts.add_choose"), key=f"acc_platform_{number}", format_func=words.__getitem__
        )
        if platform is None:
            return
        wanted = known[platform]
        with st.form(f"acc_add_{number}", border=False):
            left, right = st.columns(2)
            name = left.text_input(t("accounts.add_name"), value=f"{platform}-main")
            shop = right.text_input(t("accounts.add_shop"), placeholder="myshop")
            own_id = left.text_input(wanted.id_label) if wanted.id_label else ""
            url = right.text_input(t("accounts.add_url") if wanted.needs_url else t("accounts.add_url_other"), placeholder="https://…")
            since = left.date_input(t("accounts.add_since"), value=None, format="YYYY-MM-DD")
            zone, currency = right.text_input(t("accounts.add_zone"), value=wanted.zone), left.text_input(t("accounts.add_currency"), value=wanted.currency)
            options = {option: st.text_input(f"{option}{'' if needed else '（' + t('accounts.optional') + '）'}", help=about) for option, about, needed in wanted.options}
            secrets = {secret: st.text_input(secret, type="password") for secret in wanted.credentials}
            secrets |= {secret: st.text_input(f"{secret}（{t('accounts.optional')}）", type="password") for secret in wanted.optional_credentials}
            if st.form_submit_button(t("accounts.add_save"), type="primary"):
                given = {option: [part.strip() for part in value.split(",")] if "," in value else value for option, value in options.items() if value}
                entry = Account(name, platform, shop, own_id, zone, currency, since.isoformat() if since else "", base_url=url, options=given)
                _do(lambda: _added(entry, secrets))


def _added(entry: Account, secrets: dict[str, str]) -> None:
    submit_accounts.add(entry, secrets)
    st.session_state["acc_added"] += 1
