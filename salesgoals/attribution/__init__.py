"""The engine room of the retrospective: a gap taken apart into causes that add up to it."""
