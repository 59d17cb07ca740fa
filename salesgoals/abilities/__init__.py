"""The engine room of the team step: what people did, what of it is ability, what they can carry."""
