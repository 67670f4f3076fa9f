"""The version of bpmnmap."""

__version__ = "0.1.0.dev0"
