"""The course checked against itself."""
