"""What measuring answers is made of: questions, rows, figures with their intervals, comparisons, the report."""
