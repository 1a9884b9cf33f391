"""The list of recommendations: rows, exports, matrices, figures, charts, saved lists, related results."""
