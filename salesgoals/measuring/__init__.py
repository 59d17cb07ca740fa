"""What can be measured beside the amount: results by person and month, counts, chances, milestones."""
