"""What a customer is worth: simple and modelled lifetime value, and what it costs to win one."""
