package hrm.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static Stream<Arguments> messages() {
        return Stream.concat(
                fullyDescribed(),
                // What its alerts look like is the schema of alerts.
                Stream.of(Arguments.of("correction", Samples.correction())));
    }

    static Stream<Arguments> fullyDescribed() {
        return Stream.of(
                Arguments.of("alert", Samples.alert()),
                Arguments.of("alert", Samples.sparseAlert()),
                Arguments.of("baselines", Samples.baselines()),
                Arguments.of("user_profiles", Samples.profiles()),
                Arguments.of("cep_patterns", Samples.patterns()),
                Arguments.of("reevaluation", Samples.reevaluation()),
                Arguments.of("rejected_pattern", Samples.patternRejection()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsValid(String schema, Record message) {
        assertThat(errors(schema, new String(Json.write(message), UTF_8))).isEmpty();
    }

    @Test
    void everyReadingThatIsWrittenIsValid() throws IOException {
        assertThat(errors("reading", new String(ReadingCodec.encode(Samples.reading()), UTF_8)))
                .isEmpty();
        long seed = Long.getLong("hrm.seed", System.nanoTime());
        var messages = new GeneratedMessages(seed);
        for (int i = 0; i < 500; i++) {
            var json = new String(ReadingCodec.encode(messages.reading()), UTF_8);
            assertThat(errors("reading", json)).as("seed %d: %s", seed, json).isEmpty();
        }
        for (var example : schema("reading").get("examples")) {
            assertThat(errors("reading", example.toString())).isEmpty();
        }
    }

    /** Each member of a message, at any depth, made wrong in turn: by type, and by absence. */
    @ParameterizedTest
    @MethodSource("fullyDescribed")
    void aWrongTypeAnywhereIsFound(String schema, Record message) throws IOException {
        var json = MAPPER.readTree(Json.write(message));
        var pointers = new ArrayList<String>();
        collect(json, "", pointers);
        assertThat(pointers).hasSizeGreaterThan(3);
        for (var pointer : pointers) {
            var broken = json.deepCopy();
            int slash = pointer.lastIndexOf('/');
            var parent = (ObjectNode) broken.at(pointer.substring(0, slash));
            var name = pointer.substring(slash + 1);
            var value = parent.get(name);
            if (value.isTextual() || value.isBoolean()) {
                parent.put(name, 4711);
            } else {
                parent.put(name, "no such value");
            }
            assertThat(errors(schema, broken.toString())).as(pointer).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyRequiredFieldIsMissed(String schema, Record message) throws IOException {
        for (var name : schema(schema).get("required")) {
            var json = (ObjectNode) MAPPER.readTree(Json.write(message));
            assertThat(json.remove(name.asText())).isNotNull();
            assertThat(errors(schema, json.toString())).as(name.asText()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "alert         | /revision                   | 0",
                "alert         | /schema_version             | 2",
                "alert         | /event_id                   | \"u1\"",
                "alert         | /onset                      | \"2026-01-31\"",
                "alert         | /state                      | \"CLOSED\"",
                "alert         | /severity                   | \"HIGH\"",
                "alert         | /message                    | \"\"",
                "alert         | /value                      | \"NaN\"",
                "baselines     | /versions/0/state           | \"ready\"",
                "baselines     | /versions/1/cells/0/hour_group | 8",
                "baselines     | /versions/1/cells/0/mad     | -1",
                "user_profiles | /versions/0/time_zone       | \"\"",
                "user_profiles | /versions/0/limit_high      | 120.5",
                "cep_patterns  | /versions/0/version         | 0",
                "reevaluation  | /reason                     | \"late\"",
                "reevaluation  | /user_id                    | \"\"",
                "rejected_pattern | /pattern_id              | \"\"",
                "rejected_pattern | /rejected_at             | \"yesterday\""
            })
    void aValueOutsideItsRangeIsFound(String schema, String pointer, String value)
            throws IOException {
        var message =
                messages()
                        .filter(arguments -> arguments.get()[0].equals(schema))
                        .findFirst()
                        .orElseThrow()
                        .get()[1];
        var json = MAPPER.readTree(Json.write(message));
        int slash = pointer.lastIndexOf('/');
        var parent = json.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), MAPPER.readTree(value));
        } else {
            ((ObjectNode) parent).set(last, MAPPER.readTree(value));
        }
        assertThat(errors(schema, json.toString())).isNotEmpty();
    }

    @Test
    void aResolvedAlertSaysWhyAndWhen() throws IOException {
        for (var name : List.of("reason", "resolved_at")) {
            var json = (ObjectNode) MAPPER.readTree(Json.write(Samples.alert()));
            json.remove(name);
            assertThat(errors("alert", json.toString())).as(name).isNotEmpty();
        }
    }

    /** What the codec refuses for its content the schema refuses, and the other way round. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "user_id         | ''                             | false",
                "user_id         | ' '                            | false",
                "user_id         | 'a\\u0007'                     | false",
                "user_id         | null                           | false",
                "user_id         | 7                              | false",
                "device_id       | null                           | true",
                "device_id       | ''                             | false",
                "timestamp       | 946684800000                   | true",
                "timestamp       | 946684799999                   | false",
                "timestamp       | '2026-01-31T09:15:30.5+01:00'  | true",
                "timestamp       | '2026-01-31T08:15:30'          | false",
                "timestamp       | null                           | false",
                "timestamp       | 1769847330123.5                | false",
                "heart_rate      | 19.4                           | false",
                "heart_rate      | 19.5                           | true",
                "heart_rate      | 300.4                          | true",
                "heart_rate      | 300.5                          | false",
                "heart_rate      | '72'                           | false",
                "heart_rate      | null                           | false",
                "steps           | null                           | true",
                "steps           | -0.5                           | false",
                "steps           | -0.4                           | true",
                "steps           | 32767.4                        | true",
                "steps           | 32767.5                        | false",
                "rr_intervals_ms | []                             | true",
                "rr_intervals_ms | null                           | true",
                "rr_intervals_ms | [199.4]                        | false",
                "rr_intervals_ms | [199.5,3000.4]                 | true",
                "rr_intervals_ms | [3000.5]                       | false",
                "rr_intervals_ms | [null]                         | false",
                "activity        | 7                              | false",
                "sensor_contact  | 1                              | false",
                "confidence      | 1                              | true",
                "confidence      | 1.01                           | false",
                "confidence      | -0.01                          | false",
                "new_field       | {'a':[1]}                      | true"
            })
    void schemaAndCodecAgree(String field, String value, boolean valid) throws IOException {
        var json =
                (ObjectNode)
                        MAPPER.readTree(
                                "{\"user_id\":\"u1\",\"timestamp\":1769847330123,\"heart_rate\":72}");
        json.set(field, MAPPER.readTree(value.replace('\'', '"')));
        assertThat(errors("reading", json.toString()).isEmpty()).as("schema").isEqualTo(valid);
        var decoded =
                ReadingCodec.decode(json.toString().getBytes(UTF_8), GeneratedMessages.RECORD_MS);
        assertThat(decoded.reason() == null).as("codec").isEqualTo(valid);
    }

    @Test
    void idsHaveTheSameLongestLengthInSchemaAndCodec() {
        for (int length : new int[] {128, 129}) {
            var json =
                    "{\"user_id\":\"%s\",\"timestamp\":1769847330123,\"heart_rate\":72}"
                            .formatted("💓".repeat(length));
            assertThat(errors("reading", json).isEmpty()).isEqualTo(length == 128);
            assertThat(ReadingCodec.decode(json.getBytes(UTF_8), 1769847330123L).reason() == null)
                    .isEqualTo(length == 128);
        }
    }

    @Test
    void headersOfARejectionAreValid() throws IOException {
        for (var reason : RejectReason.values()) {
            var json = headers(reason);
            assertThat(errors("rejected_reading", json.toString())).isEmpty();
            for (var name : json.properties()) {
                var broken = json.deepCopy();
                broken.remove(name.getKey());
                assertThat(errors("rejected_reading", broken.toString())).isNotEmpty();
            }
        }
        var broken = headers(RejectReason.NOT_JSON).put(RejectionHeaders.REASON, "UNKNOWN");
        assertThat(errors("rejected_reading", broken.toString())).isNotEmpty();
        broken = headers(RejectReason.NOT_JSON).put(RejectionHeaders.OFFSET, "x");
        assertThat(errors("rejected_reading", broken.toString())).isNotEmpty();
        assertThat(names(headers(RejectReason.NOT_JSON)))
                .isEqualTo(names(schema("rejected_reading").get("properties")));
        assertThat(texts(schema("rejected_reading").at("/properties/hrm-reason/enum")))
                .isEqualTo(constants(RejectReason.class));
    }

    private static ObjectNode headers(RejectReason reason) {
        var headers =
                RejectionHeaders.of(
                        new Rejection(
                                reason,
                                "not JSON: it is empty, at byte 0",
                                new byte[0],
                                Topics.READINGS,
                                3,
                                4_000_000_000L,
                                -1));
        var json = MAPPER.createObjectNode();
        headers.forEach((name, value) -> json.put(name, new String(value, UTF_8)));
        return json;
    }

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of("alert", Alert.class),
                Arguments.of("baselines", Baselines.class),
                Arguments.of("user_profiles", UserProfiles.class),
                Arguments.of("cep_patterns", PatternVersions.class),
                Arguments.of("reevaluation", Reevaluation.class),
                Arguments.of("rejected_pattern", PatternRejection.class));
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordAndSchemaHaveTheSameFieldsAndWords(String schema, Class<?> type) throws IOException {
        compare(schema(schema), schema(schema), type);
    }

    @Test
    void readingAndSchemaHaveTheSameFields() throws IOException {
        var properties = schema("reading").get("properties");
        assertThat(names(MAPPER.readTree(ReadingCodec.encode(Samples.reading()))))
                .isEqualTo(names(properties));
        assertThat(properties).hasSize(Reading.class.getRecordComponents().length);
    }

    private static void compare(JsonNode root, JsonNode schema, Class<?> type) {
        var properties = schema.get("properties");
        var names = new TreeSet<String>();
        for (var component : type.getRecordComponents()) {
            var name = jsonName(component);
            names.add(name);
            var property = properties.get(name);
            assertThat(property).as("%s of %s", name, type).isNotNull();
            compare(root, property, component);
        }
        assertThat(names(properties)).as("%s", type).isEqualTo(names);
        assertThat(names).containsAll(texts(schema.get("required")));
    }

    private static void compare(JsonNode root, JsonNode property, RecordComponent component) {
        var type = component.getType();
        if (type == List.class) {
            type =
                    (Class<?>)
                            ((ParameterizedType) component.getGenericType())
                                    .getActualTypeArguments()[0];
            property = property.get("items");
        }
        if (type.isRecord()) {
            compare(root, root.at(property.get("$ref").asText().substring(1)), type);
        } else if (type.isEnum()) {
            assertThat(texts(property.get("enum"))).as("%s", component).isEqualTo(constants(type));
        }
    }

    /** What a component is called in JSON. */
    static String jsonName(RecordComponent component) {
        return component.getAccessor().getAnnotation(JsonProperty.class).value();
    }

    private static TreeSet<String> constants(Class<?> type) {
        var names = new TreeSet<String>();
        for (var constant : type.getEnumConstants()) {
            names.add(MAPPER.convertValue(constant, String.class));
        }
        return names;
    }

    private static TreeSet<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static TreeSet<String> texts(JsonNode list) {
        var texts = new TreeSet<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void collect(JsonNode json, String pointer, List<String> out) {
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                collect(json.get(i), pointer + "/" + i, out);
            }
        }
        json.properties()
                .forEach(
                        member -> {
                            var path = pointer + "/" + member.getKey();
                            out.add(path);
                            collect(member.getValue(), path, out);
                        });
    }

    private static JsonNode schema(String name) throws IOException {
        try (var in = Json.class.getResourceAsStream("schema/" + name + ".schema.json")) {
            return MAPPER.readTree(in);
        }
    }

    private static final HashMap<String, Schema> SCHEMAS = new HashMap<>();

    private static List<String> errors(String name, String json) {
        var schema =
                SCHEMAS.computeIfAbsent(
                        name,
                        key -> {
                            try {
                                return REGISTRY.getSchema(schema(key).toString());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        return schema
                .validate(
                        json,
                        InputFormat.JSON,
                        context ->
                                context.executionConfig(
                                        config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void everySchemaIsItselfValid() throws IOException {
        var metaSchema =
                REGISTRY.getSchema(
                        com.networknt.schema.SchemaLocation.of(
                                "https://json-schema.org/draft/2020-12/schema"));
        for (var name :
                Arrays.asList(
                        "reading",
                        "rejected_reading",
                        "alert",
                        "baselines",
                        "user_profiles",
                        "cep_patterns",
                        "reevaluation",
                        "rejected_pattern")) {
            assertThat(metaSchema.validate(schema(name).toString(), InputFormat.JSON))
                    .as(name)
                    .isEmpty();
        }
    }
}
