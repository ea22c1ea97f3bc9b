"""罗盘 exports: the list of sessions by month, and for the last evenings the session workbook and its minutes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from connectors.demo.catalogue import DOUYIN
from connectors.demo.douyin import LINKS, Douyin
from connectors.demo.live import Session
from connectors.demo.orders import DAY, NEVER
from connectors.demo.outbox import Outbox, Span
from connectors.demo.writers import Cell, header, rate, rows_of, stamps, write_xlsx

HANDLE = "demoshop01"
# channel, share of views and of what buyers paid
CHANNEL_SHARES = (("推荐feed", 0.52, 0.48), ("千川PC版", 0.24, 0.29), ("短视频引流", 0.11, 0.1), ("关注", 0.07, 0.08), ("搜索", 0.06, 0.05))


def watched(one: Session) -> float:
    """Minutes watched per entry: people online added up over the minutes, by entries."""
    return float(one.online.sum()) / max(1, one.views)


def write_list(out: Outbox, shop: Douyin, spans: list[Span]) -> None:
    """直播间列表_下载明细: one row a session; rates are fractions; two spend columns hold the same money."""
    names = header("live_list")
    for span in spans:
        rows = [
            rows_of(names, _list_row(one, shop.room.loc[at]), 1, default="-")[0]
            for at, one in enumerate(shop.sessions)
            if span.first <= one.day <= span.last
        ]
        write_xlsx(out.place(DOUYIN.id, f"sessions {span.first}", f"罗盘_直播间列表_下载明细_{span.text}.xlsx"), {"Sheet1": [names, *rows]})


def _list_row(one: Session, room: pd.Series) -> dict[str, Cell]:
    m = {str(k): float(v) for k, v in room.items()}
    shown, hours = one.viewers * 9, (one.ended - one.started) / 3600
    sales, paid = m["sales"] / 100, (m["sales"] - m["platform"]) / 100
    seen, clicked = float(one.impressions.sum()), float(one.clicks.sum())
    seen_people, clicked_people = round(seen * 0.82), round(clicked * 0.84)
    back, spend = m["fast_back"] / 100, m["spend"] / 100
    return {
        "主播头像": "https://p11.example/avatar.jpg", "主播昵称": DOUYIN.name, "主播抖音号": HANDLE,
        "直播开始时间": stamps([one.started], "/")[0], "直播结束时间": stamps([one.ended], "/")[0], "直播时长(分钟)": float(one.minutes),
        "直播间曝光人数": float(shown), "直播间曝光次数": float(shown * 3 // 2), "直播间观看人数": float(one.viewers),
        "单小时观看人数": one.viewers / hours, "直播间观看次数": float(one.views), "最高在线人数": float(one.online.max()),
        "平均在线人数": float(round(one.online.mean())), "人均观看时长(分钟)": round(watched(one), 2), "评论次数": float(one.comments.sum()),
        "新加直播团人数": float(one.viewers // 400), "新增粉丝数": float(one.followers.sum()), "取关粉丝数": float(one.viewers // 900),
        "观看老粉占比": round(0.05 + one.views % 97 / 1000, 4), "带货商品数": float(LINKS),
        "直播间商品曝光人数": float(seen_people), "直播间商品点击人数": float(clicked_people), "直播间商品曝光次数": seen, "直播间商品点击次数": clicked,
        "直播间成交订单数": m["orders"], "直播间成交金额": sales, "直播间用户支付金额": paid, "单小时用户支付金额": paid / hours,
        "直播间成交件数": m["units"], "直播间成交人数": m["buyers"], "直播间退款订单数": m["back_orders"], "直播间退款金额": m["back"] / 100,
        "直播间退款人数": m["back_orders"], "预估佣金支出": 0.0,
        "商品曝光-点击率(次数)": _part(clicked, seen), "商品曝光-点击率(人数)": _part(clicked_people, seen_people),
        "商品点击-成交率(次数)": _part(m["orders"], clicked), "商品点击-成交率(人数)": _part(m["buyers"], clicked_people),
        "观看-成交率(次数)": _part(m["orders"], one.views), "观看-成交率(人数)": _part(m["buyers"], one.viewers),
        "预售订单数": 0.0, "预售全款金额": 0.0, "新加购物团人数": 0.0, "投放消耗(店铺绑定)": spend, "投放消耗(店铺被投)": spend,
        "净成交金额": (m["sales"] - m["fast_back"]) / 100, "净成交订单数": m["orders"] - m["fast_orders"], "1小时退款金额": back,
        "1小时退款订单数": m["fast_orders"], "1小时退款率": _part(back, sales),
    }  # fmt: skip


def _part(top: float, bottom: float) -> float:
    return round(top / bottom, 4) if bottom else 0.0


def write_minutes(out: Outbox, sessions: list[Session]) -> None:
    """流量综合趋势分析: one row a minute; downloaded the morning after."""
    names = header("live_minutes")
    for one in sessions:
        clock = [t[:-3] for t in stamps([one.started // 60 * 60 + 60 * i for i in range(one.minutes)], "/")]
        columns: dict[str, Cell | Sequence[Cell]] = {
            "时间": list(clock), "进入直播间人数": _floats(one.enters), "直播间离开人数": _floats(one.leaves), "实时在线人数": _floats(one.online),
            "商品曝光人数": _floats(one.impressions), "商品点击人数": _floats(one.clicks), "评论次数": _floats(one.comments),
            "点赞次数": _floats(one.likes), "新增粉丝数": _floats(one.followers), "新加直播团人数": 0.0,
            "人均观看时长": [_spoken(40 + v % 50) for v in one.enters.tolist()],
        }  # fmt: skip
        after = stamps([one.started + DAY])[0][:10].replace("-", "")
        path = out.place(DOUYIN.id, f"minutes {one.day}", f"流量综合趋势分析下载_数据更新日期{after}.xlsx")
        write_xlsx(path, {"分钟级": [names, *rows_of(names, columns, one.minutes)]})


def _floats(values: object) -> list[Cell]:
    return [float(v) for v in values.tolist()]  # type: ignore[attr-defined]


def _spoken(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}分{whole % 60}秒" if whole >= 60 else f"{whole}秒"


def _short(value: float) -> str:
    """`4.9万` from ten thousand on, as the page shows it."""
    return f"{value / 10_000:.1f}万" if value >= 10_000 else f"{value:.0f}"


def _yen(fen: float) -> str:
    return f"¥{fen / 100:,.2f}"


def write_details(out: Outbox, shop: Douyin, last: int) -> None:
    """直播间详情页_整场数据下载 of the last sessions: six sheets of three shapes."""
    for at in range(max(0, len(shop.sessions) - last), len(shop.sessions)):
        one = shop.sessions[at]
        ended = stamps([one.ended])[0].replace(" ", "_").replace(":", "-")
        loaded = stamps([one.started + DAY])[0][:10] + "_09-40-44"
        path = out.place(DOUYIN.id, f"detail {one.day}", f"直播间详情页_整场数据下载_{loaded}({DOUYIN.name}_{ended}).xlsx")
        write_xlsx(path, _sheets(shop, at))


def _sheets(shop: Douyin, at: int) -> dict[str, list[list[Cell]]]:
    one, room = shop.sessions[at], {str(k): float(v) for k, v in shop.room.loc[at].items()}
    paid, buyers = room["sales"] - room["platform"], room["buyers"]
    seen, clicked = round(float(one.impressions.sum()) * 0.82), round(float(one.clicks.sum()) * 0.84)
    span = f"{stamps([one.started], '/')[0]}-{stamps([one.ended], '/')[0]}"
    stay = _spoken(watched(one) * 60)
    channels: list[list[Cell]] = [["整体", f"{one.viewers}", f"{one.views}", _yen(paid), f"{room['orders']:.0f}", _yen(room["spend"]), stay]]
    for name, views, share in CHANNEL_SHARES:
        spend = _yen(room["spend"]) if name == "千川PC版" else "-"
        cells: list[Cell] = [name, f"{one.viewers * views:.0f}", f"{one.views * views:.0f}", _yen(paid * share), f"{room['orders'] * share:.0f}"]
        channels.append([*cells, spend, stay])
    return {
        "基本信息": [list(header("detail_info")), [DOUYIN.name, HANDLE, span, _yen(paid), _yen(paid / max(1, one.views) * 1000)]],
        "整体看板": [
            list(header("detail_board")),
            [f"{one.viewers}", f"{one.online.mean():.0f}", stay, rate(buyers, one.viewers), rate(buyers, clicked), rate(1, 9)],
        ],
        "流量分析-流量转化": [
            ["直播间曝光人数", _short(one.viewers * 9)], ["直播间观看人数", _short(one.viewers)], ["商品曝光人数", _short(seen)],
            ["商品点击人数", _short(clicked)], ["成交人数", f"{buyers:.0f}"],
        ],
        "流量分析-渠道分析": [list(header("detail_channels")), *channels],
        "流量分析-短视频引流": [list(header("detail_videos")), *_videos(one)],
        "商品分析-商品明细": [list(header("detail_items")), *_items(shop, at, seen, clicked), list(header("detail_items"))],
    }  # fmt: skip


def _videos(one: Session) -> list[list[Cell]]:
    """Two lead-in videos of the session."""
    posted = [stamps([one.started - DAY // 2 * n], "/")[0][:-3] for n in (1, 2)]
    return [[f"预热视频{n}", when, f"{9200 * n:,}", f"{310 * n}", "3.37%"] for n, when in enumerate(posted, 1)]


def _items(shop: Douyin, at: int, seen: int, clicked: int) -> list[list[Cell]]:
    """What each item sold in a session, best first."""
    orders, lines, goods = shop.history.orders, shop.history.lines, shop.history.goods
    of_session = lines["order"].map((orders["session"] == at) & (orders["paid"] != NEVER))
    sold = lines[of_session].assign(paid=lambda f: f["amount"] - f["platform"])
    table = sold.groupby("item").agg(paid=("paid", "sum"), units=("quantity", "sum"), orders=("order", "nunique"))
    table = table.sort_values("paid", ascending=False)
    whole = max(1, int(table["paid"].sum()))
    return [
        [
            goods.ids[int(str(item))], goods.titles[int(str(item))], _yen(row["paid"]), f"{row['units']}", f"{row['orders']}",
            f"{seen * row['paid'] // whole + row['orders']}", f"{clicked * row['paid'] // whole + row['orders']}",
        ]
        for item, row in table.iterrows()
    ]  # fmt: skip
