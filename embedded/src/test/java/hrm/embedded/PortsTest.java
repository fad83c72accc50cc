package hrm.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PortsTest {
    /**
     * So many of 12,768 that two processes without regard for each other would meet a dozen times.
     */
    private static final int MANY = 400;

    @Test
    void twoProcessesAreNeverGivenTheSamePort() throws Exception {
        var other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Taker.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
            var theirs = new ArrayList<Integer>();
            for (int i = 0; i < MANY; i++) {
                theirs.add(Integer.valueOf(out.readLine()));
            }

            var ours = Ports.free(MANY);

            assertThat(ours).doesNotHaveDuplicates().doesNotContainAnyElementsOf(theirs);
            assertThat(theirs).doesNotHaveDuplicates();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Takes ports and keeps them until it is ended. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] args) throws Exception {
            Ports.free(MANY).forEach(System.out::println);
            System.in.read();
        }
    }

    @Test
    void aPortThatIsFreeCanBeListenedOn() throws Exception {
        int port = Ports.free();

        assertThat(Ports.isOpen(port)).isFalse();
        try (var listener =
                new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assertThat(Ports.isOpen(listener.getLocalPort())).isTrue();
        }
    }

    @Test
    void onlyOnesOutsideOfTheRangeOfOutgoingConnectionsAreGiven() throws Exception {
        try (var outgoing = new DatagramSocket()) {
            assertThat(Ports.free(50)).allMatch(port -> port < outgoing.getLocalPort());
        }
    }
}
