"""A stick as files: one package or module per file system.

A driver is plain synchronous code over a `core.blockdev` device, declared with construct from its
specification. May import core.blockdev, core.entry and core.errors; never asyncio, processes, udev or Qt.
"""
