"""The longer commands of the command line; they neither print nor exit, `cli` does."""
