"""What a live session is made of: the run sheet as it was planned, and what then really went on air and how well it sold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

HOSTS = (("小林", 1.15), ("小何", 0.88))      # who explains, and how well they sell beside each other
OPENING, CLOSING, BAG = 8, 8, 4              # minutes
SECKILL = 2.1                                # a seckill sells so many times what explaining alone does
LISTENED = 0.55                              # of the orders placed while an item is explained so many are for it


@dataclass(frozen=True)
class Part:
    """A stretch of the show. minute, until: since the start; link: 1 and up, 0 for none; pull: orders and clicks beside a minute of no effect."""

    minute: int
    until: int
    segment: str
    host: str
    link: int = 0
    action: str = ""
    offer: str = ""
    pull: float = 1.0

    @property
    def minutes(self) -> int:
        return self.until - self.minute


@dataclass(frozen=True)
class Show:
    """planned: rows of the run sheet; aired: what happened, without a gap over the whole session."""

    planned: tuple[Part, ...]
    aired: tuple[Part, ...]

    def pull(self, minutes: int) -> NDArray[np.float64]:
        """Effect on orders, minute by minute."""
        effect = np.ones(minutes)
        for part in self.aired:
            effect[part.minute : part.until] = part.pull
        return effect

    def link(self, minutes: int) -> NDArray[np.int64]:
        """The link explained in each minute, 0 for none."""
        links = np.zeros(minutes, dtype=np.int64)
        for part in self.aired:
            links[part.minute : part.until] = part.link
        return links


def show(rng: np.random.Generator, planned_minutes: int, minutes: int, appeal: Sequence[float]) -> Show:
    """Draw a show of `minutes` that was planned for `planned_minutes`; `appeal`: of link 1, 2, … how well explaining it sells."""
    planned = tuple(_plan(rng, planned_minutes, appeal))
    return Show(planned, tuple(_air(_changed(rng, planned), minutes, rng)))


def _plan(rng: np.random.Generator, minutes: int, appeal: Sequence[float]) -> Iterator[Part]:
    """Opening, the links in turn with a lucky bag after every fourth, two seckills, the second host from the middle on, closing."""
    hosts = HOSTS if rng.random() < 0.5 else HOSTS[::-1]
    yield Part(0, OPENING, "开场", hosts[0][0], action="报今晚福利，引导关注", offer="关注领 5 元券", pull=0.6)
    at, turn, last = OPENING, 0, minutes - CLOSING
    seckills = {int(last * 0.35), int(last * 0.75)}
    while at < last:
        host, skill = hosts[0] if at < minutes / 2 else hosts[1]
        due = {mark for mark in seckills if mark <= at}
        seckills -= due
        link = 1 + (int(rng.integers(0, min(3, len(appeal)))) if due else turn % len(appeal))
        until = min(last, at + int(rng.integers(8, 14)))
        pull = appeal[link - 1] * skill * (SECKILL if due else 1.0)
        yield Part(at, until, "秒杀" if due else "讲解", host, link, "倒数上车，限量报库存" if due else "卖点、对比、报价", "秒杀价，限 50 件" if due else "", pull)
        at, turn = until, turn + (not due)
        if turn % 4 == 0 and not due and at < last - BAG:
            yield Part(at, at + BAG, "福袋", host, action="口播福袋，答疑", offer="福袋", pull=0.45)
            at += BAG
    yield Part(last, minutes, "收尾", hosts[1][0], action="返场，预告下一场", pull=0.75)


def _changed(rng: np.random.Generator, planned: Sequence[Part]) -> list[Part]:
    """What the evening made of the plan: now and then an item is left out, or two change places."""
    parts = list(planned)
    places = [place for place, part in enumerate(parts) if part.segment == "讲解"]
    if len(places) > 5 and rng.random() < 0.6:
        del parts[places.pop(int(rng.integers(3, len(places))))]
    pairs = [place for place in range(2, len(parts) - 2) if parts[place].segment == parts[place + 1].segment == "讲解" and parts[place].host == parts[place + 1].host]
    if pairs and rng.random() < 0.5:
        place = pairs[int(rng.integers(0, len(pairs)))]
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
    return parts


def _air(parts: Sequence[Part], minutes: int, rng: np.random.Generator) -> Iterator[Part]:
    """The parts one after the other, each a little longer or shorter than planned; the last lasts until the end."""
    at = 0
    for number, part in enumerate(parts):
        length = max(2, round(part.minutes * float(rng.uniform(0.85, 1.2))))
        until = minutes if number == len(parts) - 1 else min(minutes, at + length)
        if at < until:
            yield replace(part, minute=at, until=until, pull=part.pull * float(rng.lognormal(0, 0.08)))
        at = until
