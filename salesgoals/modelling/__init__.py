"""The engine room of simulate: one team's year, drawn thousands of times, from one set of parameters."""
