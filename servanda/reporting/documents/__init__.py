"""Reports as files: Word, PDF, HTML, Markdown, and the matrix as a workbook, all made from the same blocks."""
