"""
Who is told what: notices (notiser), and the letters (brev) that carry them by e-mail.

An operation of any app above tells people with ``notices.operations.telling.tell``, in its own transaction. A notice is a
row: whom it is for, its kind, the place that it is about, and the facts of its sentence. It is read in the program, and
goes by e-mail at once, in a digest at 07.30 on working days, or not at all, as the person has chosen for its kind.

The sentences stand beside the app that tells: each declares its kinds, and the settings name them (``NOTICE_KINDS``).
Knows people only; imports organizations, audit and core. See docs/adr/0035.
"""
