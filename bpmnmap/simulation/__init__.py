"""Map in, log out: compile once, run often."""
