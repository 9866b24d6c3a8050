"""What clients say: the questions of surveys, and whether our numbers know what clients feel."""
