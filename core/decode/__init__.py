"""What makes a picture or a text of a file's bytes: bytes in, pixels or words out.

Runs only in the walls of a worker of its own that has no device. Knows nothing of sticks, processes or Qt.
"""
