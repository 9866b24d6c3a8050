"""What pages draw: a folder of parts for each page, and here what they share."""
