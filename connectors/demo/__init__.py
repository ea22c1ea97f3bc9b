"""The demo: a seeded simulator of three shops that writes platform-shaped export files into a book of its own."""

from connectors.demo.build import Built, build, is_stale, refresh

__all__ = ["Built", "build", "is_stale", "refresh"]
