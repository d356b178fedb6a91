"""The Fast File System of the BSDs: UFS1 and UFS2, of machines of either byte order.

Specification: McKusick and others, "A Fast File System for UNIX" (1984); fs(5), dir(5) and inode(5) of
FreeBSD and NetBSD, which give the structures.
"""
