"""The isolated process that runs one driver on one stick.

`protocol` is shared with the host; everything else here runs on the far side of the wall: the zygote
(started first, never touches a stick), the sandbox, and the loop that serves one volume.
"""
