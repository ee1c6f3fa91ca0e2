"""Participatory-budgeting elections in Pabulib's `.pb` form: read, check, write.

The form is described at https://pabulib.org/format and in Stolicki, Szufa, Talmon, "Pabulib: A Participatory
Budgeting Library" (arXiv 2012.06539): UTF-8 text in three sections META, PROJECTS and VOTES, each with a header row,
fields separated by semicolons with CSV quoting. What we do not know we keep.

>>> file = read_text("META\\nkey;value\\nnum_projects;2\\nnum_votes;2\\nbudget;100\\nvote_type;approval\\nPROJECTS\\n"
...     "project_id;cost;name\\n1;60;Park\\n2;40,50;Bench\\nVOTES\\nvoter_id;vote\\na;1,2\\nb;2\\n")
>>> file.election.votes, str(file.election.projects[1].cost), file.findings
((1, 2), '81/2', ())
"""

from becontree.formats.pb.reader import PbFile, read, read_bytes, read_text
from becontree.formats.pb.writer import from_election, write_text

__all__ = ["PbFile", "from_election", "read", "read_bytes", "read_text", "write_text"]
