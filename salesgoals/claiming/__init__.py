"""Inside claims: rules that reward honest numbers, what a claim is worth, claim sheets that come back."""
