"""Errors of the book, grouped by what the reader must do. Every message says what, where and what to do.

OpsError                     never raised itself
  ConfigError                a setting or argument
  BookError                  the data directory: locked, damaged, full
    NoBook                   nothing has been published yet
    BookBusy                 another process writes just now
  PackageError               a package that cannot be interpreted; nothing of it was stored
    MissingColumn            a declared column is not in the file
"""


class OpsError(Exception):
    """Base of every error an operator may see."""


class ConfigError(OpsError):
    """A setting is missing or wrong."""


class BookError(OpsError):
    """The data directory cannot be used as asked."""


class NoBook(BookError):
    """No generation has been published yet: import a file first."""


class BookBusy(BookError):
    """Another process holds the writer's lock."""


class PackageError(OpsError):
    """A package cannot be interpreted; the book is unchanged."""


class MissingColumn(PackageError):
    """A column that the mapping needs is not in the package."""
