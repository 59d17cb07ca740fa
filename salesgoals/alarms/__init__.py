"""The engine room of process: pace within the month, alarms on weekly figures, with known error rates."""
