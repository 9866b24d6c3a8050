"""What the columns of an unknown table are together: its grain, and one field a column."""
