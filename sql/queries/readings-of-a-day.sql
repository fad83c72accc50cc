-- What did a person's devices send on one day of theirs?
-- psql -v user_id=u1 -v day=2026-01-31 -v time_zone=Europe/Berlin -f readings-of-a-day.sql
SELECT "timestamp" AT TIME ZONE :'time_zone' AS local_time, device_id, heart_rate, steps, activity,
       sensor_contact, confidence, rr_intervals_ms
FROM readings_of(
    :'user_id',
    (:'day')::timestamp AT TIME ZONE :'time_zone',
    ((:'day')::timestamp + interval '1 day') AT TIME ZONE :'time_zone')
ORDER BY "timestamp", device_id;
