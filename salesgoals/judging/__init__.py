"""The rules that a set of goals is held against, and the case that they look at."""
