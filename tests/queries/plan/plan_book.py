"""A plan and what happened, brought in through the doors people use: plan files, typed values, the log, an export file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import worker
from connectors import files, forms
from connectors.plan.planfile import parse_toml, read_plan
from connectors.plan.seal import seal_plan
from queries.plan.evaluate import evaluate
from queries.plan.nodes import read_nodes
from queries.plan.progress import Progress
from warehouse.book import Book
from warehouse.reader import Reader

EXAMPLES = Path(__file__).resolve().parents[3] / "plans" / "examples"
SESSIONS = {
    "source": "my_sessions", "platform": "douyin", "kind": "sessions", "currency": "CNY", "zone": "Asia/Shanghai",
    "table": [{"into": "live_session", "columns": {
        "account": {"value": "room"}, "started_at": {"from": "start", "type": "at"}, "ended_at": {"from": "end", "type": "at"},
        "viewers": {"from": "viewers", "type": "count"}, "live_sales": {"from": "sales", "type": "money"},
        "new_followers": {"from": "followers", "type": "count"}, "currency": {"value": "CNY"},
    }}],
}  # fmt: skip


class PlanBook:
    """Rows gather until `at` asks; then everything is sealed, committed and published once."""

    def __init__(self, book: Book, plan: str = "", text: str = "") -> None:
        self.book, self._clock = book, 0
        self.plan = read_plan(next(EXAMPLES.glob(f"{plan}-*.toml"))) if plan else parse_toml(text, "test.toml")
        seal_plan(book, self.plan, "主管", now=self._now())
        self._log: list[dict[str, Any]] = []
        self._values: list[dict[str, Any]] = []

    def _now(self) -> datetime:
        self._clock += 1
        return datetime(2026, 12, 31, 0, 0, self._clock, tzinfo=UTC)

    def did(self, node: str, *days: str, unit: str = "", result: str = "", qty: int | None = None) -> None:
        """Rows of the activity log, one a day."""
        self._log += [
            {"activity": f"{node}-{unit}-{len(self._log) + n}", "plan": self.plan.id, "node": node, "unit": unit, "done_at": day, "result": result, "qty": qty}
            for n, day in enumerate(days)
        ]  # fmt: skip

    def typed(self, node: str, day: str, value: object, of: object = None, unit: str = "") -> None:
        self._values.append(
            {"plan": self.plan.id, "node": node, "day": day, "value": value, "of_value": of, "unit": unit}
        )

    def figures(self, shop: str, metric: str, days: Iterable[tuple[date, object]], platform: str = "tmall") -> None:
        """A shop's daily figures as somebody types them."""
        forms.submit_rows(
            self.book,
            "shop",
            [{"shop": shop, "name": shop, "platform": platform, "currency": "CNY", "zone": "Asia/Shanghai"}],
            "me",
            now=self._now(),
        )
        rows = [{"shop": shop, "metric": metric, "day": day, "value": value, "currency": "CNY"} for day, value in days]
        forms.submit_rows(self.book, "observation", rows, "me", now=self._now())

    def sessions(self, shop: str, folder: Path, rows: Iterable[tuple[str, str, int, int, int]]) -> None:
        """Live sessions from a file: start, end, viewers, sales, new followers."""
        path = folder / "sessions.csv"
        path.write_text(
            "start,end,viewers,sales,followers\n" + "".join(",".join(map(str, row)) + "\n" for row in rows),
            encoding="utf-8",
        )
        files.seal(self.book, path, shop=shop, author="me", mapping=SESSIONS)

    def at(self, day: date) -> dict[str, Progress]:
        """Every node at the end of the day."""
        for table, rows in (("activity", self._log), ("plan_value", self._values)):
            if rows:
                forms.submit_rows(self.book, table, rows, "me", now=self._now())
                rows.clear()
        batch = worker.commit_all(self.book)
        assert not batch.failed, batch.failed
        assert not sum(outcome.quarantined for outcome in batch.outcomes)
        reader = Reader(self.book)
        nodes = read_nodes(
            reader.query("SELECT * FROM plan_node WHERE plan = $plan ORDER BY seq", {"plan": self.plan.id})
        )
        return evaluate(nodes, reader, day)
