"""The engine room of forecasts: who sold when, season, level, growth of newcomers, errors, chances."""
