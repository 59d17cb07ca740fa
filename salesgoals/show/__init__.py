"""What a reader sees: charts, numbers, widgets, sheets."""
