-- The topics and the store as Flink SQL sees them. Run first, in sql-client.sh: -i sql/flink/tables.sql
-- Addresses are those of `hrm up`; write yours. docs/sql.md says which jars the client needs.

-- Readings as devices sent them. Each is read from the beginning to what is there now, and no further; a
-- query that goes on says so itself:
--   FROM heart_rate_data /*+ OPTIONS('scan.startup.mode'='latest-offset', 'scan.bounded.mode'='unbounded') */
-- What is no reading comes out with NULLs. rr_intervals_ms and what only others know is left out.
CREATE TABLE heart_rate_data (
    user_id STRING,
    device_id STRING,
    `timestamp` TIMESTAMP_LTZ(3) COMMENT 'when it was measured; NULL unless written as 2026-01-31T08:15:30Z',
    heart_rate DOUBLE,
    steps INT,
    activity STRING,
    sensor_contact BOOLEAN,
    confidence DOUBLE,
    arrived_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL COMMENT 'when Kafka got it',
    WATERMARK FOR arrived_at AS arrived_at - INTERVAL '5' SECOND
) WITH (
    'connector' = 'kafka',
    'topic' = 'heart_rate_data',
    'properties.bootstrap.servers' = 'localhost:9092',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = 'latest-offset',
    'format' = 'json',
    'json.timestamp-format.standard' = 'ISO-8601',
    'json.ignore-parse-errors' = 'true'
);

-- Events of episodes; docs/consume.md says what each column means. Some come twice: the view alert_events
-- has each once.
CREATE TABLE alerts (
    event_id STRING,
    alert_id STRING,
    episode_id STRING,
    revision INT,
    `sequence` BIGINT,
    `state` STRING,
    reason STRING,
    user_id STRING,
    device_id STRING,
    pattern_id STRING,
    pattern_version INT,
    `condition` STRING,
    severity STRING,
    `mode` STRING,
    onset TIMESTAMP_LTZ(3),
    detected_at TIMESTAMP_LTZ(3),
    resolved_at TIMESTAMP_LTZ(3),
    detected_late BOOLEAN,
    published_at TIMESTAMP_LTZ(3),
    message STRING,
    `value` DOUBLE,
    `limit` DOUBLE,
    limit_source STRING
) WITH (
    'connector' = 'kafka',
    'topic' = 'alerts',
    'properties.bootstrap.servers' = 'localhost:9092',
    'properties.isolation.level' = 'read_committed',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = 'latest-offset',
    'format' = 'json',
    'json.timestamp-format.standard' = 'ISO-8601',
    'json.ignore-parse-errors' = 'true'
);

CREATE VIEW alert_events AS
SELECT DISTINCT * FROM alerts;

-- Messages that are no readings: the original, and why.
CREATE TABLE rejected_readings (
    original STRING,
    headers MAP<STRING NOT NULL, BYTES> METADATA VIRTUAL,
    reason AS CAST(headers['hrm-reason'] AS STRING),
    detail AS CAST(headers['hrm-detail'] AS STRING),
    rejected_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL
) WITH (
    'connector' = 'kafka',
    'topic' = 'rejected_readings',
    'properties.bootstrap.servers' = 'localhost:9092',
    'scan.startup.mode' = 'earliest-offset',
    'scan.bounded.mode' = 'latest-offset',
    'format' = 'raw'
);

-- The store's view readings: a row per reading, years of them. Give a condition on minute and user_id, which
-- PostgreSQL then applies.
CREATE TABLE readings (
    user_id STRING,
    device_id STRING,
    `timestamp` TIMESTAMP(3),
    heart_rate SMALLINT,
    steps SMALLINT,
    activity STRING,
    sensor_contact BOOLEAN,
    confidence DOUBLE,
    `minute` TIMESTAMP(3)
) WITH (
    'connector' = 'jdbc',
    'url' = 'jdbc:postgresql://localhost:5432/hrm',
    'table-name' = 'readings',
    'username' = 'hrm',
    -- hrm up asks for none. Write yours in a copy of this file that only you can read.
    'password' = 'not asked for',
    'scan.fetch-size' = '2000'
);

-- The hourly roll-up: for questions over months.
CREATE TABLE reading_hours (
    user_id STRING,
    device_id STRING,
    `hour` TIMESTAMP(3),
    readings INT,
    n INT,
    bpm_sum INT,
    bpm_min SMALLINT,
    bpm_max SMALLINT
) WITH (
    'connector' = 'jdbc',
    'url' = 'jdbc:postgresql://localhost:5432/hrm',
    'table-name' = 'reading_hours',
    'username' = 'hrm',
    'password' = 'not asked for',
    'scan.fetch-size' = '2000'
);
