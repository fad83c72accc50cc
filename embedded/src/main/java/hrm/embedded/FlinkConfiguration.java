package hrm.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The settings of a config.yaml under their full names; nested keys are joined by a dot, as Flink
 * does.
 */
record FlinkConfiguration(SortedMap<String, Object> settings) {
    static final String FILE = "config.yaml";

    FlinkConfiguration {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    static FlinkConfiguration read(Path folder) {
        var file = folder.resolve(FILE);
        try {
            var yaml =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build())
                            .loadFromString(Files.readString(file));
            var settings = new TreeMap<String, Object>();
            flatten("", yaml, settings);
            return new FlinkConfiguration(settings);
        } catch (YamlEngineException broken) {
            throw new StartFailure(file + " is not valid YAML: " + broken.getMessage(), broken);
        } catch (IOException missing) {
            throw new StartFailure("Cannot read " + file, missing);
        }
    }

    private static void flatten(String prefix, Object value, Map<String, Object> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach(
                    (key, inner) ->
                            flatten(prefix.isEmpty() ? "" + key : prefix + "." + key, inner, into));
        } else if (value != null) {
            into.put(prefix, value);
        }
    }

    FlinkConfiguration with(Map<String, String> overrides) {
        var changed = new TreeMap<>(settings);
        changed.putAll(overrides);
        return new FlinkConfiguration(changed);
    }

    FlinkConfiguration without(String prefix) {
        var changed = new TreeMap<>(settings);
        changed.keySet().removeIf(key -> key.startsWith(prefix));
        return new FlinkConfiguration(changed);
    }

    boolean has(String key) {
        return settings.containsKey(key);
    }

    /** A setting's words, such as JVM options; none if it is not set. */
    List<String> words(String key) {
        var value = settings.getOrDefault(key, "").toString().strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s+"));
    }

    void write(Path folder) {
        var yaml =
                new Dump(
                                DumpSettings.builder()
                                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                                        .setWidth(10_000)
                                        .build())
                        .dumpToString(settings);
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(FILE),
                    "# Written at each start from flink-conf/config.yaml and this cluster's own addresses and folders.\n"
                            + yaml);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot write " + folder.resolve(FILE), failure);
        }
    }
}
