"""The log-structured file system of NetBSD, versions 1 and 2, of machines of either byte order.

Specification: Seltzer and others, "An Implementation of a Log-Structured File System for UNIX" (1993), and
NetBSD's lfs(4) and the description of its structures.
"""
