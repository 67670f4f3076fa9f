"""``python -m bpmnmap``: the command line."""

from bpmnmap.cli.main import run

if __name__ == "__main__":
    run()
