"""
Files that people hand in: pictures and documents (bilagor).

A file comes in by one door. ``attachments.detection.inspect_file`` tells what it is by its content, refuses what is too large,
broken or can carry a program, and makes a picture anew without anything but its pixels. ``attachments.operations.attach``
keeps it, in the transaction of the operation that it belongs to. It goes out by one door too, ``views.attachment``, which
shows it to whoever sees what it belongs to, and to nobody else.

What a file belongs to is told by a model of the app that owns it, with a foreign key to ``Attachment``; that app says who
sees it (``attachments.owners.Owner``), and the settings name it (``ATTACHMENT_OWNERS``). Nothing here is ever edited.
Imports organizations, audit and core. See docs/adr/0041.
"""
