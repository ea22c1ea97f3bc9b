"""Both languages are complete, and a text asks only for what every language can fill in."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from dashboard import labels
from dashboard.labels import LANGS, all_labels, text
from queries import METRICS

LABELS = all_labels()


@pytest.mark.parametrize("key", sorted(LABELS))
def test_every_label_has_both_languages_and_the_same_blanks(key: str) -> None:
    """A missing language or a misspelt {name} would show up as a hole on the page."""
    texts = LABELS[key]
    assert set(texts) == set(LANGS)
    assert all(words.strip() for words in texts.values())
    blanks = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in texts.values()]
    assert blanks[0] == blanks[1]


def test_every_key_that_code_uses_exists(root: Path) -> None:
    """t("section.name") with a literal key must be in labels.toml."""
    for file in sorted((root / "dashboard").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t" and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    assert key.value in LABELS, f"{file.name}: {key.value}"


def test_no_chinese_words_in_page_code(root: Path) -> None:
    """Texts live in labels.toml; page code holds none (docstrings and comments may)."""
    for file in sorted((root / "dashboard").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        notes = {id(n.body[0].value) for n in ast.walk(tree)
                 if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                 and n.body and isinstance(n.body[0], ast.Expr)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
                words = re.findall(r"[\u4e00-\u9fff]{2,}", node.value)
                assert not set(words) - ALLOWED, f"{file.name}:{node.lineno} {words}"


# units that belong to a number, the name of a language, what a platform itself writes into a column
ALLOWED = {"万亿", "小时", "时长", "中文", "一二三四五六日", "日历", "全店流量"}


def test_metrics_speak_both_languages() -> None:
    """Cards and tooltips read metrics.toml."""
    for name, metric in METRICS.items():
        assert metric.label["zh"] and metric.label["en"], name
        assert metric.tooltip["zh"] and metric.tooltip["en"], name


def test_text_fills_in() -> None:
    """A label takes its values by name."""
    assert text("zh", "filter.n_shops", n=3) == "3 个店铺"
    assert text("en", "filter.n_shops", n=3) == "3 shops"
    with pytest.raises(KeyError):
        text("zh", "filter.nothing_like_this")


def test_the_language_is_asked_for_once_inside_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader chose during a run shows from the next run on, also after a run that failed."""
    state = {"lang": "en"}
    monkeypatch.setattr(labels.st, "session_state", state)
    with pytest.raises(ZeroDivisionError), labels.one_language():
        state["lang"] = "zh"
        assert labels.lang() == "en"
        raise ZeroDivisionError
    assert labels.lang() == "zh"
