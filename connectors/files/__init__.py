"""Back-office export files: reading, recognising, sealing, previewing."""

from connectors.files.interpret import interpretation
from connectors.files.preview import Preview, preview
from connectors.files.seal import Sealed, seal

__all__ = ["Preview", "Sealed", "interpretation", "preview", "seal"]
