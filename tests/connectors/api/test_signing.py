"""Signatures: the platforms' published vectors, and those worked out by the published rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.api import signing
from warehouse.errors import ConfigError

DOUDIAN_JSON = b'{"create_time_end":1794790800,"create_time_start":1794787200,"order_by":"create_time","page":0,"size":50}'
TOP_OFFICIAL = {
    "method": "taobao.item.seller.get", "app_key": "12345678", "session": "test", "timestamp": "2016-01-01 12:00:00", "format": "json",
    "v": "2.0", "sign_method": "md5", "fields": "num_iid,title,nick,price,num", "num_iid": "11223344",
}  # fmt: skip
TOP_TRADES = {
    "method": "taobao.trades.sold.increment.get", "app_key": "12345678", "session": "test", "timestamp": "2026-11-20 10:00:00", "format": "json", "v": "2.0",
    "fields": "tid,status,payment,modified,orders", "start_modified": "2026-11-20 09:00:00", "end_modified": "2026-11-20 09:30:00",
    "page_no": "3", "page_size": "50", "use_has_next": "false",
}  # fmt: skip
JD_BASE = {"access_token": "yourtoken", "app_key": "yourappkey", "v": "2.0"}
JD_OFFICIAL = {
    **JD_BASE, "method": "jingdong.pop.order.search", "timestamp": "2021-05-07 09:20:39.683+0800",
    "360buy_param_json": '{"end_date":null,"optional_fields":null,"order_state":"WAIT_SELLER_STOCK_OUT","page":"1","page_size":"200","start_date":null}',
}  # fmt: skip
JD_ORDERS = {
    **JD_BASE, "method": "jingdong.pop.order.enSearch", "timestamp": "2026-11-20 10:00:00.000+0800",
    "360buy_param_json": '{"dateType":"0","end_date":"2026-11-20 10:00:00","optional_fields":"orderId,orderState,actualPay,modified,itemInfoList",'
    '"order_state":"ALL","page":"1","page_size":"100","start_date":"2026-11-20 09:00:00"}',
}  # fmt: skip
KUAISHOU = {
    "access_token": "tok_demo", "appkey": "ks000000000000000001", "method": "open.order.cursor.list", "timestamp": "1795140000000", "version": "1",
    "param": '{"beginTime":1795050000000,"cpsType":0,"cursor":"","endTime":1795136400000,"orderViewStatus":1,"pageSize":50,"queryType":1,"sort":1}',
}  # fmt: skip
PDD_OFFICIAL = {
    "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211", "client_id": "1", "data_type": "XML", "order_status": "1", "page": "1", "page_size": "10",
    "timestamp": "1480411125", "type": "pdd.order.number.list.get",
}  # fmt: skip
PDD_INCREMENT = {
    "access_token": "tok_demo", "client_id": "1", "data_type": "JSON", "version": "V1", "timestamp": "1795140000", "type": "pdd.order.number.list.increment.get",
    "is_lucky_flag": "0", "order_status": "5", "refund_status": "5", "start_updated_at": "1795138020", "end_updated_at": "1795139820", "page": "1",
    "page_size": "100", "use_has_next": "true",
}  # fmt: skip


@pytest.mark.parametrize("params, method, sign", [
    (TOP_OFFICIAL, "md5", "66987CB115214E59E6EC978214934FB8"),
    ({**TOP_TRADES, "sign_method": "md5"}, "md5", "609F27FBF3B3F94C3B44345CC872BBBF"),
    ({**TOP_TRADES, "sign_method": "hmac"}, "hmac", "1444C41E6424E836FA64195EB806EE61"),
    ({**TOP_TRADES, "sign_method": "hmac-sha256"}, "hmac-sha256", "CC6A0C23888F66FAB905DEAF49A9EB7F00E993E43526B43053D78C2356DE388E"),
])  # fmt: skip
def test_top_vectors(params: dict[str, str], method: str, sign: str) -> None:
    """TOP signs everything it is sent; the first row is the platform's own example."""
    assert signing.top("helloworld", params, method) == sign


def test_top_skips_empty_values_and_the_signature_itself() -> None:
    """An empty parameter and `sign` do not change what is signed."""
    assert signing.top("helloworld", {**TOP_OFFICIAL, "partner_id": "", "sign": "OLD"}) == "66987CB115214E59E6EC978214934FB8"


@pytest.mark.parametrize("params, sign", [(JD_OFFICIAL, "D70825340F4084360B9362B60DFD7930"), (JD_ORDERS, "E45BB37178663B3CA3C17967EB9C8130")])
def test_jd_vectors(params: dict[str, str], sign: str) -> None:
    """JD signs the JSON text among the other parameters; the first row is the platform's own example."""
    assert signing.jd("yourappSecret", params) == sign
    assert signing.jd("yourappSecret", {**params, "sign": "OLD"}) == sign


@pytest.mark.parametrize("param_json", [DOUDIAN_JSON, DOUDIAN_JSON.decode()])
@pytest.mark.parametrize("method, sign", [
    ("hmac-sha256", "469052ef15ba735e9a1b569bfc9e7afcaa414bd46240e098c1e0b606fc05fa45"),
    ("md5", "043532c256832f940391149479e9ec29"),
])  # fmt: skip
def test_doudian_vectors(param_json: str | bytes, method: str, sign: str) -> None:
    """Doudian signs five named values, the JSON as text or as the bytes that are sent."""
    assert signing.doudian("test_secret_123", "7000000000000000001", "order.searchList", param_json, 1794790800, sign_method=method) == sign


def test_doudian_text_of_the_vector_is_canonical() -> None:
    """The business object, its keys in any order, becomes the very text of the vector."""
    asked = {"size": 50, "page": 0.0, "order_by": "create_time", "create_time_start": 1794787200, "create_time_end": 1794790800}
    assert signing.canonical_json(asked) == DOUDIAN_JSON


@pytest.mark.parametrize("method, sign", [
    ("MD5", "73f965137a13c05a9054f7a5a3c331fa"),
    ("HMAC_SHA256", "c3Kx3w9fZOmwHGcb6IWtJThrwMvDGVyy3MnJfTtHy2w="),
])  # fmt: skip
def test_kuaishou_vectors(method: str, sign: str) -> None:
    """Kuaishou signs a fixed list, raw values, with the signSecret behind it; nothing else that is sent matters."""
    assert signing.kuaishou("sign_secret_demo", KUAISHOU, method) == sign
    assert signing.kuaishou("sign_secret_demo", {**KUAISHOU, "sign": "OLD", "other": "1"}, method) == sign


@pytest.mark.parametrize("params, sign", [(PDD_OFFICIAL, "E4DE3ED21002510DED352819E7AE6775"), (PDD_INCREMENT, "4C5DA1EEE6D0321E16F3C5BE2BDF161F")])
def test_pdd_vectors(params: dict[str, str], sign: str) -> None:
    """Pinduoduo signs everything it is sent; the first row is the platform's own example."""
    assert signing.pdd("testSecret", params) == sign
    assert signing.pdd("testSecret", {**params, "sign": "OLD"}) == sign


def test_tiktok_shop_vectors(shared: Path) -> None:
    """Every row of the published table, and a token or an old signature in the query changes nothing."""
    vectors = json.loads((shared / "apis/samples/global/tiktok_shop/sign_vectors.json").read_text(encoding="utf-8"))
    assert len(vectors) == 2
    for row in vectors:
        assert signing.tiktok_shop(row["app_secret"], row["path"], row["query"], row["body"]) == row["sign"]
        assert signing.tiktok_shop(row["app_secret"], row["path"], {**row["query"], "sign": "x", "access_token": "y"}, row["body"].encode()) == row["sign"]


def test_tiktok_shop_signs_the_body() -> None:
    """Body bytes are part of what is signed; worked with openssl: printf "k/pa1{}k" | openssl dgst -sha256 -hmac k."""
    assert signing.tiktok_shop("k", "/p", {"a": "1"}, b"{}") == "68ee84feedb2756b70d35104997d7e7e7a5a75cae2e49402d4b92f6593be4d35"


@pytest.mark.parametrize("value, text", [
    ({"b": 1, "a": {"d": [{"z": 1, "y": 2}], "c": None}}, '{"a":{"c":null,"d":[{"y":2,"z":1}]},"b":1}'),
    ({"price": 1.0, "share": 0.5, "flag": True, "nothing": -0.0}, '{"flag":true,"nothing":0,"price":1,"share":0.5}'),
    ({"名": "<b>&'连衣裙'</b>"}, '{"名":"<b>&\'连衣裙\'</b>"}'),
    ({"text": 'a"b\\c\n'}, '{"text":"a\\"b\\\\c\\n"}'),
    ({"ids": (1, 2.0)}, '{"ids":[1,2]}'),
    ({}, "{}"),
])  # fmt: skip
def test_canonical_json_by_hand(value: object, text: str) -> None:
    """Sorted at every depth, compact, nothing escaped for HTML or ASCII, whole floats without their point."""
    assert signing.canonical_json(value) == text.encode()


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.one_of(st.integers(), st.booleans(), st.text(st.characters(codec="utf-8")), st.floats(allow_nan=False, allow_infinity=False))))
def test_canonical_json_says_the_same(value: dict[str, object]) -> None:
    """Whatever is written reads back as what was meant, and the order of the keys does not matter."""
    written = signing.canonical_json(value)
    assert json.loads(written) == value
    assert signing.canonical_json(dict(reversed(value.items()))) == written


def test_canonical_json_refuses_what_json_has_not() -> None:
    """NaN has no JSON text, so it is never sent."""
    with pytest.raises(ValueError, match="JSON"):
        signing.canonical_json({"a": float("nan")})


@pytest.mark.parametrize("sign", [
    lambda: signing.top("s3cret!", {}, "sha1"),
    lambda: signing.doudian("s3cret!", "k", "m", "{}", 1, sign_method="sha1"),
    lambda: signing.kuaishou("s3cret!", KUAISHOU, "sha1"),
])  # fmt: skip
def test_unknown_method_is_refused(sign: object) -> None:
    """A way of signing that a platform does not know names the valid ones and no secret."""
    with pytest.raises(ConfigError, match=r"'sha1'. Valid: .*(md5|MD5)") as caught:
        sign()  # type: ignore[operator]
    assert "s3cret" not in str(caught.value)
