package hrm.functions.swap;

import hrm.functions.swap.SwappedPattern.Kind;
import hrm.functions.swap.SwappedPattern.Version;
import hrm.model.Alert;
import hrm.model.Reading;
import java.util.ArrayList;
import java.util.List;

/**
 * What one device of one person is told of one pattern, by somebody who has all readings before
 * them: each is judged by the version of its time. Looks back over the whole list for every
 * reading; knows nothing of the engine.
 */
final class SwapModel {
    private static final long SIGNAL_LOST_MS = 30 * 60_000;

    private final List<Reading> readings;
    private final SwappedPattern pattern;

    /** What was told, as {@link #line} writes it. */
    final List<String> told = new ArrayList<>();

    private record Open(
            Alert.Mode mode, boolean lasting, long onsetMs, long detectedMs, int version) {}

    private SwapModel(List<Reading> readings, SwappedPattern pattern) {
        this.readings = readings;
        this.pattern = pattern;
    }

    /**
     * @param readings of one device, by time
     */
    static List<String> told(List<Reading> readings, SwappedPattern pattern) {
        var model = new SwapModel(readings, pattern);
        model.judge();
        return model.told;
    }

    static String line(
            Alert.State state,
            Alert.Reason reason,
            Alert.Mode mode,
            int version,
            long onsetMs,
            long detectedMs,
            long resolvedMs) {
        return state
                + (reason == null ? "" : " " + reason)
                + " "
                + mode
                + " v"
                + version
                + " onset "
                + onsetMs
                + " detected "
                + detectedMs
                + " resolved "
                + resolvedMs;
    }

    private void judge() {
        Open open = null;
        long lastMatchMs = 0;
        int mayMatchFrom = 0; // no hold that began to be told earlier tells again
        for (int i = 0; i < readings.size(); i++) {
            var version = version(i);
            long now = time(i);
            if (open != null && open.lasting && i > 0 && now - time(i - 1) >= SIGNAL_LOST_MS) {
                resolve(open, Alert.Reason.SIGNAL_LOST, time(i - 1) + SIGNAL_LOST_MS);
                open = null;
            }
            boolean off = version == null || version.mode() == null;
            if (open != null
                    && (off
                            || open.mode != version.mode()
                            || open.lasting != version.resolveBelow() > 0)) {
                if (open.lasting) {
                    resolve(
                            open,
                            Alert.Reason.PATTERN_CHANGED,
                            Math.max(version.fromMs(), open.detectedMs));
                }
                open = null;
                mayMatchFrom = i;
            }
            if (off) {
                continue;
            }
            int onset = onset(i, mayMatchFrom);
            if (open != null
                    && !open.lasting
                    && now - lastMatchMs >= SwappedPattern.CLEAR_AFTER_MS) {
                open = null;
            }
            boolean wasOpen = open != null;
            if (onset >= 0) {
                lastMatchMs = now;
                if (open == null) {
                    open =
                            new Open(
                                    version.mode(),
                                    version.resolveBelow() > 0,
                                    time(onset),
                                    now,
                                    version.number());
                    told.add(
                            line(
                                    Alert.State.OPENED,
                                    null,
                                    open.mode,
                                    open.version,
                                    open.onsetMs,
                                    now,
                                    open.lasting ? -1 : now));
                }
            }
            if (wasOpen && open.lasting && bpm(i) < version.resolveBelow()) {
                resolve(open, Alert.Reason.RECOVERED, now);
                open = null;
            }
        }
    }

    private void resolve(Open open, Alert.Reason reason, long atMs) {
        told.add(
                line(
                        Alert.State.RESOLVED,
                        reason,
                        open.mode,
                        open.version,
                        open.onsetMs,
                        open.detectedMs,
                        atMs));
    }

    /** The first reading of a match that this one completes; -1 when it completes none. */
    private int onset(int i, int mayMatchFrom) {
        int first = i;
        while (first > 0 && goesOn(first - 1, version(i).kind())) {
            first--;
        }
        return switch (version(i).kind()) {
            case THRESHOLD -> isHigh(i) ? i : -1;
            case PAIR, NEXT -> pair(first, i);
            case HOLD -> held(first, i, mayMatchFrom);
        };
    }

    /** What was begun at this reading is read by a version of that kind. */
    private boolean goesOn(int i, Kind kind) {
        var version = version(i);
        return version != null && version.mode() != null && version.kind() == kind;
    }

    private int pair(int first, int last) {
        int begun = -1;
        for (int i = first; i <= last; i++) {
            var version = version(i);
            if (begun >= 0 && time(i) - time(begun) >= version.spanMs()) {
                begun = -1;
            }
            if (begun >= 0 && bpm(i) < version.low()) {
                if (i == last) {
                    return begun;
                }
                begun = -1;
                continue;
            }
            if (version.kind() == Kind.NEXT) {
                begun = -1;
            }
            if (begun < 0 && isHigh(i)) {
                begun = i;
            }
        }
        return -1;
    }

    private int held(int first, int last, int mayMatchFrom) {
        if (!isHigh(last)) {
            return -1;
        }
        int since = last;
        while (since > first
                && isHigh(since - 1)
                && time(since) - time(since - 1) <= SwappedPattern.MAX_GAP_MS) {
            since--;
        }
        for (int i = Math.max(since, mayMatchFrom); i < last; i++) {
            if (time(i) - time(since) >= version(i).spanMs()) {
                return -1; // told then
            }
        }
        return time(last) - time(since) >= version(last).spanMs() ? since : -1;
    }

    private boolean isHigh(int i) {
        return bpm(i) > version(i).high();
    }

    private Version version(int i) {
        return pattern.at(time(i));
    }

    private long time(int i) {
        return readings.get(i).timestampMs();
    }

    private int bpm(int i) {
        return readings.get(i).bpm();
    }
}
