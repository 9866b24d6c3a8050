"""Parts of the Response page."""
