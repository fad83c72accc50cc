package hrm.jobs;

import hrm.sinks.JdbcOptions;
import hrm.sinks.KafkaOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.client.program.ProgramParametrizationException;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * What every job is told. Each option is declared once; {@code --checkpoint-interval 10s} is also
 * {@code HRM_CHECKPOINT_INTERVAL=10s}. Secrets come from the environment or a file only.
 */
public class JobOptions {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:9092",
            description = "Kafka's bootstrap servers. Default: ${DEFAULT-VALUE}")
    String bootstrapServers;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties for Kafka's clients, as its own tools take them:"
                            + " security.protocol, sasl.*, ssl.*")
    Path kafkaConfig;

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            defaultValue = "jdbc:postgresql://localhost:5432/hrm",
            description = "The database. Default: ${DEFAULT-VALUE}")
    String jdbcUrl;

    @Option(
            names = "--jdbc-user",
            paramLabel = "USER",
            defaultValue = "hrm",
            description = "Its user. Default: ${DEFAULT-VALUE}")
    String jdbcUser;

    @Option(
            names = "--jdbc-password-file",
            paramLabel = "FILE",
            description =
                    "File with the user's password. Or set HRM_JDBC_PASSWORD; there is no flag for"
                            + " the password itself, since process lists show flags")
    Path jdbcPasswordFile;

    @Option(
            names = "--wait-for",
            paramLabel = "DURATION",
            defaultValue = "60s",
            description =
                    "How long to wait at the start for Kafka and its topics (and, before learning"
                            + " baselines, the database), so that a stack may be started in any"
                            + " order; 0s not at all. Default: ${DEFAULT-VALUE}")
    Duration waitFor;

    @Option(names = "--help", usageHelp = true, description = "Show this and stop.")
    boolean help;

    public String bootstrapServers() {
        return bootstrapServers;
    }

    Properties kafkaClient() {
        try {
            return KafkaAccess.read(kafkaConfig);
        } catch (IOException e) {
            throw new JobException(
                    "--kafka-config: cannot read " + kafkaConfig + " (" + e.getMessage() + ")", e);
        }
    }

    KafkaOptions kafka() {
        return new KafkaOptions(bootstrapServers, kafkaClient());
    }

    public JdbcOptions database() {
        try {
            return JdbcOptions.of(jdbcUrl, jdbcUser, jdbcPassword());
        } catch (IllegalArgumentException e) {
            throw new JobException("--jdbc-url: " + e.getMessage(), e);
        }
    }

    /** Who started a run, where nothing else is said. */
    static String personAndMachine() {
        return System.getProperty("user.name") + " on " + machine();
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a machine without a name";
        }
    }

    private String jdbcPassword() {
        if (jdbcPasswordFile == null) {
            var password = System.getenv("HRM_JDBC_PASSWORD");
            return password == null ? "" : password;
        }
        try {
            return Files.readString(jdbcPasswordFile).strip();
        } catch (IOException e) {
            throw new JobException(
                    "--jdbc-password-file: cannot read "
                            + jdbcPasswordFile
                            + " ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /**
     * Fills options from flags, then the environment, then defaults.
     *
     * @throws ProgramParametrizationException with the usage, which Flink's client prints as it is
     */
    static <T extends JobOptions> T parse(T options, String... args)
            throws ProgramParametrizationException {
        var command = commandLine(options);
        try {
            command.parseArgs(args);
        } catch (ParameterException e) {
            throw new ProgramParametrizationException(
                    said(e, args) + "\nAll options: --help, or docs/options.md");
        }
        if (options.help) {
            var text = new StringWriter();
            command.usage(new PrintWriter(text));
            throw new ProgramParametrizationException(text.toString());
        }
        return options;
    }

    /** What is wrong, under the name that was used: the flag, or the environment variable. */
    private static String said(ParameterException e, String... args) {
        if (!(e.getArgSpec() instanceof OptionSpec option)) {
            return e.getMessage();
        }
        var flag = option.longestName();
        boolean asFlag =
                Arrays.stream(args).anyMatch(a -> a.equals(flag) || a.startsWith(flag + "="));
        var name = asFlag ? flag : environmentName(flag);
        // Of "Invalid value for option '--x' (LABEL): why" only why; the rest is the name.
        return e.getMessage().startsWith("Invalid value")
                ? name + e.getMessage().substring(e.getMessage().indexOf(": "))
                : e.getMessage();
    }

    /** The constant of that name, as flags spell it: {@code at-least-once}. */
    static <E extends Enum<E>> E oneOf(Class<E> type, String flag, String text)
            throws ProgramParametrizationException {
        for (var constant : type.getEnumConstants()) {
            if (spelled(constant).equals(text.strip())) {
                return constant;
            }
        }
        var known = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            known.add(spelled(constant));
        }
        throw new ProgramParametrizationException(
                flag + ": '" + text + "' is unknown. Write " + String.join(" or ", known) + ".");
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For help and {@code docs/options.md}. */
    public static CommandLine commandLine(JobOptions options) {
        return new CommandLine(options)
                .registerConverter(Duration.class, new Durations())
                .setDefaultValueProvider(new Environment())
                .setUsageHelpWidth(100);
    }

    /** {@code --checkpoint-interval} is {@code HRM_CHECKPOINT_INTERVAL}. */
    public static String environmentName(String flag) {
        return "HRM_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static final class Environment implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option && !option.usageHelp()
                    ? System.getenv(environmentName(option.longestName()))
                    : null;
        }
    }

    /** {@code 500ms 10s 5m 1h 28d}; a number alone is refused. */
    static final class Durations implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d+)(ms|s|m|h|d)");

        @Override
        public Duration convert(String text) {
            var form = FORM.matcher(text.strip());
            if (!form.matches()) {
                throw new TypeConversionException(
                        text.matches("\\d+")
                                ? "'" + text + "' has no unit. Write " + text + "s or 1m."
                                : "'"
                                        + text
                                        + "' is no duration. Write 500ms, 10s, 5m, 1h or 28d.");
            }
            long amount = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
    }
}
