"""What all labs share: images in [0, 1], networks that take them, metrics, tables and figures."""

from .normalised import Normalised

__all__ = ["Normalised"]
