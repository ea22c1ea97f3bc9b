"""Files in, on the import page: drop, look, choose the shop, import, follow until the figures are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, mapping_form, panels, submit
from dashboard.columns import Col
from dashboard.format import is_missing, plain
from dashboard.labels import lang, t
from dashboard.panels_imports import reason_label
from dashboard.uploads import Upload
from warehouse.errors import NoBook

TYPES = ["csv", "txt", "tsv", "xls", "xlsx", "xlsm", "ods", "gz"]
COLOURS = {"ready": "blue", "done": "green", "same": "gray", "failed": "red", "unknown": "orange", "ask_shop": "orange"}
NEW = "\n"  # no shop can be called this
LIMITS = '[data-testid="stFileUploaderDropzoneInstructions"] span'
LOOK_AGAIN_S = 0.7
BROWSE = '[data-testid="stFileUploader"] button [data-testid="stMarkdownContainer"] p'
CENT = 0.01


def drop_zone() -> None:
    """The place to drop files; what is dropped goes to disk at once and is looked at in the background."""
    panels.section(t("imports.drop"), t("imports.drop_note"))
    round_ = st.session_state.setdefault("drop_round", 0)
    own_words(TYPES)
    files = st.file_uploader(
        t("imports.drop_here"), type=TYPES, accept_multiple_files=True, key=f"drop_{round_}", help=t("imports.drop_help")
    )
    if files:
        for file in files:
            uploads().append(submit.take(file.name, file))
        st.session_state["drop_round"] = round_ + 1  # a fresh widget: the server's memory lets go of the files
        st.rerun()


def own_words(kinds: Sequence[str]) -> None:
    """The upload box in the reader's language: what its button and its limits say."""
    button, ends = f'content:"{t("imports.browse")}"', f'content:"{" ".join(f".{kind}" for kind in kinds)}"'
    st.html(f"<style>{BROWSE}{{font-size:0}}{BROWSE}::after{{{button};font-size:1rem}}\n"
            f"{LIMITS}{{font-size:0}}{LIMITS}::after{{{ends};font-size:.86rem}}</style>")  # fmt: skip


def upload_list() -> None:
    """Every file of this session with its state; looks again by itself while something is on its way."""
    working = any(upload.working for upload in uploads())
    st.fragment(_list, run_every=LOOK_AGAIN_S if working else None)()


def uploads() -> list[Upload]:
    """This session's files."""
    found: list[Upload] = st.session_state.setdefault("uploads", [])
    return found


def _list() -> None:
    """All files; asks for a whole new page once nothing is on its way any more."""
    was_working = any(upload.working for upload in uploads())
    for upload in uploads():
        submit.settle(upload)
    _for_all([upload for upload in uploads() if upload.state == "ready"])
    for upload in uploads():
        with st.container(border=True, gap="small", key=f"up_{upload.key}"):
            _card(upload)
    if len(uploads()) > 1 and not was_working and st.button(t("imports.clear"), type="tertiary", key="clear_all"):
        for upload in uploads():
            upload.forget()
        uploads().clear()
        st.rerun()
    if was_working and not any(upload.working for upload in uploads()):
        st.rerun()


def _for_all(ready: list[Upload]) -> None:
    """Several files at once: one shop for all that have none yet, one button for all that can go."""
    if len(ready) < 2:
        return
    shops = known_shops()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if shops:
            picked = st.selectbox(
                t("imports.shop_for_all"), list(shops), index=None, placeholder=t("imports.choose_shop"), key="shop_for_all",
                format_func=lambda s: f"{shops[s]}（{s}）", width=280,
            )  # fmt: skip
            for upload in ready if picked else []:
                if not upload.shop and not _doubt(upload, str(picked), shops):
                    upload.shop = st.session_state[f"shop_{upload.key}"] = str(picked)
        else:
            new = st.text_input(t("imports.new_for_all"), key="new_for_all", help=t("imports.new_shop_help"), width=280).strip()
            for upload in ready if new and new != st.session_state.get("new_for_all_was") else []:
                upload.shop = st.session_state[f"new_{upload.key}"] = new
            st.session_state["new_for_all_was"] = new
        able = [upload for upload in ready if upload.shop and not _is_hopeless(upload) and (upload.sure or not _doubt(upload, upload.shop, shops))]
        if st.button(t("imports.import_all", n=len(able)), type="primary", key="import_all", disabled=not able):
            for upload in able:
                submit.bring_in(upload)
            st.rerun()


def _card(upload: Upload) -> None:
    """One file: name and state, then what its state calls for."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    colour = COLOURS.get(upload.state, "gray")
    state = t(f"imports.{upload.state}") if upload.state in COLOURS else ""
    left.markdown(f"**{plain(upload.name)}** :gray[{size_label(upload.size)}]" + (f" :{colour}-badge[{state}]" if state else ""))
    if not upload.working and right.button(
        t("imports.remove"), type="tertiary", icon=":material/close:", key=f"rm_{upload.key}"
    ):
        upload.forget()
        uploads().remove(upload)
        st.rerun(scope="fragment")
    if upload.working:
        st.progress(upload.progress, t(f"imports.{upload.state}"))
    elif upload.state == "failed":
        _failed(upload)
    elif upload.state == "unknown":
        mapping_form.draw(upload)
    elif upload.state == "same":
        st.caption(t("imports.same_note"))
    elif upload.state == "done":
        _done(upload)
    else:
        _preview(upload)


def size_label(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(size / 1e3, 0.1):,.1f} kB"


def _failed(upload: Upload) -> None:
    """The error with its remedy; a question (which report?) is asked instead of shown."""
    choices = submit.choices(upload)
    if choices:
        picked = st.selectbox(
            t("imports.which_layout"), list(choices), index=None, format_func=lambda c: choices[c], key=f"lay_{upload.key}"
        )
        if picked:
            upload.layout = picked
            submit.look(upload)
            st.rerun()
        return
    panels.failed(upload.error or RuntimeError(upload.name), t("imports.failed"))
    if st.button(t("imports.again"), icon=":material/refresh:", key=f"again_{upload.key}"):
        submit.look(upload)
        st.rerun()


def _done(upload: Upload) -> None:
    stored = int(upload.outcome.get("rows_stored") or 0)
    waiting = int(upload.outcome.get("rows_quarantined") or 0)
    st.success(t("imports.done_note", stored=f"{stored:,}"), icon=":material/task_alt:")
    if waiting:
        st.warning(t("imports.done_waiting", n=waiting), icon=":material/rule:")


def _preview(upload: Upload) -> None:
    """What the file says, before anything is stored; then the shop and the button."""
    look = upload.report
    days = f"{look.day_from} ~ {look.day_to}" if look.day_from and look.day_to else "—"
    facts = [
        (t("imports.layout"), look.label.get(lang()) or look.layout), (t("imports.rows"), f"{look.rows:,}"),
        (t("imports.period"), days), (t("imports.exported_at"), (look.as_of or "").replace("T", " ")),
    ]  # fmt: skip
    st.markdown("　".join(f":gray[{name}] {plain(value)}" for name, value in facts if value))
    for note in look.warnings:
        st.caption(f":material/info: {plain(note)}")
    differ = [total for total in look.totals if abs(total["difference"] or 0) > CENT]
    if differ:
        st.warning(t("imports.totals_note", n=len(differ)), icon=":material/balance:")
        _table(differ, ("name", "stated", "summed", "difference"), f"tot_{upload.key}")
    if look.bad_rows:
        bad = [row | {"reason": reason_label(str(row["reason"]))} for row in look.bad]
        if _is_hopeless(upload):
            why = "；".join(dict.fromkeys(f"{row['name']}: {row['value']} {row['reason']}" for row in bad[:1]))
            st.error(t("imports.none_readable", why=plain(why)), icon=":material/rule:")
            if upload.mapping and st.button(t("imports.map_back"), icon=":material/schema:", key=f"mb_{upload.key}"):
                upload.mapping = None
                submit.look(upload)
                st.rerun()
        else:
            st.warning(t("imports.bad_rows", n=f"{look.bad_rows:,}"), icon=":material/rule:")
        _table(bad, ("row_no", "column", "value", "reason"), f"bad_{upload.key}")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        title = t("imports.sums") + (f" · {t('imports.unknown_columns', n=len(look.unknown))}" if look.unknown else "")
        with st.expander(title, expanded=len(uploads()) == 1):
            _table(look.sums, ("name", "sum"), f"sum_{upload.key}")
            for key, names in (("unknown_columns", look.unknown), ("removed_columns", look.removed)):
                if names:
                    st.caption(f"{t(f'imports.{key}', n=len(names))}: {plain(t('imports.comma').join(names))}")
    with right:
        _shop_and_button(upload)


def _is_hopeless(upload: Upload) -> bool:
    """Not one row of the file can be read."""
    return bool(upload.report.rows and upload.report.bad_rows >= upload.report.rows)


def _table(rows: list[dict[str, Any]], names: tuple[str, ...], key: str) -> None:
    if not rows:
        return
    units = dict.fromkeys(("stated", "summed", "difference", "sum", "row_no"), "count")  # exact, without idle zeros
    frame = pd.DataFrame(rows)
    frame = frame.assign(column=frame["name"]) if "column" in names else frame
    titles = {"name": "column"}
    columns = {name: Col(t(f"imports.{titles.get(name, name)}"), units.get(name, "text")) for name in names}
    panels.grid(frame, columns, key, height=260)


def _shop_and_button(upload: Upload) -> None:
    """Whose file it is: the known shops, or a new one; a doubt must be answered before the button works."""
    shops = known_shops()
    options = [*shops, NEW]
    index = options.index(upload.shop) if upload.shop in shops else len(shops) if upload.shop or not shops else None
    picked = st.selectbox(
        t("imports.which_shop"), options, index=index, key=f"shop_{upload.key}", help=t("imports.which_shop_help"),
        placeholder=t("imports.choose_shop"), format_func=lambda s: t("imports.new_shop") if s == NEW else f"{shops[s]}（{s}）",
    )  # fmt: skip
    shop = picked or ""
    if picked == NEW:
        known = "" if upload.shop in shops else upload.shop  # after a failed import the field was off the page
        shop = st.text_input(t("imports.new_shop_id"), known, key=f"new_{upload.key}", help=t("imports.new_shop_help")).strip()
    if shop and shop != upload.shop:
        upload.shop, upload.doubt, upload.sure = shop, "", False  # the import itself looks whose items they are
    doubt = _doubt(upload, shop, shops) if shop else ""
    if doubt:
        st.warning(doubt, icon=":material/help:")
        sure = t("imports.wrong_shop_sure", shop=shops.get(shop, shop))
        upload.sure = st.checkbox(sure, upload.sure, key=f"sure_{upload.key}_{shop}")
    blocked = not shop or bool(doubt and not upload.sure) or _is_hopeless(upload)
    if st.button(t("imports.import_one"), type="primary", disabled=blocked, key=f"in_{upload.key}"):
        submit.bring_in(upload)
        st.rerun()


def _doubt(upload: Upload, shop: str, shops: dict[str, str]) -> str:
    """Why the file may be another shop's: its items, or its platform; '' when nothing speaks against it."""
    if upload.doubt:
        return t("imports.wrong_shop", other=shops.get(upload.doubt, upload.doubt))
    theirs, own = upload.report.platform, known_platforms().get(shop, "")
    if not own or theirs in ("", "other") or theirs == own or {theirs, own} == {"tmall", "taobao"}:
        return ""
    return t("imports.wrong_platform", file=t(f"platform.{theirs}"), shop=t(f"platform.{own}"))


def known_platforms() -> dict[str, str]:
    """Platform of each shop of one's own book, '' where it is not known."""
    if not known_shops():
        return {}
    frame = data.shops()
    return {str(s): "" if is_missing(p) or p == "other" else str(p) for s, p in zip(frame["shop"], frame["platform"], strict=True)}


def known_shops() -> dict[str, str]:
    """Shops of one's own book, id -> name; none while the demo is shown."""
    if submit.shows_demo():
        return {}
    try:
        frame = data.shops()
    except NoBook:
        return {}
    return {str(s): str(s if is_missing(n) else n) for s, n in zip(frame["shop"], frame["name"], strict=True)}
