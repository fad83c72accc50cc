package hrm.patterns.check;

import hrm.patterns.Name;
import hrm.patterns.spec.Parameter;

/** What a word in an expression stands for. */
public sealed interface Reference {
    /** As a person writes it, {@code first(high).bpm}. */
    String text();

    Name.Type type();

    /** A value of the input that is judged. */
    record Value(Name name) implements Reference {
        @Override
        public String text() {
            return name.text();
        }

        @Override
        public Name.Type type() {
            return name.type();
        }
    }

    record OfParameter(String text, Parameter parameter) implements Reference {
        @Override
        public Name.Type type() {
            if (parameter instanceof Parameter.Number) {
                return Name.Type.NUMBER;
            }
            return parameter instanceof Parameter.Span ? Name.Type.DURATION : Name.Type.TEXT;
        }
    }

    record Let(String text, Name.Type type) implements Reference {}

    /**
     * {@code first(step).name} or {@code last(step).name}.
     *
     * @param step its place in the sequence, from 0
     */
    record OfStep(String text, boolean first, int step, Name name) implements Reference {
        @Override
        public Name.Type type() {
            return name.type();
        }
    }

    /** {@code count(step)}. */
    record Count(String text, int step) implements Reference {
        @Override
        public Name.Type type() {
            return Name.Type.NUMBER;
        }
    }
}
