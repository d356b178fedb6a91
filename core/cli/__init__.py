"""`rumpus ls|cat|cp|…`: a stick from the terminal, as fs-utils had it.

Each command is a module with `add` (its arguments) and `run`. Imports `core.host` and the vocabulary of
`core`, never a driver. What a stick says goes through `core.host.names.shown` before it is printed.
"""
