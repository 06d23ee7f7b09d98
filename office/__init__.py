"""
Office: what the administrator, the head of procurement and finance see of the region's own registers.

Words: *getting started* (Kom igång), *are we ready* (Är vi redo?), and the declarations of every register.
May import everything but demo, desk and shop.
"""
