"""The inside of the step on control: a module for each way in which goals get out of control."""
