"""A stick as a directory of the host (FUSE), as rump_msdos had puffs.

Imports `core.host` and the vocabulary, never a driver: names and places come from the volume's worker, bytes
straight from the device. The kernel's requests come in threads of libfuse and are plain functions; whatever
asks the worker goes through `core.mount.bridge` to the event loop that the volume belongs to.
"""
