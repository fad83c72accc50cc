package hrm.launcher;

import hrm.importers.Format;
import hrm.importers.Import;
import hrm.importers.Intake;
import hrm.model.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** History from files into the store. */
@Command(
        name = "import",
        description = "Loads history from files into the database.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  hrm readings import apple-health-export.zip --user anna",
            "  hrm readings import recordings/ --time-zone Europe/Berlin --dry-run",
            "",
            "Formats: csv (as hrm send takes it, and recordings USER.hr.csv), fitbit,",
            "apple-health, fhir, open-mhealth: docs/history.md. Importing a file twice does no",
            "harm; after Ctrl-C run it again. Nobody is judged by what is imported, and no alert",
            "is sent. Exit code 1 when something was set aside."
        })
final class ReadingsImport implements Callable<Integer> {
    private static final int SHOWN_FILES = 5;
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Spec CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files, folders and zip archives; files may be gzipped.")
    List<Path> paths;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description =
                    "csv, fitbit, apple-health, fhir, open-mhealth. Default: as each file looks")
    String format;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Whose readings they are, where the file names nobody.")
    String user;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "Which device they are of, where the file names none.")
    String device;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = "Of times that have none. Default: ${DEFAULT-VALUE}")
    String timeZone;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description = {
                "Gets what is set aside, a JSON object a line.",
                "Default: hrm-rejects-TIME.jsonl here, if there is any"
            })
    Path rejects;

    @Option(names = "--dry-run", description = "Read and check everything; write nothing.")
    boolean dryRun;

    @Mixin DatabaseOption database;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final long began = System.nanoTime();
    private volatile boolean stopping;
    private final AtomicLong accepted = new AtomicLong();
    private Screen screen;

    @Override
    public Integer call() throws IOException, SQLException {
        var defaults = defaults();
        var by = format();
        screen = new Screen(spec.commandLine().getErr(), System.console() != null, Hrm.ansi(spec));
        try (var files = Import.open(paths, by);
                var setAside = new RejectsFile(rejectsFile())) {
            sayWhatIsRead(files);
            if (files.formats().isEmpty()) {
                throw new Failure("There is no file of a known format in " + paths(paths) + ".");
            }
            try (var connection = dryRun ? null : database.connect()) {
                return run(files, defaults, setAside, connection);
            }
        }
    }

    private Intake.Defaults defaults() {
        ZoneId zone;
        try {
            zone = TimeZones.parse(timeZone);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--time-zone: " + e.getMessage());
        }
        if (user != null) {
            UserIds.problem(user)
                    .ifPresent(
                            problem -> {
                                throw new ParameterException(
                                        spec.commandLine(), "--user: " + problem);
                            });
        }
        return new Intake.Defaults(user, device, zone);
    }

    private Format format() {
        var names = Format.ALL.stream().map(Format::name).toList();
        if (format.equals("auto")) {
            return null;
        }
        return Format.ALL.stream()
                .filter(one -> one.name().equals(format.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ParameterException(
                                        spec.commandLine(),
                                        "--format '"
                                                + format
                                                + "': write auto, "
                                                + String.join(", ", names)
                                                + "."));
    }

    private Path rejectsFile() {
        return rejects != null
                ? rejects
                : Path.of(
                        "hrm-rejects-"
                                + DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss")
                                        .format(LocalDateTime.now())
                                + ".jsonl");
    }

    private void sayWhatIsRead(Import files) {
        files.formats()
                .forEach(
                        (name, count) ->
                                screen.line(name + ": " + Words.count(count, "file", "files")));
        var unknown = files.unrecognised();
        if (!unknown.isEmpty()) {
            screen.line(
                    "Of no known format, left out: "
                            + unknown.stream().limit(SHOWN_FILES).collect(Collectors.joining(", "))
                            + (unknown.size() > SHOWN_FILES
                                    ? " and " + (unknown.size() - SHOWN_FILES) + " more"
                                    : ""));
        }
    }

    private static String paths(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private int run(
            Import files, Intake.Defaults defaults, RejectsFile setAside, Connection connection)
            throws IOException, SQLException {
        var store = new ReadingStore(connection);
        var intake =
                new Intake(
                        defaults,
                        System.currentTimeMillis(),
                        reading -> store(store, reading),
                        setAside::add);
        var atCtrlC = new Thread(() -> stop(files), "hrm-import-stopping");
        Runtime.getRuntime().addShutdownHook(atCtrlC);
        var progress = new Thread(() -> showProgress(files), "hrm-import-progress");
        progress.setDaemon(true);
        progress.start();
        try {
            try {
                files.run(intake);
            } catch (CancellationException e) {
                screen.line("Stopped. What was read is written; the same command goes on.");
            } catch (Unwritable e) {
                throw e.cause;
            }
            progress.interrupt();
            screen.endStatus();
            store.finish();
            setAside.close();
            return summary(intake, store, setAside);
        } finally {
            progress.interrupt();
            finished.countDown();
            forget(atCtrlC);
        }
    }

    /** Carries a refusal of the database through whoever reads the file. */
    private static final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient SQLException cause;

        Unwritable(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private void store(ReadingStore store, Reading reading) {
        accepted.incrementAndGet();
        try {
            store.add(reading);
        } catch (SQLException e) {
            throw new Unwritable(e);
        }
    }

    /** At Ctrl-C: waits until what was read is written and told. */
    private void stop(Import files) {
        stopping = true;
        files.cancel();
        try {
            if (!finished.await(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                screen.line("The database did not answer in time; run the same command again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running.
        }
    }

    private void showProgress(Import files) {
        long total = files.totalBytes();
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(500);
                long read = files.readBytes();
                double seconds = (System.nanoTime() - began) / 1e9;
                double rate = read / seconds;
                screen.status(
                        "%s of %s (%.0f %%), %s/s, %s to go; %s"
                                .formatted(
                                        bytes(read),
                                        bytes(total),
                                        100.0 * read / Math.max(1, total),
                                        bytes(Math.round(rate)),
                                        Words.duration(
                                                Duration.ofSeconds(
                                                        Math.round(
                                                                Math.max(0, total - read)
                                                                        / Math.max(1, rate)))),
                                        Words.count(accepted.get(), "reading", "readings")));
            }
        } catch (InterruptedException e) {
            // It is over.
        }
    }

    private static String bytes(long bytes) {
        return bytes < 1_000_000
                ? Words.number(bytes / 1e3) + " kB"
                : bytes < 1_000_000_000
                        ? Words.number(bytes / 1e6) + " MB"
                        : Words.number(bytes / 1e9) + " GB";
    }

    private int summary(Intake intake, ReadingStore store, RejectsFile setAside) {
        var out = spec.commandLine().getOut();
        var took = Duration.ofNanos(System.nanoTime() - began);
        var line = new StringBuilder(dryRun ? "would import " : "imported ");
        line.append(Words.count(intake.accepted(), "reading", "readings"));
        if (intake.accepted() > 0) {
            line.append(" of ").append(Words.count(store.people(), "person", "people"));
            line.append(", ").append(time(store.first())).append(" to ").append(time(store.last()));
            line.append(" UTC");
        }
        line.append(", in ").append(Words.number(took.toMillis() / 1000.0)).append(" s");
        out.println(line);
        if (!dryRun) {
            out.println(
                    "new or changed: "
                            + Words.count(store.written(), "minute", "minutes")
                            + ", "
                            + Words.count(store.hours(), "hour", "hours")
                            + " of the roll-up");
        }
        if (store.duplicates() > 0) {
            out.println(
                    "repeated: "
                            + Words.count(store.duplicates(), "reading", "readings")
                            + " of a device and millisecond that one before had");
        }
        if (intake.others() > 0) {
            out.println(
                    "left out: "
                            + Words.count(intake.others(), "record", "records")
                            + " of something else than heart rates");
        }
        var rejected = intake.rejected();
        if (!rejected.isEmpty()) {
            out.println(
                    "set aside: "
                            + rejected.entrySet().stream()
                                    .map(one -> one.getKey() + " " + Words.number(one.getValue()))
                                    .collect(Collectors.joining(", "))
                            + "; see "
                            + setAside.file());
        }
        if (intake.accepted() == 0) {
            screen.line("There was no reading.");
        }
        return rejected.isEmpty() && intake.accepted() > 0 && !stopping ? 0 : 1;
    }

    private static String time(Instant at) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                .withZone(ZoneOffset.UTC)
                .format(at);
    }
}
