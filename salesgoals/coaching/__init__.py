"""The engine room of coaching: own rates, the open pipeline, rhythms of contact, stories and contests."""
