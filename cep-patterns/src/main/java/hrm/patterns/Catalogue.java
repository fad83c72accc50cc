package hrm.patterns;

import hrm.patterns.check.PatternLoader;
import hrm.patterns.spec.PatternSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The patterns that are shipped. Their files are in the folder {@code catalogue}. */
public final class Catalogue {
    // Class paths cannot be listed in every jar and class loader; a test compares with the folder.
    private static final List<String> IDS =
            List.of(
                    "extreme-bradycardia",
                    "extreme-tachycardia",
                    "personal-deviation",
                    "resting-bradycardia",
                    "resting-tachycardia",
                    "rise-without-movement",
                    "sensor-fault",
                    "sudden-drop",
                    "sudden-rise-at-rest");

    private Catalogue() {}

    public static List<String> ids() {
        return IDS;
    }

    /** All of them, by id. */
    public static List<PatternSpec> shipped() {
        return IDS.stream().map(Catalogue::pattern).toList();
    }

    /**
     * @throws IllegalArgumentException for an id that is not shipped
     */
    public static PatternSpec pattern(String id) {
        var loaded = PatternLoader.load(id + ".yaml", yaml(id));
        if (!loaded.isFine()) {
            throw new IllegalStateException("A shipped pattern is broken:\n" + loaded.report());
        }
        return loaded.spec();
    }

    /**
     * The file as it is shipped.
     *
     * @throws IllegalArgumentException for an id that is not shipped
     */
    public static String yaml(String id) {
        if (!IDS.contains(id)) {
            throw new IllegalArgumentException(
                    "No pattern '" + id + "' is shipped. There are: " + String.join(", ", IDS));
        }
        try (var file = Catalogue.class.getResourceAsStream("catalogue/" + id + ".yaml")) {
            if (file == null) {
                throw new IllegalStateException(
                        "catalogue/" + id + ".yaml is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
