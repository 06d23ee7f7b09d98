"""
Registers: one mechanism by which everything that a region knows is listed, read, written and brought in from files.

A *register* (register) is a model and its *columns* (kolumner), declared by the app whose pages it has. A row is known by its
*key* (nyckel), the columns by which people and files know it. What is to be written is a set of *changes* (ändringar), whether
somebody fills in a form with one row or hands in a file with sixty thousand: they are compared with what the register holds,
shown, and written by the same statements. An *import* (inläsning) is a file, the *difference* (skillnad) that it makes, and what
was done with it.

May import organizations, audit and core.
"""
