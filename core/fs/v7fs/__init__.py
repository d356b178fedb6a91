"""The file system of the seventh edition of Unix, of the PDP-11 and of machines of either byte order.

Specification: filsys(5) of the seventh edition (1979); v7fs of NetBSD for the byte orders and the links.
"""
