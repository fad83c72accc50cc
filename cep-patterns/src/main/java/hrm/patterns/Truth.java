package hrm.patterns;

/**
 * Three-valued logic of conditions, as in SQL: a comparison with an unknown value is unknown, and
 * only true matches. Ints in this order, so that "and" is the smaller, "or" the greater and "not"
 * the mirror image.
 *
 * @see "S. C. Kleene, Introduction to Metamathematics, 1952, section 64"
 */
public final class Truth {
    public static final int FALSE = 0;
    public static final int UNKNOWN = 1;
    public static final int TRUE = 2;

    private Truth() {}

    public static int of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public static int and(int a, int b) {
        return Math.min(a, b);
    }

    public static int or(int a, int b) {
        return Math.max(a, b);
    }

    public static int not(int a) {
        return TRUE - a;
    }
}
