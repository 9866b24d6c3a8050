"""What a name, a phone and an e-mail is: told of distinct values, never row by row."""
