"""The harness that grades the coursework: submissions in, named bugs and points out."""

__version__ = "0.1.0"
