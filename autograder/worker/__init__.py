"""The sandbox: a separate process for every workspace, and the connection for cases and replies."""
