"""Everything between bodies and the State beside recommendations: communications of special procedures, early
warnings, urgent actions, visits, cases and dialogues.

One model with kinds. A kind is data (`data/kinds.yaml`): its steps, its deadline, and what each step needs.
"""
