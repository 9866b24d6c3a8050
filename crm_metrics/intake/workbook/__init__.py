"""Workbooks: looked through first, then read by a child process."""
