package hrm.patterns.flink;

import static org.assertj.core.api.Assertions.assertThat;

import hrm.patterns.Match;
import hrm.patterns.MatcherState;
import hrm.patterns.Values;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** State as earlier releases wrote it goes on. */
class StateUpgradeTest {
    /**
     * @param readings what had come when the state was written
     * @param next what completes the match
     * @param bytes the state, hexadecimal
     */
    private record Written(String pattern, String readings, String next, String bytes) {}

    static List<Written> format1() {
        return List.of(
                new Written(
                        "a followed_by b times 2..3 within 20s followed_by c overlap_all",
                        "a1=80 a2=81 b3=90 x4 b5=91",
                        "c9=95",
                        "0101000362706d000300000000000003e8040000405400000000000000d00f00405440"
                                + "000000000000a01f00405680000000000000c03e004056c00000000000000401000101"
                                + "0100010102a01f02020101000201000101d00f02020001d00f01010100010202c03e02"
                                + "020102a01f030100000102a01f03020000010002c03e040100000000c03e00010002c0"
                                + "3e0402000000d00fc03ed00f0000000103"),
                new Written(
                        "a followed_by h hold 5s followed_by c all_within 60s",
                        "a1=80 h2=90 h8=91",
                        "c9=95",
                        "0101000362706d010100000000000007d0e05de05d024056c000000000004056800000"
                                + "00000000014056c000000000000100000000000003e8020000405400000000000000b0"
                                + "6d004056c0000000000001010102010001010100010102b06d01010101000201000200"
                                + "02b06d0301000000b06d00"),
                new Written(
                        "h hold 10s",
                        "h1=70 h5=75",
                        "h12=76",
                        "0101000362706d010000000000000003e8c03ec03e024052c000000000004051800000"
                                + "000000000000"));
    }

    @ParameterizedTest
    @MethodSource("format1")
    void stateOfRelease010IsRead(Written written) {
        var pattern = Notation.pattern(written.pattern);
        try (var matcher = new NfaMatcher(pattern.compiled())) {
            var here = matcher.start();
            Notation.readings(written.readings).forEach(one -> advance(matcher, here, one));
            var there = Notation.read(matcher, HexFormat.of().parseHex(written.bytes));
            var next = Notation.readings(written.next).get(0);

            assertThat(advance(matcher, there, next))
                    .isEqualTo(advance(matcher, here, next))
                    .isNotEmpty();
        }
    }

    private static List<Match> advance(
            NfaMatcher matcher, MatcherState state, Notation.Reading reading) {
        var found = new ArrayList<Match>();
        matcher.advance(state, Notation.input(reading, new Values(), 0), found::add);
        return found;
    }
}
