"""Communications of special procedures, early warnings, urgent actions, visits, cases and dialogues: everything that
bodies send beside recommendations.

One model with kinds. A kind is data (`data/kinds.yaml`): its steps, its deadline, and what each step needs.
"""
