package hrm.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL refuses to run as root, so root starts it as somebody else. */
enum UnprivilegedUser {
    /** An ordinary user needs nothing. */
    OURSELVES(),

    /** A user namespace of its own: not root in there, root's rights on files outside. */
    NAMESPACE("unshare", "-U"),

    /**
     * Where containers forbid that: "nobody", who must own the data, with the one right to enter
     * folders that are root's alone.
     */
    NOBODY(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override");

    private static final int NOBODY_ID = 65534;

    @SuppressWarnings("ImmutableEnumChecker") // by List.of
    private final List<String> prefix;

    UnprivilegedUser(String... prefix) {
        this.prefix = List.of(prefix);
    }

    static UnprivilegedUser ofThisProcess() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return OURSELVES;
        }
        return Stream.of(NAMESPACE, NOBODY)
                .filter(way -> way.runs("true"))
                .findFirst()
                .orElseThrow(
                        () ->
                                new StartFailure(
                                        "PostgreSQL refuses to run as root, and neither '%s' nor '%s' works here. Run as an ordinary user."
                                                .formatted(
                                                        String.join(" ", NAMESPACE.prefix),
                                                        String.join(" ", NOBODY.prefix))));
    }

    /**
     * @return this
     * @throws StartFailure if this user cannot run the program
     */
    UnprivilegedUser checked(Path program) {
        if (!runs(program.toString(), "--version")) {
            throw new StartFailure(
                    "%s does not run here. Try it: %s --version".formatted(program, program));
        }
        return this;
    }

    /** What to put before a command. */
    List<String> prefix() {
        return prefix;
    }

    /** Gives an empty folder to this user. */
    void own(Path folder) throws IOException {
        if (this == NOBODY) {
            Files.setAttribute(folder, "unix:uid", NOBODY_ID);
            Files.setAttribute(folder, "unix:gid", NOBODY_ID);
        }
    }

    private boolean runs(String... command) {
        var all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        try {
            return new ProcessBuilder(all)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
