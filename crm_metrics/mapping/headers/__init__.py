"""What a header says: its words, units and currency, and the fields that these can mean."""
