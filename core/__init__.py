"""Everything of Rumpus that is not a window.

Imports point one way (pyproject.toml holds the contracts); nothing in here imports Qt.
`core.errors` and `core.entry` are the words every room shares and import no other room.
"""
