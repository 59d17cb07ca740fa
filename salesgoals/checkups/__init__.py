"""What a laptop needs for the lessons, looked at piece by piece; the standard library is enough to ask."""
