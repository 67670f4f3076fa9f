"""First files for a map: what the organization and the scenario must say of it, to be filled in."""
