"""Back-office export files: reading, recognising, sealing, previewing."""

from connectors.files.interpret import interpretation
from connectors.files.seal import Sealed, seal

__all__ = ["Sealed", "interpretation", "seal"]
