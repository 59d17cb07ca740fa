"""How the market step works inside: lines of sales, two years side by side, causes, and what is only luck."""
