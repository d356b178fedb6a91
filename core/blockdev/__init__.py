"""A stick as bytes at offsets.

Block devices compose like lenses: a descriptor, a partition window on it, a cache in front, a fault
injector for tests. May import core.errors and construct; never a file system, a process or an event loop.
"""
