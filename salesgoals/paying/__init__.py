"""The engine room of pay: plan files, exact statements, the cost of a plan with its risk, its flaws."""
