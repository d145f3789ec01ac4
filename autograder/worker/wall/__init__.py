"""The layers of the sandbox, and the level that they add up to."""
