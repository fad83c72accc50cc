-- How much does a stored reading cost, month by month (table, out-of-line values and index)?
SELECT c.relname AS partition, s.readings,
       pg_size_pretty(pg_total_relation_size(c.oid)) AS size,
       round(pg_total_relation_size(c.oid)::numeric / nullif(s.readings, 0), 1) AS bytes_per_reading
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
CROSS JOIN LATERAL (
    SELECT coalesce(sum(m.n), 0) AS readings FROM reading_minutes m WHERE m.tableoid = c.oid) s
WHERE i.inhparent = 'reading_minutes'::regclass
ORDER BY c.relname;
