package hrm.importers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The first line of a CSV file, by which the others are read. Columns may stand in any order. */
public final class CsvHeader {
    private final List<String> columns;
    private final List<String> unknown = new ArrayList<>();

    /**
     * @param line the header
     * @param known names of columns that mean something
     * @param otherNames other names of these
     * @throws IllegalArgumentException when it cannot be read or names a column twice
     */
    public CsvHeader(byte[] line, Collection<String> known, Map<String, String> otherNames) {
        List<String> fields;
        try {
            fields = CsvReadings.split(new String(line, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line 1: " + e.getMessage(), e);
        }
        columns =
                fields.stream()
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .map(name -> otherNames.getOrDefault(name, name))
                        .toList();
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            if (!known.contains(column)) {
                unknown.add(column);
            } else if (columns.indexOf(column) != i) {
                throw new IllegalArgumentException(
                        "line 1: the column '" + column + "' is there twice.");
            }
        }
    }

    public boolean has(String column) {
        return columns.contains(column);
    }

    /** Columns that mean nothing; they are ignored. */
    public List<String> unknown() {
        return unknown;
    }

    /**
     * A line's fields that are not empty, by column, without blanks around them.
     *
     * @throws IllegalArgumentException when it does not fit the header
     */
    public Map<String, String> row(byte[] line) {
        var fields = CsvReadings.split(new String(line, UTF_8));
        if (fields.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "has "
                            + fields.size()
                            + (fields.size() == 1 ? " field" : " fields")
                            + " where the header names "
                            + columns.size());
        }
        var row = new HashMap<String, String>();
        for (int i = 0; i < fields.size(); i++) {
            var text = fields.get(i).strip();
            if (!text.isEmpty()) {
                row.put(columns.get(i), text);
            }
        }
        return row;
    }
}
