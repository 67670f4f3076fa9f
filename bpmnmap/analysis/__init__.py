"""Event logs in, tables out. Knows neither maps nor engines, so it serves real logs too."""
