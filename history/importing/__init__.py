"""
Readers of other systems' files: bytes in, lines and refused rows out.

Pure: nothing here touches the database. A new format is a module with a `Reader`, named in `formats.py`.
"""
