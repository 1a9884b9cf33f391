"""Files on their way into the register: sent, mapped, checked, decided on, applied, undone."""
