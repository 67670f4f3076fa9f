"""The command line: each command is a few calls of the public API."""
