"""Gradescope: its bundle, one run inside it, and the metadata that it provides."""
