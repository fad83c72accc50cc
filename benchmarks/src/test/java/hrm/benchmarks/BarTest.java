package hrm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BarTest {
    @Test
    void saysWhatIsReachedAndWhatIsNot() {
        assertThat(
                        Bar.lines(
                                List.of(
                                        Bar.atLeast("a", 8, 8, 12),
                                        Bar.atLeast("b", Double.NaN, 2),
                                        Bar.atMost("c", 3.01, 3, "us"))))
                .satisfiesExactly(
                        a ->
                                assertThat(a)
                                        .contains("8.00 x", ">= 8.00", "aim 12.00")
                                        .doesNotContain("NOT"),
                        b -> assertThat(b).contains("NOT REACHED"),
                        c -> assertThat(c).contains("3.01 us", "<= 3.00", "NOT REACHED"));
    }
}
