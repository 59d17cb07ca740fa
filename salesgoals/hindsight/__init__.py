"""The engine room of looking back: what was to be expected, what was done, and what is more than luck."""
