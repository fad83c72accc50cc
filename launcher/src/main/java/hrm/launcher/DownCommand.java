package hrm.launcher;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The end of a stack that stays, until the next {@code hrm up}. */
@Command(
        name = "down",
        description = "Stops what hrm up has started, with a savepoint.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {"  hrm down", "", "The data stays; the next hrm up goes on where it stopped."})
final class DownCommand implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 240;

    @Spec CommandSpec spec;
    @Mixin FolderOption folder;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var stack = folder.folder();
        var running = stack.running();
        if (running.isEmpty()) {
            out.println("Nothing is up in " + stack.path() + ".");
            return 0;
        }
        var supervisor = ProcessHandle.of(running.get().supervisor());
        var log = new LogFollower(stack.supervisorLog());
        supervisor.ifPresent(ProcessHandle::destroy);
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean alive = supervisor.filter(ProcessHandle::isAlive).isPresent();
            for (var line : log.newLines()) {
                out.println("  " + line.replaceFirst("^\\d{4}-\\S+Z ", ""));
            }
            if (!alive) {
                return 0;
            }
            if (System.nanoTime() > deadline) {
                throw new Failure(
                        "The supervisor, process "
                                + running.get().supervisor()
                                + ", has not ended after "
                                + PATIENCE_SECONDS
                                + " s. What it does: "
                                + stack.supervisorLog()
                                + ". kill -9 of it ends its processes too; the next hrm up goes on"
                                + " from the newest checkpoint.");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
