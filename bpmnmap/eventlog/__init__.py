"""What did happen: event logs as columns. Knows neither maps nor engines."""
