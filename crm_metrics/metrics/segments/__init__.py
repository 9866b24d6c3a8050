"""Segments of people: rules over what their rows say, and who meets them.

`segment` declares rules, `keeping` writes them down, `persons` tells one person from another
across kinds of rows, `properties` gives each person the values that rules are laid to, and
`membership` finds who meets them. Nothing here is imported by this file: `Filters` holds a segment.
"""
