"""The inside of the step that chooses a tool: scores, weights, what flips the choice, costs, sheets."""
