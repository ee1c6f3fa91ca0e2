"""Count random small elections with the fast implementation and with the verifier; print how many differ.

python benchmarks/budgeting_agreement.py [how many, 10000] [first seed, 0]
"""

import json
import sys
import time
from collections import Counter
from random import Random

from becontree.methods.budgeting import count
from becontree.methods.budgeting.record import record_of
from becontree.methods.budgeting.tests import small
from becontree.methods.canonical import canonical
from becontree.verify.count import check

many, first = (int(sys.argv[1]) if len(sys.argv) > 1 else 10_000), (int(sys.argv[2]) if len(sys.argv) > 2 else 0)
began = time.process_time()
rules: Counter[str] = Counter()
tied = differ = 0
for seed in range(first, first + many):
    random = Random(seed)
    election = small.election(random)
    outcome = count(election, small.rule(random, election))
    problems = check(json.loads(canonical(record_of(election, outcome))))
    rules[outcome.rule.rule] += 1
    tied += bool(outcome.ties)
    if problems:
        differ += 1
        print(f"seed {seed}: {problems[0]}")
print(f"{many} elections, {differ} differ, {tied} with ties, {time.process_time() - began:.0f} CPU s; {dict(rules)}")
sys.exit(1 if differ else 0)
