"""Process maps of whole organisations."""
