package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Ports on the loopback address. */
public final class Ports {
    static final String LOOPBACK = "127.0.0.1";

    /** Not getLoopbackAddress: that may be IPv6, and all of ours listen on this one. */
    private static final InetAddress LOOPBACK_ADDRESS = loopbackAddress();

    private Ports() {}

    private static InetAddress loopbackAddress() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A port that nobody listens on now. */
    public static int free() {
        return free(1).get(0);
    }

    /** That many different ones. */
    static List<Integer> free(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            var ports = new ArrayList<Integer>();
            for (int i = 0; i < count; i++) {
                var socket = new ServerSocket(0, 1, LOOPBACK_ADDRESS);
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } catch (IOException failure) {
            throw new UncheckedIOException("No free port on " + LOOPBACK, failure);
        } finally {
            held.forEach(Ports::close);
        }
    }

    /** The given port, checked, or a free one for 0. */
    static int orFree(int port, String what) {
        if (port == 0) {
            return free();
        }
        if (isOpen(port)) {
            throw new StartFailure(
                    "Port %d is taken, so %s cannot start on it. Stop what uses it or choose another port (0: any free one)."
                            .formatted(port, what));
        }
        return port;
    }

    /** Whether somebody listens on it. */
    public static boolean isOpen(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK_ADDRESS, port), 1000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It was only held to reserve the number.
        }
    }
}
