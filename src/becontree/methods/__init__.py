"""The arithmetic of public decisions: pure functions, records in, records out.

No Django, no files, no clock, no global random numbers. Each module opens with what it computes, where the
method comes from, why this one, what it costs and what was rejected.
"""
