package hrm.functions.flink;

import hrm.functions.baselines.HistoryMinute;
import hrm.functions.baselines.PersonWindow;
import hrm.functions.baselines.PersonWindow.Illness;
import hrm.functions.detection.Reference;
import hrm.functions.history.HistoryEvent;
import hrm.functions.judgement.UserEvent;
import hrm.functions.judgement.UserState;
import hrm.functions.readings.MinuteGatherer;
import hrm.model.Alert;
import hrm.model.BackfillEvent;
import hrm.model.Baselines;
import hrm.model.Correction;
import hrm.model.Json;
import hrm.model.LearntBaseline;
import hrm.model.MinuteColumns;
import hrm.model.MinuteRow;
import hrm.model.PatternRejection;
import hrm.model.PatternVersions;
import hrm.model.PersonDay;
import hrm.model.Reading;
import hrm.model.Reevaluation;
import hrm.model.RejectReason;
import hrm.model.Rejection;
import hrm.model.UserProfiles;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Type information of everything that crosses an operator or stays in state. What stays begins with
 * a format number, and what an earlier release wrote stays readable.
 */
public final class Types {
    public static final TypeInformation<RawRecord> RAW =
            HandWritten.immutable("raw", RawRecord.class, Types::writeRaw, Types::readRaw);
    public static final TypeInformation<Reading> READING =
            HandWritten.immutable(
                    "reading",
                    Reading.class,
                    kept(Types::writeReading),
                    in -> {
                        format(in, 1);
                        return readReading(in);
                    });
    public static final TypeInformation<Rejection> REJECTION =
            HandWritten.immutable(
                    "rejection", Rejection.class, Types::writeRejection, Types::readRejection);
    public static final TypeInformation<MinuteRow> MINUTE_ROW =
            HandWritten.immutable(
                    "minute-row", MinuteRow.class, Types::writeMinuteRow, Types::readMinuteRow);
    public static final TypeInformation<UserEvent> USER_EVENT =
            HandWritten.immutable(
                    "user-event", UserEvent.class, Types::writeUserEvent, Types::readUserEvent);
    public static final TypeInformation<Alert> ALERT = json("alert", Alert.class);
    public static final TypeInformation<Reevaluation> REEVALUATION =
            json("reevaluation", Reevaluation.class);
    public static final TypeInformation<PatternRejection> PATTERN_REJECTION =
            json("pattern-rejection", PatternRejection.class);
    public static final TypeInformation<PatternVersions> PATTERN_VERSIONS =
            json("pattern-versions", PatternVersions.class);

    public static final TypeInformation<HistoryMinute> HISTORY_MINUTE =
            HandWritten.immutable(
                    "history-minute",
                    HistoryMinute.class,
                    (history, out) -> {
                        writeMinuteRow(history.minute(), out);
                        out.writeUTF(history.zone().getId());
                        out.writeLong(history.firstDay());
                        out.writeLong(history.lastDay());
                    },
                    in ->
                            new HistoryMinute(
                                    readMinuteRow(in),
                                    ZoneId.of(in.readUTF()),
                                    in.readLong(),
                                    in.readLong()));
    public static final TypeInformation<PersonDay> PERSON_DAY =
            HandWritten.immutable(
                    "person-day", PersonDay.class, Types::writePersonDay, Types::readPersonDay);
    public static final TypeInformation<PersonWindow> PERSON_WINDOW =
            HandWritten.immutable(
                    "person-window",
                    PersonWindow.class,
                    Types::writePersonWindow,
                    Types::readPersonWindow);
    public static final TypeInformation<LearntBaseline> LEARNT_BASELINE =
            json("learnt-baseline", LearntBaseline.class);

    public static final TypeInformation<HistoryEvent> HISTORY_EVENT =
            HandWritten.immutable(
                    "history-event",
                    HistoryEvent.class,
                    Types::writeHistoryEvent,
                    Types::readHistoryEvent);
    public static final TypeInformation<BackfillEvent> BACKFILL_EVENT =
            HandWritten.immutable(
                    "backfill-event",
                    BackfillEvent.class,
                    Types::writeBackfillEvent,
                    Types::readBackfillEvent);

    static final TypeInformation<UserState> USER_STATE =
            HandWritten.mutable(
                    "user-state",
                    UserState.class,
                    kept(UserState.FORMAT, UserState::write),
                    in -> UserState.read(in, format(in, UserState.FORMAT)),
                    UserState::copy);
    static final TypeInformation<Reference> REFERENCE =
            HandWritten.mutable(
                    "reference",
                    Reference.class,
                    kept(Reference::write),
                    in -> {
                        format(in, 1);
                        return Reference.read(in);
                    },
                    Reference::copy);
    static final TypeInformation<MinuteGatherer> MINUTES =
            HandWritten.mutable(
                    "minutes",
                    MinuteGatherer.class,
                    kept(MinuteGatherer::write),
                    in -> {
                        format(in, 1);
                        return MinuteGatherer.read(in);
                    },
                    MinuteGatherer::copy);

    private Types() {}

    /** Does nothing but make sure that the formats above are registered. */
    static void load() {}

    /** Format 1 of a value that is kept in state. */
    private static <T> HandWritten.Writer<T> kept(HandWritten.Writer<T> writer) {
        return kept(1, writer);
    }

    private static <T> HandWritten.Writer<T> kept(int format, HandWritten.Writer<T> writer) {
        return (value, out) -> {
            out.writeByte(format);
            writer.write(value, out);
        };
    }

    private static int format(DataInput in, int newest) throws IOException {
        int format = in.readByte();
        if (format < 1 || format > newest) {
            throw new IOException(
                    "This state was written in format "
                            + format
                            + ", and this release reads up to format "
                            + newest
                            + ". Start the release that wrote it, or a newer one.");
        }
        return format;
    }

    /**
     * Rare messages travel and stay as the JSON they are published as; it has a schema of its own.
     */
    private static <T> TypeInformation<T> json(String name, Class<T> type) {
        return HandWritten.immutable(
                name,
                type,
                (value, out) -> writeBytes(Json.write(value), out),
                in -> Json.read(readBytes(in), type));
    }

    private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte[] readBytes(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void writeRaw(RawRecord r, DataOutput out) throws IOException {
        out.writeUTF(r.topic());
        out.writeInt(r.partition());
        out.writeLong(r.offset());
        out.writeLong(r.timestampMs());
        writeBytes(r.key(), out);
        writeBytes(r.value(), out);
    }

    private static RawRecord readRaw(DataInput in) throws IOException {
        return new RawRecord(
                in.readUTF(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                readBytes(in),
                readBytes(in));
    }

    private static void writeReading(Reading r, DataOutput out) throws IOException {
        boolean plain =
                r.activity() == null
                        && r.rrIntervalsMs() == null
                        && r.sensorContact() == null
                        && Double.isNaN(r.confidence());
        out.writeUTF(r.userId());
        out.writeUTF(r.deviceId());
        out.writeLong(r.timestampMs());
        out.writeShort(r.bpm());
        out.writeShort(r.steps());
        out.writeBoolean(plain);
        if (plain) {
            return;
        }
        // Not writeUTF: it stops at 64 KiB of its own encoding, and a message may be that long.
        writeBytes(
                r.activity() == null ? null : r.activity().getBytes(StandardCharsets.UTF_8), out);
        out.writeInt(r.rrIntervalsMs() == null ? -1 : r.rrIntervalsMs().length);
        if (r.rrIntervalsMs() != null) {
            for (int rr : r.rrIntervalsMs()) {
                out.writeShort(rr);
            }
        }
        out.writeByte(r.sensorContact() == null ? -1 : r.sensorContact() ? 1 : 0);
        out.writeDouble(r.confidence());
    }

    private static Reading readReading(DataInput in) throws IOException {
        var user = in.readUTF();
        var device = in.readUTF();
        long timestampMs = in.readLong();
        int bpm = in.readShort();
        int steps = in.readShort();
        if (in.readBoolean()) {
            return Reading.of(user, device, timestampMs, bpm, steps);
        }
        var activity = readBytes(in);
        int count = in.readInt();
        int[] rr = count < 0 ? null : new int[count];
        for (int i = 0; i < count; i++) {
            rr[i] = in.readShort();
        }
        int contact = in.readByte();
        return new Reading(
                user,
                device,
                timestampMs,
                bpm,
                steps,
                activity == null ? null : new String(activity, StandardCharsets.UTF_8),
                rr,
                contact < 0 ? null : contact == 1,
                in.readDouble());
    }

    private static void writeRejection(Rejection r, DataOutput out) throws IOException {
        out.writeUTF(r.reason().name());
        out.writeUTF(r.detail());
        writeBytes(r.original(), out);
        out.writeUTF(r.topic());
        out.writeInt(r.partition());
        out.writeLong(r.offset());
        out.writeLong(r.recordTimestampMs());
    }

    private static Rejection readRejection(DataInput in) throws IOException {
        return new Rejection(
                RejectReason.valueOf(in.readUTF()),
                in.readUTF(),
                readBytes(in),
                in.readUTF(),
                in.readInt(),
                in.readLong(),
                in.readLong());
    }

    private static void writeMinuteRow(MinuteRow row, DataOutput out) throws IOException {
        out.writeUTF(row.userId());
        out.writeUTF(row.deviceId());
        out.writeLong(row.minuteMs());
        out.writeInt(row.readings().size());
        for (var reading : row.readings()) {
            writeReading(reading, out);
        }
    }

    private static MinuteRow readMinuteRow(DataInput in) throws IOException {
        var user = in.readUTF();
        var device = in.readUTF();
        long minuteMs = in.readLong();
        int count = in.readInt();
        var readings = new ArrayList<Reading>(count);
        for (int i = 0; i < count; i++) {
            readings.add(readReading(in));
        }
        return new MinuteRow(user, device, minuteMs, readings);
    }

    private static void writePersonDay(PersonDay day, DataOutput out) throws IOException {
        out.writeUTF(day.userId());
        out.writeLong(day.day().toEpochDay());
        out.writeUTF(day.timeZone());
        out.writeInt(day.minutes());
        out.writeInt(day.readings());
        writeBytes(day.histograms(), out);
    }

    private static PersonDay readPersonDay(DataInput in) throws IOException {
        return new PersonDay(
                in.readUTF(),
                LocalDate.ofEpochDay(in.readLong()),
                in.readUTF(),
                in.readInt(),
                in.readInt(),
                readBytes(in));
    }

    private static void writePersonWindow(PersonWindow window, DataOutput out) throws IOException {
        out.writeUTF(window.userId());
        out.writeUTF(window.zoneId());
        writeBytes(window.histograms(), out);
        out.writeInt(window.illnesses().size());
        for (var illness : window.illnesses()) {
            out.writeLong(illness.onsetMs());
            out.writeLong(illness.resolvedMs());
        }
        writeBytes(window.newest() == null ? null : Json.write(window.newest()), out);
    }

    private static PersonWindow readPersonWindow(DataInput in) throws IOException {
        var user = in.readUTF();
        var zone = in.readUTF();
        var histograms = readBytes(in);
        int count = in.readInt();
        var illnesses = new ArrayList<Illness>(count);
        for (int i = 0; i < count; i++) {
            illnesses.add(new Illness(in.readLong(), in.readLong()));
        }
        var newest = readBytes(in);
        return new PersonWindow(
                user,
                zone,
                histograms,
                illnesses,
                newest == null ? null : Json.read(newest, LearntBaseline.class));
    }

    private static void writeUserEvent(UserEvent event, DataOutput out) throws IOException {
        if (event instanceof UserEvent.Measured measured) {
            out.writeByte(0);
            writeReading(measured.reading(), out);
        } else if (event instanceof UserEvent.BaselinesChanged changed) {
            out.writeByte(1);
            writeBytes(Json.write(changed.baselines()), out);
        } else if (event instanceof UserEvent.ProfilesChanged changed) {
            out.writeByte(2);
            writeBytes(Json.write(changed.profiles()), out);
        } else if (event instanceof UserEvent.Corrected corrected) {
            out.writeByte(3);
            writeBytes(Json.write(corrected.correction()), out);
        }
    }

    private static UserEvent readUserEvent(DataInput in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new UserEvent.Measured(readReading(in));
            case 1 -> new UserEvent.BaselinesChanged(Json.read(readBytes(in), Baselines.class));
            case 2 -> new UserEvent.ProfilesChanged(Json.read(readBytes(in), UserProfiles.class));
            case 3 -> new UserEvent.Corrected(Json.read(readBytes(in), Correction.class));
            default -> throw new IOException("no such user event: " + kind);
        };
    }

    private static void writeHistoryEvent(HistoryEvent event, DataOutput out) throws IOException {
        if (event instanceof HistoryEvent.Minute minute) {
            out.writeByte(0);
            var columns = minute.columns();
            var readings = new ArrayList<Reading>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                readings.add(columns.reading(i));
            }
            writeMinuteRow(
                    new MinuteRow(
                            columns.userId(), columns.deviceId(), columns.minuteMs(), readings),
                    out);
        } else if (event instanceof HistoryEvent.PersonBegins person) {
            out.writeByte(1);
            out.writeInt(person.chunk());
            writeBytes(Json.write(person.profiles()), out);
            writeBytes(Json.write(person.baselines()), out);
        } else if (event instanceof HistoryEvent.ChunkEnds end) {
            out.writeByte(2);
            out.writeInt(end.chunk());
        }
    }

    private static HistoryEvent readHistoryEvent(DataInput in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new HistoryEvent.Minute(MinuteColumns.of(readMinuteRow(in)));
            case 1 ->
                    new HistoryEvent.PersonBegins(
                            in.readInt(),
                            Json.read(readBytes(in), UserProfiles.class),
                            Json.read(readBytes(in), Baselines.class));
            case 2 -> new HistoryEvent.ChunkEnds(in.readInt());
            default -> throw new IOException("no such event of a history: " + kind);
        };
    }

    private static void writeBackfillEvent(BackfillEvent event, DataOutput out) throws IOException {
        out.writeInt(event.chunk());
        if (event instanceof BackfillEvent.Told told) {
            out.writeBoolean(true);
            writeBytes(Json.write(told.alert()), out);
        } else if (event instanceof BackfillEvent.Done done) {
            out.writeBoolean(false);
            out.writeLong(done.people());
            out.writeLong(done.minutes());
            out.writeLong(done.readings());
            out.writeLong(done.alerts());
        }
    }

    private static BackfillEvent readBackfillEvent(DataInput in) throws IOException {
        int chunk = in.readInt();
        return in.readBoolean()
                ? new BackfillEvent.Told(chunk, Json.read(readBytes(in), Alert.class))
                : new BackfillEvent.Done(
                        chunk, in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
