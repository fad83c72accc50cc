package hrm.functions.judgement;

import hrm.functions.Packed;
import hrm.functions.detection.Jump;
import hrm.functions.detection.Sensor;
import hrm.functions.features.Features;
import hrm.functions.features.Minutes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is remembered of one device of one person. Times in milliseconds since the epoch. */
final class DeviceState {
    /** A clock that has not started. */
    static final long NEVER = Long.MIN_VALUE;

    /** Timestamp of the newest processed reading: this device's own clock. */
    long clockMs = NEVER;

    /** Wall clock at the newest reading's arrival. */
    long arrivedMs = NEVER;

    /** The newest change of the catalogue that was met. */
    long metChange;

    /** Number of the newest record that marked a stretch. */
    long markNumber;

    /** What must be judged again, by UTC day of its beginning (days since the epoch). */
    final TreeMap<Long, Marked> marked;

    final Features features;
    final Jump jump;
    final Sensor sensor;
    final Minutes minutes;

    /** By pattern; only those with something to remember. */
    final List<PatternTrack> tracks;

    DeviceState() {
        this(
                new TreeMap<>(),
                new Features(),
                new Jump(),
                new Sensor(),
                new Minutes(),
                new ArrayList<>());
    }

    private DeviceState(
            TreeMap<Long, Marked> marked,
            Features features,
            Jump jump,
            Sensor sensor,
            Minutes minutes,
            List<PatternTrack> tracks) {
        this.marked = marked;
        this.features = features;
        this.jump = jump;
        this.sensor = sensor;
        this.minutes = minutes;
        this.tracks = tracks;
    }

    PatternTrack track(String patternId) {
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).patternId().equals(patternId)) {
                return tracks.get(i);
            }
        }
        return null;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(clockMs);
        out.writeLong(arrivedMs);
        Packed.writeLong(out, metChange);
        out.writeInt(marked.size());
        for (var mark : marked.values()) {
            mark.write(out);
        }
        Packed.writeLong(out, markNumber);
        features.write(out);
        jump.write(out);
        sensor.write(out);
        minutes.write(out);
        out.writeInt(tracks.size());
        for (var track : tracks) {
            track.write(out);
        }
    }

    static DeviceState read(DataInput in, int format) throws IOException {
        long clockMs = in.readLong();
        long arrivedMs = in.readLong();
        long metChange = format < 2 ? 0 : Packed.readLong(in);
        var marked = new TreeMap<Long, Marked>();
        for (int left = in.readInt(); left > 0; left--) {
            var mark = format < 4 ? Marked.readEarlier(in, clockMs) : Marked.read(in);
            marked.put(mark.day(), mark);
        }
        long markNumber = format < 4 ? 0 : Packed.readLong(in);
        var features = Features.read(in);
        var jump = Jump.read(in);
        var sensor = Sensor.read(in);
        var minutes = Minutes.read(in);
        var tracks = new ArrayList<PatternTrack>();
        for (int left = in.readInt(); left > 0; left--) {
            tracks.add(PatternTrack.read(in, format));
        }
        var device = new DeviceState(marked, features, jump, sensor, minutes, tracks);
        device.clockMs = clockMs;
        device.arrivedMs = arrivedMs;
        device.metChange = metChange;
        device.markNumber = markNumber;
        return device;
    }

    DeviceState copy() {
        var copies = new ArrayList<PatternTrack>(tracks.size());
        tracks.forEach(track -> copies.add(track.copy()));
        var marks = new TreeMap<Long, Marked>();
        marked.forEach((day, mark) -> marks.put(day, mark.copy()));
        var copy =
                new DeviceState(
                        marks, features.copy(), jump.copy(), sensor.copy(), minutes.copy(), copies);
        copy.clockMs = clockMs;
        copy.arrivedMs = arrivedMs;
        copy.metChange = metChange;
        copy.markNumber = markNumber;
        return copy;
    }
}
