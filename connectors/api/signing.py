"""Signatures of the platforms that want one: pure functions from a secret and the very texts that are sent.

Whoever sends must send what was signed: serialise once, sign those characters, send those bytes. A signature holds its time, so
every attempt is signed anew.

Sources, read 2026-11-20: open.taobao.com doc 101617 (TOP), open.jd.com guide listId 2643 (JD), op.jinritemai.com gen-sign and the official
Go SDK (Doudian), github.com/crywolfx/kuaishou-merchant-open-api packages/main.ts (Kuaishou), open.pinduoduo.com idStr 8EC06C399636041E
(PDD), partner.tiktokshop.com docv2 sign-your-api-request (TikTok Shop).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from warehouse.errors import ConfigError

KUAISHOU_SIGNED = ("access_token", "appkey", "method", "param", "signMethod", "timestamp", "version")
EXACT_FLOAT = 2**53  # beyond it a float has no exact whole number, so none is written


def top(secret: str, params: Mapping[str, str], sign_method: str = "md5") -> str:
    """Taobao TOP, upper hex: every parameter but `sign`, empty ones skipped. `sign_method`: md5 | hmac | hmac-sha256."""
    text = _joined({name: value for name, value in params.items() if value != ""}, "sign")
    if sign_method == "md5":
        return _md5(secret + text + secret).upper()
    if sign_method == "hmac":
        return hmac.new(secret.encode(), text.encode(), hashlib.md5).hexdigest().upper()
    if sign_method == "hmac-sha256":
        return _hmac(secret, text).hex().upper()
    raise _unknown("Taobao TOP", sign_method, "md5, hmac, hmac-sha256")


def jd(secret: str, params: Mapping[str, str]) -> str:
    """JD routerjson, MD5 in upper hex: every parameter but `sign`, `360buy_param_json` among them."""
    return _md5(secret + _joined(params, "sign") + secret).upper()


def pdd(secret: str, params: Mapping[str, str]) -> str:
    """Pinduoduo, MD5 in upper hex: every parameter but `sign`; a flag is signed as the text sent (`true`)."""
    return _md5(secret + _joined(params, "sign") + secret).upper()


def doudian(secret: str, app_key: str, method: str, param_json: str | bytes, timestamp: int | str, v: str = "2", sign_method: str = "hmac-sha256") -> str:
    """Doudian, lower hex. `method` with dots; access_token and sign_method are not signed. `sign_method`: hmac-sha256 | md5 (being retired)."""
    signed = {"app_key": app_key, "method": method, "param_json": _text(param_json), "timestamp": str(timestamp), "v": v}
    text = secret + _joined(signed) + secret
    if sign_method == "hmac-sha256":
        return _hmac(secret, text).hex()
    if sign_method == "md5":
        return _md5(text)
    raise _unknown("Doudian", sign_method, "hmac-sha256, md5")


def kuaishou(sign_secret: str, params: Mapping[str, str], sign_method: str = "MD5") -> str:
    """Kuaishou shop: a fixed list of parameters, raw values, then the signSecret (not the app secret).

    `sign_method`: MD5 (lower hex) | HMAC_SHA256 (Base64, keyed with the signSecret over the same text); it is signed as `signMethod`.
    """
    signed = {**params, "signMethod": sign_method}
    text = "&".join([*(f"{name}={signed[name]}" for name in KUAISHOU_SIGNED), f"signSecret={sign_secret}"])
    if sign_method == "MD5":
        return _md5(text)
    if sign_method == "HMAC_SHA256":
        return base64.b64encode(_hmac(sign_secret, text)).decode("ascii")
    raise _unknown("Kuaishou", sign_method, "MD5, HMAC_SHA256")


def tiktok_shop(secret: str, path: str, query: Mapping[str, str], body: str | bytes = b"") -> str:
    """TikTok Shop, HMAC-SHA256 in lower hex: path, query but `sign` and `access_token`, body. `body`: empty for GET and multipart."""
    text = secret + path + _joined(query, "sign", "access_token") + _text(body) + secret
    return _hmac(secret, text).hex()


def canonical_json(value: Any) -> bytes:
    """Doudian's param_json: keys sorted at every depth, compact, nothing escaped that need not be, 1.0 written 1.

    Raises ValueError for NaN and infinity, which JSON has not.
    """
    return json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _whole(value: Any) -> Any:
    if isinstance(value, float) and abs(value) <= EXACT_FLOAT and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(inner) for inner in value]
    return value


def _joined(params: Mapping[str, str], *without: str) -> str:
    return "".join(f"{name}{params[name]}" for name in sorted(params) if name not in without)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # the platform's choice, not ours


def _hmac(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _unknown(platform: str, sign_method: str, valid: str) -> ConfigError:
    return ConfigError(f"{platform} knows no sign_method '{sign_method}'. Valid: {valid}. Correct the account's options.")
