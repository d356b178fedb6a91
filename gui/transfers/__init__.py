"""The strip at the window's bottom, with a row for each work.

What a row says comes from `gui.telling`; how a copy is read back is up to `gui.proving`.
"""

from gui.transfers.row import TransferRow
from gui.transfers.strip import TransferStrip

__all__ = ["TransferRow", "TransferStrip"]
