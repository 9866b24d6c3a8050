"""What cells say: numbers, dates, durations, flags, words and their meanings."""
