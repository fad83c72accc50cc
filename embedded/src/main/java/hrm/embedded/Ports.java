package hrm.embedded;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on the loopback address. */
public final class Ports {
    static final String LOOPBACK = "127.0.0.1";

    /**
     * Below those that systems give to outgoing connections (from 32768 on Linux, 49152 on macOS):
     * one that a killed process leaves is then still free when it starts again.
     */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_767;

    /** Not getLoopbackAddress: that may be IPv6, and all of ours listen on this one. */
    private static final InetAddress LOOPBACK_ADDRESS = loopbackAddress();

    /** Held as long as this JVM lives. */
    private static final Queue<DatagramSocket> MARKS = new ConcurrentLinkedQueue<>();

    private Ports() {}

    private static InetAddress loopbackAddress() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A port that nobody listens on, and that no other process is given by this while we live. */
    public static int free() {
        return free(1).get(0);
    }

    /** That many different ones. */
    static List<Integer> free(int count) {
        var ports = new ArrayList<Integer>();
        for (int tries = 0; ports.size() < count; tries++) {
            if (tries > 100 * count) {
                throw new StartFailure(
                        "No free port on %s between %d and %d".formatted(LOOPBACK, FIRST, LAST));
            }
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (claim(port)) {
                ports.add(port);
            }
        }
        return ports;
    }

    /**
     * Between now and the moment when a child listens on it, and while that restarts, nothing shows
     * that a port is spoken for. So its number is marked by UDP, which nobody uses here: the mark
     * is seen by every process of this machine, and goes with ours however that ends.
     */
    private static boolean claim(int port) {
        DatagramSocket mark;
        try {
            mark = new DatagramSocket(port, LOOPBACK_ADDRESS);
        } catch (SocketException marked) {
            return false;
        }
        try (var listener = new ServerSocket(port, 1, LOOPBACK_ADDRESS)) {
            return listener.isBound() && MARKS.add(mark);
        } catch (IOException taken) {
            mark.close();
            return false;
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
}
