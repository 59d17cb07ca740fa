"""Is a split fair? Tests that hold for small teams, and what each person may be expected to sell."""
