"""What a file holds, seen without opening it: beside the list, over it, and on the icons themselves.

Nothing here decodes anything: `core.host.previewing` brings pixels and words from sandboxed processes.
"""
