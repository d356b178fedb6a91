"""The boot file system of System V: one directory, each file in one piece, of either byte order.

Specification: bfs(4) of UnixWare and the description of the format that Linux has in its documentation.
"""
