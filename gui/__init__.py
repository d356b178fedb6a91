"""The window: a file manager for sticks that nobody trusts, over `core.host`.

May import `core.host`, `core.entry` and `core.errors`; never a driver, a block device or the worker. It is
the only place that imports Qt, and nothing here touches a device or waits for one: whatever takes time is a
coroutine, started by `gui.tasks`.
"""
