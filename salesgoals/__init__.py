"""Set sales goals that add up, with their chance of being reached: from exports to reports, step by step."""
