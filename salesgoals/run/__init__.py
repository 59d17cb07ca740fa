"""Running it: the command line, reports in batches, pages."""
