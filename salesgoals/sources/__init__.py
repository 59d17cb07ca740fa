"""Files as they come out of other systems: reading them, and telling which column means what."""
