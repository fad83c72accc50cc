package hrm.patterns.check;

import java.util.Collection;
import java.util.Locale;

/** Finds the word that somebody meant. */
public final class Spelling {
    private Spelling() {}

    /** {@code Did you mean 'bpm'?}, or empty when nothing is near. */
    public static String suggest(String word, Collection<String> known) {
        String nearest = nearest(word, known);
        return nearest == null ? "" : "Did you mean '" + nearest + "'?";
    }

    /**
     * The known word with the fewest slips of the keyboard from this one; null when none is near.
     */
    static String nearest(String word, Collection<String> known) {
        String lower = word.toLowerCase(Locale.ROOT);
        String nearest = null;
        int fewest = Math.max(1, (lower.length() + 1) / 3) + 1;
        for (String candidate : known) {
            int slips = slips(lower, candidate.toLowerCase(Locale.ROOT));
            if (slips < fewest) {
                fewest = slips;
                nearest = candidate;
            }
        }
        if (nearest == null) {
            for (String candidate : known) {
                if (candidate.startsWith(lower + ".") || lower.startsWith(candidate + ".")) {
                    return candidate;
                }
            }
        }
        return nearest;
    }

    /** Letters to insert, delete, replace or swap with their neighbour. */
    private static int slips(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int other = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + other, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
