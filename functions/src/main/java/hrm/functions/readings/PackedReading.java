package hrm.functions.readings;

import hrm.functions.Packed;
import hrm.model.Reading;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A reading in few bytes: those that say heart rate and steps alone take about six. */
final class PackedReading {
    private static final int ACTIVITY = 1;
    private static final int RR = 2;
    private static final int CONTACT_KNOWN = 4;
    private static final int CONTACT = 8;
    private static final int CONFIDENCE = 16;

    private PackedReading() {}

    static void write(Reading reading, long minuteMs, DataOutput out) throws IOException {
        int[] rr = reading.rrIntervalsMs();
        Boolean contact = reading.sensorContact();
        out.writeByte(
                (reading.activity() == null ? 0 : ACTIVITY)
                        | (rr == null ? 0 : RR)
                        | (contact == null ? 0 : CONTACT_KNOWN)
                        | (contact != null && contact ? CONTACT : 0)
                        | (Double.isNaN(reading.confidence()) ? 0 : CONFIDENCE));
        Packed.writeLong(out, reading.timestampMs() - minuteMs);
        Packed.writeInt(out, reading.bpm());
        Packed.writeInt(out, reading.steps());
        if (reading.activity() != null) {
            out.writeUTF(reading.activity());
        }
        if (rr != null) {
            Packed.writeInt(out, rr.length);
            for (int interval : rr) {
                Packed.writeInt(out, interval);
            }
        }
        if (!Double.isNaN(reading.confidence())) {
            Packed.writeNumber(out, reading.confidence());
        }
    }

    static Reading read(String userId, String deviceId, long minuteMs, DataInput in)
            throws IOException {
        int has = in.readByte();
        long timestampMs = minuteMs + Packed.readLong(in);
        int bpm = Packed.readInt(in);
        int steps = Packed.readInt(in);
        String activity = (has & ACTIVITY) == 0 ? null : in.readUTF();
        int[] rr = null;
        if ((has & RR) != 0) {
            rr = new int[Packed.readInt(in)];
            for (int i = 0; i < rr.length; i++) {
                rr[i] = Packed.readInt(in);
            }
        }
        Boolean contact = (has & CONTACT_KNOWN) == 0 ? null : (Boolean) ((has & CONTACT) != 0);
        double confidence = (has & CONFIDENCE) == 0 ? Double.NaN : Packed.readNumber(in);
        return new Reading(
                userId, deviceId, timestampMs, bpm, steps, activity, rr, contact, confidence);
    }
}
