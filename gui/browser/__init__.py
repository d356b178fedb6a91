"""One folder of a volume: read in batches, sorted in slices, shown as a table or as icons.

A folder may hold a hundred thousand entries and every one of them may lie. Nothing here works on all of them
in one turn of the event loop, and no name is shown but through `core.host.names.shown`.
"""
