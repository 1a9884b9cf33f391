"""Records edited by hand: facts, texts, positions, notes, follow-up; linked, split, merged, withdrawn."""
