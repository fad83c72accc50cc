package hrm.importers;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hrm.importers.Intake.Place;
import hrm.model.RejectReason;
import java.io.EOFException;
import java.io.IOException;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * The elements of a JSON file, one after the other: of an array, of the array in an object, or an
 * object a line. A line that is no JSON spoils nothing but itself; in an array what follows cannot
 * be told apart any more.
 */
final class JsonItems {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader TREE = MAPPER.reader();
    private static final ObjectReader LINE =
            TREE.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Fields of the outermost object whose arrays are the file's elements. */
    private static final Set<String> HOLDERS = Set.of("entry", "body", "data");

    private final Source source;
    private final Intake intake;
    private final Visitor visitor;

    /** Gets each element. */
    interface Visitor {
        void item(JsonNode item, Place place);
    }

    private JsonItems(Source source, Intake intake, Visitor visitor) {
        this.source = source;
        this.intake = intake;
        this.visitor = visitor;
    }

    static void read(Source source, Intake intake, Visitor visitor) throws IOException {
        var items = new JsonItems(source, intake, visitor);
        if (isObject(Lines.first(source))) {
            items.readLines();
        } else {
            items.readDocument();
        }
    }

    private static boolean isObject(byte[] line) {
        try {
            return LINE.readTree(line).isObject();
        } catch (IOException e) {
            return false;
        }
    }

    private void readLines() throws IOException {
        try (var lines = Lines.open(source, intake)) {
            for (byte[] line; (line = lines.next()) != null; ) {
                var place = Place.line(source, lines.number(), line);
                JsonNode item;
                try {
                    item = LINE.readTree(line);
                } catch (JsonProcessingException e) {
                    intake.reject(place, RejectReason.NOT_JSON, why(e));
                    continue;
                }
                visitor.item(item, place);
            }
        }
    }

    private void readDocument() throws IOException {
        try (var parser = MAPPER.getFactory().createParser(source.open())) {
            try {
                for (JsonToken token; (token = parser.nextToken()) != null; ) {
                    if (token == JsonToken.START_ARRAY) {
                        elements(parser);
                    } else if (token == JsonToken.START_OBJECT) {
                        object(parser);
                    } else {
                        one(parser);
                    }
                }
            } catch (JsonProcessingException e) {
                var at = e.getLocation();
                var place = new Place(source, at.getLineNr(), at.getColumnNr(), () -> "");
                var detail = why(e) + "; what follows in this file is not read";
                if (e instanceof JsonEOFException) {
                    intake.reject(place, FileReason.CUT_OFF, detail);
                } else {
                    intake.reject(place, RejectReason.NOT_JSON, detail);
                }
            } catch (EOFException | ZipException e) {
                Lines.cutOff(source, intake, parser.currentLocation().getLineNr(), e);
            }
        }
    }

    private void elements(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            one(parser);
        }
    }

    private void one(JsonParser parser) throws IOException {
        var at = parser.currentTokenLocation();
        JsonNode item = TREE.readTree(parser);
        visitor.item(
                item, new Place(source, at.getLineNr(), at.getColumnNr(), () -> item.toString()));
    }

    /** The outermost one: its elements as they come, or itself when it holds none. */
    private void object(JsonParser parser) throws IOException {
        var at = parser.currentTokenLocation();
        ObjectNode whole = MAPPER.createObjectNode();
        boolean isHolder = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_ARRAY && HOLDERS.contains(name)) {
                isHolder = true;
                elements(parser);
            } else if (isHolder) {
                parser.skipChildren();
            } else {
                whole.set(name, TREE.readTree(parser));
            }
        }
        if (!isHolder) {
            visitor.item(
                    whole,
                    new Place(source, at.getLineNr(), at.getColumnNr(), () -> whole.toString()));
        }
    }

    /** Without the place, and without what Jackson quotes of the content. */
    private static String why(JsonProcessingException e) {
        return "not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("");
    }
}
