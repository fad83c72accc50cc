package hrm.launcher;

import hrm.model.Reading;
import hrm.model.ReadingCodec;
import java.util.Optional;

/** What may be a user's id: what the job accepts in a reading. */
final class UserIds {
    private UserIds() {}

    /** Why a text cannot be one; empty when it can. */
    static Optional<String> problem(String userId) {
        long time = ReadingCodec.MIN_TIMESTAMP_MS;
        var reading = Reading.of(userId, Reading.DEFAULT_DEVICE, time, ReadingCodec.MIN_BPM, 0);
        return Optional.ofNullable(
                ReadingCodec.decode(ReadingCodec.encode(reading), time).detail());
    }
}
