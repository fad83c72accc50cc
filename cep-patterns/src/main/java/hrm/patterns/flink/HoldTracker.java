package hrm.patterns.flink;

import hrm.patterns.Hold;
import hrm.patterns.Input;
import hrm.patterns.Name;
import hrm.patterns.flink.Captured.Stretch;
import hrm.patterns.spec.Step;
import java.util.List;

/** The running stretch of one hold step on one device. */
final class HoldTracker extends Tracker {
    final Hold hold;

    /** Captured values of the stretch's first input. */
    double[] first;

    /** What partial matches that took this stretch see of it; null when none has. */
    Stretch taken;

    HoldTracker() {
        this(new Hold());
    }

    HoldTracker(Hold hold) {
        this.hold = hold;
    }

    void advance(int truth, Input input, long maxGapMs, List<Name> names) {
        long before = hold.sinceMs();
        if (!hold.advance(truth, input, maxGapMs)) {
            first = null;
            started = false;
            taken = null;
        } else if (hold.sinceMs() != before) {
            first = Captured.values(input, names);
            started = false;
            taken = null;
        } else if (taken != null) {
            refresh(input, names);
        }
    }

    @Override
    boolean isRunning() {
        return hold.isRunning();
    }

    @Override
    boolean isDue(Step step, Captured before, int stepBefore) {
        long notBeforeMs = before == null ? Long.MIN_VALUE : before.lastEndMs(stepBefore);
        return hold.isRunning() && hold.lastedMs(notBeforeMs) >= step.hold().toMillis();
    }

    @Override
    Stretch take(Input input, List<Name> names) {
        if (taken == null) {
            taken = new Stretch(hold.sinceMs(), first);
            refresh(input, names);
        }
        return taken;
    }

    private void refresh(Input input, List<Name> names) {
        taken.lastStartMs = hold.lastStartMs();
        taken.lastEndMs = hold.lastEndMs();
        taken.count = hold.count();
        taken.last = Captured.values(input, names);
    }
}
