"""What a backup must not carry away: tokens and secrets of platforms."""

from __future__ import annotations

import tarfile
from pathlib import Path

from warehouse.backup import backup, restore
from warehouse.book import Book

CANARY = "canary-7f3a"


def test_a_backup_holds_the_buyer_key_and_no_secret(book: Book, tmp_path: Path) -> None:
    """Tokens, secrets, an editor's copies of them and anything else under keys stay at home; the buyer key travels."""
    key = book.buyer_key()
    book.config.write_text('[[account]]\nname = "a"\n', encoding="utf-8")
    places = ("tokens/douyin-main.json", "tokens/old/x.json", "secrets.toml", "secrets.toml~", "secrets.toml.bak", "google-service.json", "private.key")
    for number, place in enumerate(places):
        path = book.keys / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{CANARY}-{number}", encoding="utf-8")
    tar = backup(book, tmp_path / "book.tar")
    assert CANARY.encode() not in tar.read_bytes()
    with tarfile.open(tar) as inside:
        assert sorted(name for name in inside.getnames() if name.startswith("keys")) == ["keys", "keys/buyer.key"]
        assert "daybook.toml" in inside.getnames()
    other = Book(tmp_path / "other")
    restore(other, tar)
    assert other.buyer_key() == key
    assert [path.name for path in other.keys.iterdir()] == ["buyer.key"]


def test_the_canary_would_be_found(book: Book, tmp_path: Path) -> None:
    """The search itself: what a backup does hold is found in its bytes."""
    (book.mappings / "m.toml").write_text(CANARY, encoding="utf-8")
    assert CANARY.encode() in backup(book, tmp_path / "book.tar").read_bytes()
