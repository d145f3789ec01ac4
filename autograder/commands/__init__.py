"""The command line's options and its longer commands; they neither print nor exit, `cli` does."""
