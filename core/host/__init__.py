"""The trusted side: finds sticks, opens them, supervises their workers, copies what they hold.

May import `core.worker.protocol`, `core.entry` and `core.errors`; never a driver, a block device or Qt.
Everything here runs in one asyncio event loop; everything a worker says is validated before it is believed.
"""
