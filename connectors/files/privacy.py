"""What never reaches a package: buyers' personal data; and how a buyer's id becomes a lasting pseudonym.

Hosts (主播, 达人, creators) are business partners and stay.
"""

from __future__ import annotations

import re

from connectors.files.header import normal
from connectors.files.layout import Layout

PERSONAL = re.compile(
    r"姓名|收货人|收件人|联系人|电话|手机|(收货|收件|详细|客户|用户|街道|修改后的).*地址|^地址$|昵称|旺旺|会员名|买家(账号|帐号|id|留言)|"
    r"支付宝(账|帐|交易)|身份证|证件号|护照|(物流|快递|运)单号|发票抬头|纳税人|银行卡|微信号|qq号?$|邮箱|电子邮件|邮编|头像|"
    r"^(e-?mail|phone|mobile|telephone|recipient|zip ?code|postcode|postal ?code|street|company)|(billing|shipping)(name|street|address|city|zip|phone|company)|"
    r"buyer(username|name|nickname|message|email)|customer(name|email|phone)|(first|last|full)name|phone#|detailaddress|additionaladdress|\bipaddress|receiptnumber|trackingid"
)
PARTNER = re.compile(r"主播|达人|创作者|带货|推广者|团长|机构|模特|creator|host|influencer|streamer|店铺|商家|是否|时间|数$|次数|人数|笔数|率$|量$|金额$")


def is_personal(header: str, layout: Layout, declared: frozenset[str]) -> bool:
    """Must the column go? A layout's `remove` says yes, its `keep` and declared columns say no, else its name decides."""
    name = normal(header.split("__")[0])
    if name in map(normal, layout.remove):
        return True
    if name in declared or name in map(normal, layout.keep):
        return False
    return bool(PERSONAL.search(name)) and not PARTNER.search(name)


def is_buyer(header: str, layout: Layout) -> bool:
    """Does the column hold the buyer's own id, to be replaced by a pseudonym?"""
    return normal(header) in map(normal, layout.buyer)


def pseudonym_sql(key: str) -> str:
    """SQL with `{c}` for the cell: 16 hex digits, NULL for an empty, masked or encrypted value."""
    plain = "trim({c}, chr(9) || ' =\"''')"
    masked = f"regexp_matches({plain}, '[*＊•●]|##|\\$\\$|^[-—]*$')"
    return f"CASE WHEN {{c}} IS NOT NULL AND NOT {masked} THEN substr(sha256('{key}:' || {plain}), 1, 16) END"
