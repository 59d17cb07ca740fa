"""The engine room of the loop: what a retrospective hands on to the next goals, its session and its tasks."""
