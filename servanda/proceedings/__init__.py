"""What bodies send that is no recommendation: communications of special procedures, early warnings, urgent actions.

One model with kinds. A kind is data (`data/kinds.yaml`): its steps, its deadline, and what each step needs.
"""
