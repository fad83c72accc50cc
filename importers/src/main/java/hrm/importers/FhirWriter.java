package hrm.importers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import hrm.model.Reading;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A FHIR R4 Bundle of heart-rate Observations, as the profile of vital signs has them; steps are a
 * component. A reading without a heart rate is left out, and activity, RR intervals, contact and
 * confidence have no place.
 */
final class FhirWriter implements ReadingWriter {
    /** What may stand in a reference; whoever is called otherwise is identified by value. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    private final JsonGenerator json;

    FhirWriter(Writer out) throws IOException {
        json = new JsonFactory().createGenerator(out);
        json.writeStartObject();
        json.writeStringField("resourceType", "Bundle");
        json.writeStringField("type", "collection");
        json.writeArrayFieldStart("entry");
    }

    @Override
    public boolean write(Reading reading) throws IOException {
        if (!reading.hasBpm()) {
            return false;
        }
        // A line each, for those who look.
        json.writeRaw("\n");
        json.writeStartObject();
        json.writeObjectFieldStart("resource");
        json.writeStringField("resourceType", "Observation");
        json.writeStringField("status", "final");
        json.writeArrayFieldStart("category");
        json.writeStartObject();
        coding(
                "http://terminology.hl7.org/CodeSystem/observation-category",
                "vital-signs",
                "Vital Signs");
        json.writeEndObject();
        json.writeEndArray();
        code(FhirFormat.HEART_RATE, "Heart rate");
        named("subject", "Patient/", reading.userId());
        // To the millisecond, or two readings of a second would be one.
        json.writeStringField(
                "effectiveDateTime", Instant.ofEpochMilli(reading.timestampMs()).toString());
        quantity(reading.bpm(), "beats/minute", FhirFormat.PER_MINUTE);
        if (!reading.deviceId().equals(Reading.DEFAULT_DEVICE)) {
            named("device", "Device/", reading.deviceId());
        }
        if (reading.hasSteps()) {
            json.writeArrayFieldStart("component");
            json.writeStartObject();
            code(FhirFormat.STEPS, "Number of steps");
            quantity(reading.steps(), "steps", "{steps}");
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndObject();
        return true;
    }

    private void code(String code, String display) throws IOException {
        json.writeObjectFieldStart("code");
        coding(FhirFormat.LOINC, code, display);
        json.writeEndObject();
    }

    private void coding(String system, String code, String display) throws IOException {
        json.writeArrayFieldStart("coding");
        json.writeStartObject();
        json.writeStringField("system", system);
        json.writeStringField("code", code);
        json.writeStringField("display", display);
        json.writeEndObject();
        json.writeEndArray();
    }

    private void quantity(int value, String unit, String code) throws IOException {
        json.writeObjectFieldStart("valueQuantity");
        json.writeNumberField("value", value);
        json.writeStringField("unit", unit);
        json.writeStringField("system", FhirFormat.UCUM);
        json.writeStringField("code", code);
        json.writeEndObject();
    }

    private void named(String field, String kind, String id) throws IOException {
        json.writeObjectFieldStart(field);
        if (ID.matcher(id).matches()) {
            json.writeStringField("reference", kind + id);
        } else {
            json.writeObjectFieldStart("identifier");
            json.writeStringField("value", id);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    @Override
    public void close() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.close();
    }
}
