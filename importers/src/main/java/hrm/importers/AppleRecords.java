package hrm.importers;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import hrm.importers.Intake.Place;
import java.io.EOFException;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.zip.ZipException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The records of an {@code export.xml} of Apple Health, one after the other. What is not
 * well-formed spoils its line, and the next record is read all the same.
 */
final class AppleRecords {
    static final String ROOT = "HealthData";

    private static final String RECORD = "Record";
    private static final String MOTION = "HKMetadataKeyHeartRateMotionContext";
    private static final XMLInputFactory XML = factory();

    private final Source source;
    private final Intake intake;
    private final Predicate<String> wanted;
    private final Visitor visitor;
    private final boolean tell;

    /** A record as it stands there; what is not there is null. */
    record Entry(
            String type,
            String sourceName,
            String unit,
            String value,
            String startDate,
            String endDate,
            String motion) {
        /** As text, so that it can be looked at. */
        @Override
        public String toString() {
            return "<Record type=\"%s\" sourceName=\"%s\" unit=\"%s\" startDate=\"%s\" endDate=\"%s\" value=\"%s\"/>"
                    .formatted(type, sourceName, unit, startDate, endDate, value);
        }
    }

    /** Gets each record. */
    interface Visitor {
        void entry(Entry entry, Place place);
    }

    private AppleRecords(
            Source source, Intake intake, Predicate<String> wanted, boolean tell, Visitor visitor) {
        this.source = source;
        this.intake = intake;
        this.wanted = wanted;
        this.tell = tell;
        this.visitor = visitor;
    }

    /**
     * @param wanted types of records that are visited
     * @param tell whether the intake hears of what is broken: once is enough
     */
    static void read(
            Source source, Intake intake, Predicate<String> wanted, boolean tell, Visitor visitor)
            throws IOException {
        new AppleRecords(source, intake, wanted, tell, visitor).read();
    }

    private static XMLInputFactory factory() {
        var factory = new WstxInputFactory();
        // There is no document type any more; if one is left, nobody follows it anywhere.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, 1 << 16);
        return factory;
    }

    private void read() throws IOException {
        try (var bytes = source.open()) {
            var text = new ResumableText(bytes, ROOT, RECORD);
            do {
                // To the end, or to a mistake.
            } while (!isRead(text));
        } catch (EOFException | ZipException e) {
            if (tell) {
                Lines.cutOff(source, intake, 0, e);
            }
        }
    }

    private boolean isRead(ResumableText text) throws IOException {
        XMLStreamReader xml = null;
        try {
            xml = XML.createXMLStreamReader(text);
            walk(xml, text);
            return true;
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException broken) {
                throw broken;
            }
            var at = e.getLocation();
            long line = text.line(at == null ? 1 : at.getLineNumber());
            var original = text.lineText(line);
            boolean goesOn = text.resumeAfter(line);
            if (tell) {
                intake.reject(
                        new Place(
                                source,
                                line,
                                at == null ? 0 : at.getColumnNumber(),
                                () -> original),
                        goesOn ? FileReason.NOT_XML : FileReason.CUT_OFF,
                        why(e) + (goesOn ? "" : "; no record follows"));
            }
            return !goesOn;
        }
    }

    /** The first line without where, which the place says. */
    private static String why(XMLStreamException e) {
        return "not well-formed: " + e.getMessage().lines().findFirst().orElse("");
    }

    private void walk(XMLStreamReader xml, ResumableText text) throws XMLStreamException {
        Entry entry = null;
        Place place = null;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                var element = xml.getLocalName();
                if (element.equals(RECORD)) {
                    entry = entry(xml);
                    if (entry != null) {
                        place = place(xml, text, entry);
                    }
                } else if (entry != null
                        && element.equals("MetadataEntry")
                        && MOTION.equals(xml.getAttributeValue(null, "key"))) {
                    entry = with(xml.getAttributeValue(null, "value"), entry);
                }
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && entry != null
                    && xml.getLocalName().equals(RECORD)) {
                visitor.entry(entry, place);
                entry = null;
            }
        }
    }

    private Place place(XMLStreamReader xml, ResumableText text, Entry entry) {
        var at = xml.getLocation();
        return new Place(
                source, text.line(at.getLineNumber()), at.getColumnNumber(), entry::toString);
    }

    /** Null for one that is not wanted. */
    private Entry entry(XMLStreamReader xml) {
        var type = xml.getAttributeValue(null, "type");
        if (type == null || !wanted.test(type)) {
            if (tell) {
                intake.other();
            }
            return null;
        }
        return new Entry(
                type,
                xml.getAttributeValue(null, "sourceName"),
                xml.getAttributeValue(null, "unit"),
                xml.getAttributeValue(null, "value"),
                xml.getAttributeValue(null, "startDate"),
                xml.getAttributeValue(null, "endDate"),
                null);
    }

    private static Entry with(String motion, Entry entry) {
        return new Entry(
                entry.type(),
                entry.sourceName(),
                entry.unit(),
                entry.value(),
                entry.startDate(),
                entry.endDate(),
                motion);
    }
}
