package hrm.jobs;

import hrm.functions.flink.RawRecord;
import hrm.functions.judgement.UserEvent;
import hrm.model.Alert;
import hrm.model.MinuteRow;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.Reevaluation;
import hrm.model.Rejection;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Where a job's data comes from and goes to; tests and the batch twin bring their own. */
public interface Connectors {
    /**
     * @param region each reads the topic for itself, so that neither waits for the other
     */
    DataStream<RawRecord> rawReadings(String region);

    DataStream<UserEvent> baselines();

    DataStream<UserEvent> profiles();

    /** What the late run has found. */
    DataStream<UserEvent> corrections();

    DataStream<PatternVersions> patterns();

    /** What has been published, to be kept in the database. */
    DataStream<Alert> alerts(String region);

    Sink<MinuteRow> minuteTable();

    Sink<Alert> alertTable();

    Sink<Rejection> rejectedTopic();

    Sink<Alert> alertTopic();

    Sink<Reevaluation> reevaluationTopic();

    Sink<PatternRejection> rejectedPatternTopic();
}
