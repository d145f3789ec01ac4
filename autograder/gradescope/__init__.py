"""Gradescope: its bundle, one run inside of it, and the metadata that it hands over."""
