package hrm.launcher;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * One process after another dies while people send, one of them late; the supervisor replaces it.
 */
class PartsDieIT {
    @Test
    void nothingIsLostAndNothingDoubledWhicheverPartDiesAndWhatComesLateIsTold() throws Exception {
        try (var loaded = new LoadedStack()) {
            loaded.sendWhatComesLate();
            for (var part : List.of("Flink's TaskManager", "Flink's JobManager", "Kafka")) {
                LoadedStack.note("kill -9 of " + part);
                loaded.stack.kill(part);
                loaded.stack.awaitWell(Instant.now().plusSeconds(3));
            }
            loaded.requireWhatCameLateIsTold();
            loaded.requireNothingLostAndNothingDoubled(Set.of());
        }
    }
}
