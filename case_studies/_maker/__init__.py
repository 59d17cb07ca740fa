"""Draws one invented team for each case from the team model and writes its dirty exports."""
