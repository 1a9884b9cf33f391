"""How many records each value of each facet has, for what one audience may see.

There are two ways to count, and what is counted decides which is used.

- What changes only with the register (the columns of a record, its labels, its States) is read as ids and counted in
  this process: `related_counts`. For up to 2,000 records it is read for these records; for more, it is looked up in
  the `snapshot`, which has it for all records under one stamp of the register. Where there is no snapshot yet, as
  right after a change, it is read for them too.
- What other rooms add to a record, and what changes with the day or with the reader (who leads, when it is due, what
  was done, how the voices assess it), is counted by the database: all conditions in one query (`conditions`), and
  facets of rows, of which a record has at most one, in another (`count_rows`).

Both are exact: tests compare them with counting the records of each value one by one. `counts` says which records are
counted for which facet. Of a large register it keeps the result for the list without filters in the cache, under the
stamp of the register and the name of the audience.
"""
